"""Cells and slides that look unlike the training are marked, never by guesswork."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.likeness import is_unlike, likeness_by_slide
from tests.store.case_parts import cells_at


def table_of(strangeness: list[float], slides: list[int]) -> CellTable:
    places = [(40.0 * i, 5.0) for i in range(len(slides))]
    return replace(
        cells_at(places),
        slide=np.asarray(slides, np.int32),
        strangeness=np.asarray(strangeness, np.float32),
    )


@pytest.mark.parametrize(
    ("strangeness", "unlike"), [(0.99, False), (1.01, True), (math.nan, False)]
)
def test_only_a_cell_beyond_the_range_is_marked(
    strangeness: float, unlike: bool
) -> None:
    assert is_unlike(strangeness) is unlike


def test_each_slide_is_judged_by_its_own_measured_cells() -> None:
    strange = [0.2, 1.5, 3.0, math.nan, 0.1, 0.2, math.nan]
    found = likeness_by_slide(table_of(strange, [1, 1, 1, 1, 2, 2, 3]))
    assert set(found) == {1, 2}
    assert (found[1].cells, found[1].unlike, found[1].marked) == (3, 2, True)
    assert (found[2].share, found[2].marked) == (0.0, False)


def test_a_few_strange_cells_do_not_mark_a_slide() -> None:
    strange = [1.2, *[0.5] * 9]
    (found,) = likeness_by_slide(table_of(strange, [1] * 10)).values()
    assert (found.unlike, found.marked) == (1, False)
