"""taxonomy.toml and criteria.toml: complete as shipped, refused when wrong."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.geometry import iou_matrix
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from tests.conftest import ERYTHROID, ROOT
from tests.domain.cells_of import cells_of


@pytest.fixture
def taxonomy_data() -> dict:
    return tomllib.loads((ROOT / "resources" / "taxonomy.toml").read_text("utf-8"))


def test_every_line_of_an_icsh_differential_is_there(taxonomy: Taxonomy) -> None:
    assert sum(line.counted for line in taxonomy.lines) == 19
    assert not any(line.counted for line in taxonomy.lines if not line.cell)


def test_a_series_is_called_by_its_name(taxonomy: Taxonomy) -> None:
    assert taxonomy.name_of(tuple(reversed(ERYTHROID))) == "Erythroblasts"
    assert taxonomy.name_of(("band", "blast")) == "Blasts / Band forms"
    assert taxonomy.lineage_of(ERYTHROID) == "erythroid"
    assert taxonomy.lineage_of(("band", "blast")) == "other"


def test_a_taxonomy_that_repeats_a_line_is_refused(taxonomy_data: dict) -> None:
    taxonomy_data["lines"].append(deepcopy(taxonomy_data["lines"][0]))
    with pytest.raises(UnusableSettings, match="blast"):
        Taxonomy.of(taxonomy_data)


def test_a_group_of_unknown_lines_is_refused(taxonomy_data: dict) -> None:
    taxonomy_data["groups"][0]["lines"].append("hobbit")
    with pytest.raises(UnusableSettings, match="hobbit"):
        Taxonomy.of(taxonomy_data)


def test_thresholds_are_exact_fractions(criteria: Criteria) -> None:
    assert criteria.dysplasia_threshold == Fraction(1, 10)
    assert criteria.blast_marks == (Fraction(1, 20), Fraction(1, 10), Fraction(1, 5))
    assert [c.minimum_cells for c in criteria.dysplasia] == [200, 200, 30]


def test_criteria_without_a_threshold_are_refused(taxonomy: Taxonomy) -> None:
    with pytest.raises(UnusableSettings, match="criteria"):
        Criteria.of({"version": "x"}, taxonomy)


def test_tables_joined_and_taken_apart_are_the_same_cells(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 2, "GD": 3})
    halves = [table.select(np.arange(2)), table.select(np.arange(2, 5))]
    joined = concatenate(halves)
    assert [c.class_id for c in joined] == [c.class_id for c in table]
    assert list(joined.id) == list(table.id)


def test_tables_of_different_readers_cannot_be_joined() -> None:
    tables = [CellTable.empty(["a"], []), CellTable.empty(["b"], [])]
    with pytest.raises(ValueError, match="different readers"):
        concatenate(tables)


boxes = st.lists(
    st.tuples(*[st.floats(0, 100)] * 2, *[st.floats(0.5, 50)] * 2),
    min_size=1,
    max_size=5,
)


@given(boxes)
def test_every_box_overlaps_itself_wholly(some: list[tuple[float, ...]]) -> None:
    array = np.asarray(some, np.float32)
    overlap = iou_matrix(array, array)
    assert np.allclose(np.diag(overlap), 1, atol=1e-4)
    assert np.allclose(overlap, overlap.T, atol=1e-5)
    assert ((overlap >= 0) & (overlap <= 1)).all()
