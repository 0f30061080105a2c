"""Regions: whatever the outline, they enclose what they seem to and count it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marrowscope.domain.counted import (
    count_in_regions,
    counted_points,
    counted_rows,
)
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import (
    Region,
    RegionKind,
    UnusableRegion,
    covers,
    freehand,
    mended,
    outlined,
    rectangle,
)
from tests.store.case_parts import VOCABULARY, cells_at

IN, OUT = RegionKind.INCLUDE, RegionKind.EXCLUDE


def region(box: Box, kind: RegionKind = IN, slide: int = 0) -> Region:
    return Region(slide, "", kind, rectangle(box))


def test_a_line_that_crosses_itself_encloses_both_its_loops() -> None:
    eight = Region(0, "", IN, outlined([(0, 0), (10, 10), (10, 0), (0, 10)]))
    assert eight.shape.area == pytest.approx(50)
    assert eight.contains([(1, 5), (9, 5), (5, 1), (5, 9)]).tolist() == [1, 1, 0, 0]


def test_a_loop_drawn_around_twice_has_no_hole() -> None:
    turns = np.linspace(0, 4 * math.pi, 200)
    drawn = (
        100
        * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        * (1 + turns / 50)[:, None]
    )
    assert Region(0, "", IN, outlined(drawn)).contains([(0, 0), (99, 0)]).all()


@pytest.mark.parametrize(
    "points",
    [[], [(0, 0), (5, 5)], [(0, 0), (5, 5), (9, 9)], [(0, 0), (1, 0), (math.nan, 1)]],
)
def test_a_line_that_encloses_nothing_is_refused(
    points: list[tuple[float, float]],
) -> None:
    with pytest.raises(UnusableRegion, match="encloses nothing"):
        outlined(points)


def test_freehand_keeps_its_area_with_few_vertices() -> None:
    turns = np.linspace(0, 2 * math.pi, 2000)
    drawn = 1000 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    simple = Region(0, "", IN, freehand(drawn, tolerance=2))
    assert len(simple.rings[0]) < 100
    assert simple.shape.area == pytest.approx(math.pi * 1e6, rel=0.01)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-50, 50)] * 2), min_size=3, max_size=12),
    st.integers(0, 2**31),
)
def test_the_share_of_points_inside_is_the_share_of_area(
    corners: list[tuple[int, int]], seed: int
) -> None:
    try:
        found = Region(0, "", IN, outlined(corners))
    except UnusableRegion:
        return
    points = np.random.default_rng(seed).uniform(-50, 50, (4000, 2))
    share = found.contains(points).mean()
    assert found.shape.is_valid
    assert share * 100**2 == pytest.approx(found.shape.area, abs=450)


def test_a_vertex_moves_alone_and_a_hole_stays() -> None:
    square = region(Box(0, 0, 10, 10))
    number = square.rings[0].tolist().index([10.0, 10.0])
    assert square.with_vertex(number, 20, 20).shape.area == pytest.approx(200)
    square_ring = rectangle(Box(0, 0, 9, 9)).difference(rectangle(Box(3, 3, 3, 3)))
    ring = Region(0, "", IN, mended(square_ring))
    hole = next(i for i, p in enumerate(np.concatenate(ring.rings)) if 0 < p[0] < 9)
    assert ring.with_vertex(hole, *np.concatenate(ring.rings)[hole]).shape.area == 72
    assert ring.moved(5, 0).box == Box(5, 0, 9, 9)


def test_an_excluded_region_cuts_into_an_included_one() -> None:
    both = (region(Box(0, 0, 10, 10)), region(Box(5, 0, 10, 10), OUT))
    points = np.asarray([(2, 5), (7, 5), (12, 5), (20, 5)])
    assert counted_points(points, both).tolist() == [True, False, False, False]
    assert counted_points(points, both[1:]).tolist() == [True, False, False, True]
    assert counted_points(points, ()).all()


def test_overlapping_regions_are_measured_once_and_each_tells_its_cells() -> None:
    table = cells_at([(0, 0), (100, 0), (500, 0), (900, 0)], size=10).numbered(1)
    regions = (
        region(Box(0, 0, 200, 100)),
        region(Box(100, 0, 200, 100)),
        region(Box(0, 50, 300, 50), OUT),
        region(Box(880, 0, 100, 100), OUT),
    )
    counted = count_in_regions(table, VOCABULARY, regions, {0: 0.5, 7: 0.5})
    assert counted.outside.tolist() == [3, 4]
    assert counted.counts([4, 1, 3, 2]).tolist() == [False, True, False, True]
    assert counted.tally.answers.sum() == 2
    assert [counted.extent.cells[r.id] for r in regions] == [2, 1, 0, 1]
    assert counted.extent.area_mm2 == pytest.approx(300 * 50 * 0.25e-6)
    assert counted.extent.whole == 1
    more = cells_at([(150, 0), (700, 0)], size=10).numbered(5)
    later = counted.with_cells(more, VOCABULARY)
    assert later.outside.tolist() == [3, 4, 6]
    assert [later.extent.cells[r.id] for r in regions] == [3, 2, 0, 1]


def test_a_slide_without_regions_is_counted_all_over() -> None:
    table = cells_at([(0, 0), (500, 0)], size=10).numbered(1)
    elsewhere = (region(Box(0, 0, 5, 5), slide=3),)
    counted = count_in_regions(table, VOCABULARY, elsewhere, {0: None, 3: None})
    assert len(counted.outside) == 0
    assert counted.extent.area_mm2 is None


def test_an_area_is_covered_only_by_all_of_it() -> None:
    whole, half = rectangle(Box(0, 0, 10, 10)), rectangle(Box(0, 0, 5, 10))
    assert covers(whole, half)
    assert not covers(half, whole)


def test_a_sought_megakaryocyte_is_left_out_by_excluded_regions_alone() -> None:
    table = cells_at([(2, 5), (12, 5), (20, 5)], size=1)
    sought = replace(table, sought=np.ones(3, np.bool_))
    both = (region(Box(-50, -50, 55, 100)), region(Box(10, -50, 5, 100), OUT))
    assert counted_rows(table, both).tolist() == [True, False, False]
    assert counted_rows(sought, both).tolist() == [True, False, True]


def test_a_cell_lies_where_its_middle_does() -> None:
    table = cells_at([(95, 0), (85, 0), (-8, 0)], size=20)
    inside = (region(Box(0, 0, 100, 100)),)
    assert counted_rows(table, inside).tolist() == [False, True, True]


def test_regions_of_another_slide_count_nothing_here() -> None:
    table = cells_at([(0, 0), (500, 0), (0, 0), (500, 0)], size=10)
    table = replace(table, slide=np.array([1, 1, 2, 2], np.int32))
    here, there = region(Box(0, 0, 50, 50), slide=1), region(Box(500, 0, 50, 50))
    both = (here, replace(there, slide=2))
    assert counted_rows(table, both).tolist() == [True, False, False, True]
    counted = count_in_regions(table.numbered(1), VOCABULARY, both, {})
    assert [counted.extent.cells[r.id] for r in both] == [1, 1]
