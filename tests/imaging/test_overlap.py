"""Photos of one smear find one another, and strangers do not."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.imaging.overlap import landmarks, overlaps, placements
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from tests.fixtures.photographed import Photo, grid_of_photos, photograph

SIZE = 640, 480


@pytest.fixture(scope="module")
def field():
    plan = SmearPlan(1500, 1300, cells=70, seed=41)
    return draw_field(plan)


@pytest.fixture(scope="module")
def photos(field):
    return grid_of_photos(field.pixels, size=SIZE, step=0.62, seed=7)


@pytest.fixture(scope="module")
def found(photos):
    return overlaps([landmarks(photo.pixels) for photo in photos])


def _truly_shared(first: Photo, second: Photo) -> float:
    """The part of the first photo that the second one shows."""
    xs, ys = np.meshgrid(np.arange(0, SIZE[0], 16), np.arange(0, SIZE[1], 16))
    points = np.stack([xs.ravel(), ys.ravel()], axis=1).astype(float)
    back = np.linalg.inv(np.vstack([first.matrix, (0, 0, 1)]))[:2]
    there = second.places(points @ back[:, :2].T + back[:, 2])
    return float(((there >= 0) & (there < SIZE)).all(axis=1).mean())


def test_every_pair_that_shares_a_twentieth_is_found_and_no_other(photos, found):
    pairs = {(one.first, one.second) for one in found}
    for i, first in enumerate(photos):
        for j in range(i + 1, len(photos)):
            shared = _truly_shared(first, photos[j])
            if shared > 0.05:
                assert (i, j) in pairs, (i, j, shared)
            if shared == 0.0:
                assert (i, j) not in pairs


def test_a_place_in_one_photo_is_found_in_the_other_to_a_pixel_and_a_half(
    photos, found, field
):
    height, width = field.pixels.shape[:2]
    rng = np.random.default_rng(0)
    points = rng.uniform((0, 0), (width, height), (400, 2))
    for one in found:
        here, there = (photos[n].places(points) for n in (one.first, one.second))
        seen = ((here >= 0) & (here < SIZE) & (there >= 0) & (there < SIZE)).all(axis=1)
        carried = here[seen] @ one.transform[:, :2].T + one.transform[:, 2]
        assert np.abs(carried - there[seen]).max(initial=0) < 1.5


def test_one_group_holds_all_photos_of_one_place(photos, found):
    groups = placements(found, len(photos))
    assert len(groups) == 1
    assert len(groups[0]) == len(photos)
    np.testing.assert_allclose(groups[0][0], np.eye(2, 3))


def test_photos_of_another_smear_are_a_group_of_their_own(photos):
    stranger = draw_field(SmearPlan(*SIZE, cells=20, seed=77)).pixels
    some = [photos[0].pixels, photos[1].pixels, stranger]
    groups = placements(overlaps([landmarks(p) for p in some]), 3)
    assert [sorted(group) for group in groups] == [[0, 1], [2]]


def test_the_same_field_photographed_twice_is_a_near_duplicate(field):
    rng = np.random.default_rng(3)
    twice = [
        photograph(field.pixels, (700, 600), size=SIZE, angle=angle, rng=rng)
        for angle in (0.0, 2.0)
    ]
    (one,) = overlaps([landmarks(photo.pixels) for photo in twice])
    assert one.near_duplicate


@pytest.mark.parametrize("count", [0, 1, 2])
def test_empty_glass_shows_no_place_twice(count):
    glass = np.full((120, 160, 3), 240, np.uint8)
    assert overlaps([landmarks(glass)] * count) == []
    assert len(placements([], count)) == count


def test_a_photo_of_one_pixel_is_no_trouble():
    assert overlaps([landmarks(np.zeros((1, 1, 3), np.uint8))] * 2) == []
