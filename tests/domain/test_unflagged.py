"""Unflagged cells: which they are, how they are drawn, what they yield."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.review import Verdict
from marrowscope.domain.unflagged import (
    UnflaggedCheck,
    drawn_blind,
    unflagged_rows,
    yields,
)
from marrowscope.workflow.models import find_model
from marrowscope.workflow.places import load_taxonomy

CHECK = UnflaggedCheck("erythroid", 7, 300, "a", "now", tuple(range(50)))


def test_unflagged_are_the_normal_cells_of_lineages_the_model_judges() -> None:
    vocabulary = find_model("lee").vocabulary
    table = CellTable.empty(vocabulary.class_ids, (), rows=8)
    table = replace(table, probabilities=np.eye(8, dtype=np.float32))
    rows = {
        name: own.tolist() for name, own in unflagged_rows(table, vocabulary).items()
    }
    assert rows == {"erythroid": [0], "granulocytic": [1], "megakaryocytic": [2]}


def test_a_seed_draws_the_same_cells_and_never_called_ones() -> None:
    cells = np.arange(200)
    first = drawn_blind(cells, {3, 4}, 7, wanted=50)
    assert first == drawn_blind(cells[::-1], {4, 3}, 7, wanted=50)
    assert len(set(first)) == 50
    assert not {3, 4} & set(first)
    assert first != drawn_blind(cells, {3, 4}, 8, wanted=50)


def called(cell: int, line: str, dysplastic: bool | None) -> Verdict:
    return Verdict(cell, (line,), dysplastic, "a", "now")


def test_the_yield_is_what_was_called_dysplastic_of_what_was_read() -> None:
    calls = {c: called(c, "polychromatic_erythroblast", c < 2) for c in range(48)}
    calls |= {48: called(48, "lymphocyte", None), 49: called(49, "not_a_cell", None)}
    (found,) = yields([CHECK], calls, load_taxonomy())
    assert (found.found.count, found.found.total, found.elsewhere) == (2, 50, 2)
    assert found.complete
    assert found.found.interval.high == pytest.approx(beta.ppf(0.975, 3, 48))


def test_a_cell_not_judged_for_dysplasia_is_in_no_yield() -> None:
    calls = {0: called(0, "polychromatic_erythroblast", None)}
    (found,) = yields([CHECK], calls, load_taxonomy())
    assert (found.called, found.found.total, found.complete) == (1, 0, False)
