"""A cell that two photos show is counted once, and never two cells as one."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.analysis.seen_again import standing_for
from marrowscope.imaging.overlap import Overlap, landmarks, overlaps
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from tests.fixtures.photographed import grid_of_photos

SIZE = 640, 480


def _shift(dx: float, dy: float, *, first=0, second=1) -> Overlap:
    return Overlap(first, second, np.array([[1.0, 0, dx], [0, 1.0, dy]]), 0.5, 0.9)


def _once(boxes, photo, overlaps, *, cut=None, score=None):
    boxes = np.array(boxes, np.float32)
    count = len(boxes)
    return standing_for(
        boxes,
        np.array(photo),
        overlaps,
        cut=np.zeros(count, bool) if cut is None else np.array(cut),
        score=np.ones(count) if score is None else np.array(score),
    ).tolist()


def test_two_looks_at_one_cell_are_one_and_the_uncut_look_counts():
    boxes = [[580, 100, 60, 60], [80, 102, 60, 58], [300, 300, 50, 50]]
    answer = _once(boxes, [0, 1, 1], [_shift(-500, 0)], cut=[True, False, False])
    assert answer == [1, 1, 2]


def test_of_two_whole_looks_the_better_detected_one_counts():
    boxes, both = [[580, 100, 60, 60], [80, 102, 60, 58]], [_shift(-500, 0)]
    assert _once(boxes, [0, 1], both, score=[0.6, 0.9]) == [1, 1]
    assert _once(boxes, [0, 1], both, score=[0.9, 0.6]) == [0, 0]


def test_half_a_cell_at_the_edge_is_the_whole_one_of_another_photo():
    boxes = [[600, 100, 40, 80], [100, 100, 80, 80]]
    answer = _once(boxes, [0, 1], [_shift(-500, 0)], cut=[True, False])
    assert answer == [1, 1]


def test_a_small_cell_on_a_large_one_is_another_cell():
    boxes = [[100, 100, 60, 60], [120, 120, 20, 20]]
    assert _once(boxes, [0, 1], [_shift(0, 0)]) == [0, 1]


def test_neighbours_that_touch_stay_two_cells():
    boxes = [[100, 100, 50, 50], [48, 100, 50, 50], [148, 100, 50, 50]]
    assert _once(boxes, [0, 1, 1], [_shift(24, 0)]) == [0, 1, 2]


def test_two_cells_of_one_photo_are_never_one_by_way_of_another_photo():
    at, beside = [100, 100, 40, 40], [112, 100, 40, 40]
    # The second photo is off by a little: its cell is near both cells of the third.
    around = [
        _shift(0, 0),
        _shift(0, 0, first=1, second=2),
        _shift(0, 0, first=0, second=2),
    ]
    assert _once([at, at, beside, beside], [0, 1, 2, 0], around) == [0, 0, 2, 2]


def test_a_look_goes_with_the_nearest_cell_and_not_with_the_best_detected():
    boxes = [[100, 100, 40, 40], [112, 100, 40, 40], [100, 100, 40, 40]]
    answer = _once(boxes, [0, 0, 1], [_shift(0, 0)], score=[0.5, 0.9, 0.6])
    assert answer == [2, 1, 2]


def test_without_overlaps_every_cell_stands_for_itself():
    assert _once([[0, 0, 9, 9]] * 3, [0, 1, 2], []) == [0, 1, 2]
    assert _once(np.zeros((0, 4)), [], []) == []


@pytest.mark.slow
def test_of_cells_seen_again_98_in_100_count_once_and_no_two_are_merged():
    field = draw_field(SmearPlan(2600, 2200, cells=600, seed=5))
    photos = grid_of_photos(field.pixels, size=SIZE, step=0.5, seed=2)
    found = overlaps([landmarks(photo.pixels) for photo in photos])
    boxes, photo, cell = _boxes_seen(field.truth["cells"], photos)
    answer = standing_for(
        boxes, photo, found, cut=np.zeros(len(boxes), bool), score=np.ones(len(boxes))
    )
    again = len(cell) - len(np.unique(cell))
    assert again > 250
    counted_twice = len(np.unique(answer)) - len(np.unique(cell))
    merged = int((cell[answer] != cell).sum())
    assert counted_twice <= 0.02 * again
    assert merged == 0


def _boxes_seen(cells, photos):
    """Boxes of drawn cells wholly inside each photo, a little off as a reader's are."""
    rng = np.random.default_rng(9)
    boxes, photo, number = [], [], []
    for i, one in enumerate(photos):
        for k, cell in enumerate(cells):
            outline = one.places(np.asarray(cell["outline"], float))
            low, high = outline.min(axis=0), outline.max(axis=0)
            if (low >= 0).all() and (high < SIZE).all():
                box = np.array([*low, *(high - low)])
                boxes.append(box + rng.normal(0, 0.04 * (high - low).min(), 4))
                photo.append(i)
                number.append(k)
    return np.array(boxes, np.float32), np.array(photo), np.array(number)
