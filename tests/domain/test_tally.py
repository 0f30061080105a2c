"""Numbers kept up field by field are the numbers of the whole table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.differential import suggested_differential
from marrowscope.domain.growing_table import GrowingTable
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import FineClass, ModelClass, ModelVocabulary
from marrowscope.store.case_file import CaseFile
from tests.domain.cells_of import cells_of

GOLDEN = Path(__file__).parents[1] / "golden"


def fields(vocabulary: ModelVocabulary) -> list[CellTable]:
    return [
        cells_of(vocabulary, {"EN": 3, "GD": 2}, {"g_decreased_granules": 1.0}),
        cells_of(vocabulary, {}),
        cells_of(vocabulary, {"ED": 1, "blast": 4}, {"e_budding": 2.6}),
    ]


def test_tallies_of_fields_add_up_to_the_tally_of_the_case(
    lee_vocabulary: ModelVocabulary,
) -> None:
    parts = fields(lee_vocabulary)
    whole = Tally.of(concatenate(parts), lee_vocabulary)
    sum_of_parts = sum(
        (Tally.of(part, lee_vocabulary) for part in parts[1:]),
        Tally.of(parts[0], lee_vocabulary),
    )
    assert whole.answers.tolist() == sum_of_parts.answers.tolist()
    assert whole.grades.tolist() == sum_of_parts.grades.tolist()
    assert whole.grades[lee_vocabulary.class_ids.index("ED")].tolist() == [0, 0, 0, 1]
    assert whole.grades[lee_vocabulary.class_ids.index("GD")].tolist() == [0, 2, 0, 0]


def test_a_table_with_other_probabilities_names_other_classes(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 2, "GD": 1})
    assert [table.classes[i] for i in table.class_index] == ["EN", "EN", "GD"]
    other = replace(table, probabilities=table.probabilities[::-1])
    assert [other.classes[i] for i in other.class_index] == ["GD", "EN", "EN"]
    assert other.class_score.tolist() == other.probabilities.max(axis=1).tolist()


def test_a_class_without_finer_outputs_is_its_own_answer() -> None:
    vocabulary = ModelVocabulary(
        (
            ModelClass("A", "a", ("band", "segmented"), "granulocytic", False),
            ModelClass("B", "b", ("blast",), "blast", False),
        ),
        (),
        "never",
        (
            FineClass("a1", "a1", "A", ("band",)),
            FineClass("a2", "a2", "A", ("segmented",)),
        ),
    )
    table = cells_of(vocabulary, {"A": 2, "B": 3})
    fine = np.asarray([[0.2, 0.8], [0.7, 0.3], *[[0.1, 0.1]] * 3], np.float32)
    growing = GrowingTable(CellTable.empty(("A", "B"), (), fine=2))
    growing.append(replace(table, fine=fine))
    assert Tally.of(growing.table, vocabulary).answers.tolist() == [1, 1, 3]


def test_cells_kept_before_there_were_finer_outputs_count_by_their_class(
    taxonomy: Taxonomy,
) -> None:
    vocabulary = ModelVocabulary(
        (
            ModelClass("A", "a", ("band", "segmented"), "granulocytic", False),
            ModelClass("B", "b", ("blast",), "blast", False),
        ),
        (),
        "never",
        (
            FineClass("a1", "a1", "A", ("band",)),
            FineClass("a2", "a2", "A", ("segmented",)),
        ),
    )
    old = cells_of(vocabulary, {"A": 2, "B": 3})
    assert old.fine.shape == (5, 0)
    tally = Tally.of(old, vocabulary)
    assert tally.answers.tolist() == [0, 0, 0]
    assert tally.undivided.tolist() == [2, 3]
    said = suggested_differential(tally + tally, vocabulary, taxonomy)
    assert {r.lines: r.count for r in said.rows if r.count} == {
        ("band", "segmented"): 4,
        ("blast",): 6,
    }
    assert said.total == 10


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_case_of_every_version_opens_and_counts(
    version: int, tmp_path: Path, taxonomy: Taxonomy
) -> None:
    path = tmp_path / "old.marrow"
    copyfile(GOLDEN / f"case_v{version}.marrow", path)
    with CaseFile.open(path) as case:
        table, own = case.cells(), case.vocabulary()
    assert own is not None
    beneath = (FineClass("finer", "Finer", own.classes[0].id, own.classes[0].lines),)
    for vocabulary in (own, replace(own, fine=own.fine or beneath)):
        said = suggested_differential(Tally.of(table, vocabulary), vocabulary, taxonomy)
        rows = (*said.rows, *said.outside)
        assert sum(row.count for row in rows) == len(table)


def test_a_growing_table_equals_the_tables_joined(
    lee_vocabulary: ModelVocabulary,
) -> None:
    parts = [part.numbered(100 * i) for i, part in enumerate(fields(lee_vocabulary))]
    growing = GrowingTable(parts[0])
    for part in parts[1:]:
        growing.append(part)
    joined = concatenate(parts)
    assert len(growing) == len(joined)
    np.testing.assert_array_equal(growing.table.strangeness, joined.strangeness)
    for name in {*CellTable.__slots__} - {"strangeness"}:  # NaN is no object's equal
        np.testing.assert_array_equal(
            np.asarray(getattr(growing.table, name), dtype=object),
            np.asarray(getattr(joined, name), dtype=object),
        )


def test_a_table_handed_out_stays_as_it_was_while_more_cells_come(
    lee_vocabulary: ModelVocabulary,
) -> None:
    field = cells_of(lee_vocabulary, {"EN": 700})
    growing = GrowingTable(field)
    before = growing.table
    boxes = before.box.copy()
    for _ in range(4):
        growing.append(field)
    assert len(before) == 700
    assert len(growing.table) == 3500
    np.testing.assert_array_equal(before.box, boxes)


def test_cells_of_another_reader_are_refused(lee_vocabulary: ModelVocabulary) -> None:
    growing = GrowingTable(cells_of(lee_vocabulary, {"EN": 1}))
    with pytest.raises(ValueError, match="different readers"):
        growing.append(CellTable.empty(("A",), ()))
