"""Where tiles of a wall lie, and which cells were seen: without a window."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from marrowscope.gui.gallery.arranging import Group
from marrowscope.gui.gallery.layout import HEADING, WallLayout
from marrowscope.gui.seen_cells import LOOK_MS, SeenCells

SIZES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 3)), min_size=1, max_size=5
)


def laid_out(sizes: list[tuple[int, int]], width: int) -> WallLayout:
    """Groups of so many cells, whose tiles take so many sides."""
    firsts = accumulate((count for count, _ in sizes), initial=0)
    groups = [
        Group(str(n), "", "", "none", (), first, count, 0, span)
        for n, ((count, span), first) in enumerate(zip(sizes, firsts, strict=False))
    ]
    return WallLayout(groups, width=width, side=40)


@given(SIZES, st.integers(130, 900))
def test_a_tile_is_found_where_it_lies_and_nowhere_else(
    sizes: list[tuple[int, int]], width: int
) -> None:
    layout = laid_out(sizes, width)
    count = sum(one for one, _ in sizes)
    places = layout.places(0, layout.height)
    assert places.tolist() == list(range(count))
    rects = [layout.rect(place) for place in range(count)]
    for place, rect in enumerate(rects):
        middle = rect.center()
        assert layout.at(middle.x(), middle.y()) == place
        assert rect.bottom() < layout.height
    one = rects[count // 2]
    near = [n for n, rect in enumerate(rects) if rect.intersects(one)]
    assert near == [count // 2] == layout.touched(one.adjusted(1, 1, -1, -1)).tolist()
    assert layout.touched(
        QRect(QPoint(0, 0), QPoint(width, layout.height))
    ).tolist() == (list(range(count)))


@given(SIZES, st.integers(130, 900), st.integers(0, 10_000))
def test_stepping_down_reaches_the_end_and_up_the_beginning(
    sizes: list[tuple[int, int]], width: int, start: int
) -> None:
    layout = laid_out(sizes, width)
    count = sum(one for one, _ in sizes)
    for way, group in ((1, len(sizes) - 1), (-1, 0)):
        place = start % count
        for _ in range(2 * count):
            after = layout.step_down(place, way)
            assert 0 <= after < count
            assert (after - place) * way >= 0
            place = after
        assert layout.group_of(place) == group


def test_headings_are_found_and_an_empty_wall_has_none() -> None:
    layout = laid_out([(3, 1), (2, 1)], 400)
    assert layout.heading_at(HEADING - 1) == 0
    assert layout.heading_at(HEADING + 1) is None
    assert layout.heading_at(int(layout.tops[1])) == 1
    empty = laid_out([], 400)
    assert empty.at(20, 20) is None
    assert not len(empty.places(0, 500))


@pytest.mark.parametrize("stays", [True, False])
def test_a_cell_that_only_flew_past_was_not_seen(qtbot: QtBot, stays: bool) -> None:
    seen = SeenCells()
    first, second = np.asarray([1, 2]), np.asarray([2, 3])
    seen.in_sight("wall", first)
    qtbot.wait(LOOK_MS // 2)
    seen.in_sight("wall", first if stays else second)
    qtbot.waitUntil(lambda: not seen.unseen(np.asarray([2]))[0])
    assert seen.unseen(np.asarray([1])).tolist() == [not stays]
    seen.stop()
