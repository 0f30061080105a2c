"""Which calls a share of cells counts, by how each cell came to be called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.counted import Counted
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.sorted_calls import every_cell_called, sorted_calls
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from tests.domain.cells_of import cells_of


def calls_of(cells: Iterable[int], origin: Origin) -> dict[int, Verdict]:
    giant = ("megakaryocyte",)
    return {c: Verdict(c, giant, True, "A", "now", origin=origin) for c in cells}


@pytest.mark.parametrize(
    ("called", "every"),
    [
        ({1, 2, 3}, True),  # all but what was sought, and what lies outside
        ({1, 2, 3, 4, 5}, True),
        ({1, 2}, False),
        ({1, 2, 4}, False),  # as many calls, one of them of a sought cell
        ({1, 2, 5}, False),  # as many calls, one of them outside
    ],
)
def test_every_cell_is_called_when_none_that_counts_is_left(
    lee_vocabulary: ModelVocabulary, called: set[int], every: bool
) -> None:
    table = cells_of(lee_vocabulary, {"GN": 5})
    table = replace(table, sought=table.id == 4)
    counted = Counted(Tally.of(table, lee_vocabulary), outside=np.array([5]))
    assert every_cell_called(table, calls_of(called, Origin.SORTED), counted) == every


def test_of_sought_cells_those_picked_for_review_judge_nothing(
    taxonomy: Taxonomy,
) -> None:
    picked, met = calls_of([1], Origin.QUEUE), calls_of([2, 3], Origin.MET)
    found = sorted_calls({**picked, **met}, [1, 2], taxonomy)
    sums = [sum(t.values()) for t in (found.met, found.judged["erythroid"])]
    assert (sums, sum(found.apart.values())) == ([1, 2], 1)
    whole = sorted_calls({**picked, **met}, [1, 2], taxonomy, all_called=True)
    sums = [sum(t.values()) for t in (whole.met, whole.judged["erythroid"])]
    assert (sums, sum(whole.apart.values())) == ([1, 3], 0)
