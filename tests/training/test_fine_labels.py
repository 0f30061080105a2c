from __future__ import annotations

import numpy as np
import pytest

from marrowscope.training.fine_labels import (
    FINE,
    FINE_IDS,
    WORDS,
    allowed,
    allowed_rows,
    groups,
)
from marrowscope.training.labels import CLASSES

pytestmark = pytest.mark.training


def names(mask: np.ndarray) -> set[str]:
    return {name for name, is_allowed in zip(FINE_IDS, mask, strict=True) if is_allowed}


def test_every_output_belongs_to_one_class() -> None:
    assert (groups().sum(axis=0) == 1).all()
    assert (groups().sum(axis=1) >= 1).all()


def test_an_immature_granulocyte_may_be_any_of_three_stages() -> None:
    given = names(allowed(CLASSES.index("GN"), "IG"))
    assert given == {"promyelocyte", "myelocyte", "metamyelocyte"}


def test_an_unknown_word_allows_all_of_its_class() -> None:
    assert len(names(allowed(CLASSES.index("EN"), "ERB"))) == 4


def test_a_dysplastic_cell_is_never_its_normal_stage() -> None:
    given = names(allowed(CLASSES.index("GD"), "segmented"))
    assert given == {"dysplastic_granulocyte"}


def test_rows_are_as_the_single_cells() -> None:
    rows = allowed_rows(np.array([7, 1, 7]), np.array(["LY", "BNE", "other_nucleated"]))
    assert names(rows[0]) == {"lymphocyte"}
    assert names(rows[1]) == {"band"}
    assert "monocyte" in names(rows[2])
    assert allowed_rows(np.zeros(0, int), np.zeros(0, "U3")).shape == (0, len(FINE))


def test_every_word_names_known_outputs() -> None:
    assert {name for several in WORDS.values() for name in several} <= set(FINE_IDS)
