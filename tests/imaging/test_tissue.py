"""Blank glass is told from smear, and a single cell is enough to look."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from marrowscope.domain.geometry import Box
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.tissue import empty_field, tissue_boxes

GLASS = (238, 236, 240)


def glass(side: int = 512) -> np.ndarray:
    """Bare glass with camera noise and a lamp brighter in the middle."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    shade = 12 * (x * x + y * y)[..., None]
    noise = np.random.default_rng(4).normal(0, 3, (side, side, 3))
    return (np.asarray(GLASS) - shade + noise).clip(0, 255).astype(np.uint8)


def test_shaded_noisy_glass_is_empty():
    assert empty_field(glass())


@pytest.mark.parametrize("place", [(256, 256), (6, 6), (505, 300)])
def test_one_small_nucleus_is_not_empty(place):
    field = cv2.circle(glass(), place, 6, (110, 60, 140), -1)
    assert not empty_field(np.asarray(field))


def test_a_field_full_of_pale_red_cells_is_not_empty():
    field = glass()
    for x in range(20, 500, 22):
        for y in range(20, 500, 22):
            field = cv2.circle(field, (x, y), 7, (215, 180, 190), -1)
    assert not empty_field(np.asarray(field))


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 150, 190)])
def test_a_field_of_one_colour_is_empty(colour):
    assert empty_field(np.full((512, 512, 3), colour, np.uint8))


def test_a_scrap_too_small_to_judge_is_looked_at():
    assert not empty_field(np.full((3, 3, 3), 255, np.uint8))


def test_boxes_lie_where_the_smear_is():
    wide = np.full((400, 4000, 3), 240, np.uint8)
    wide[100:300, 3000:3200] = (150, 80, 160)
    boxes = tissue_boxes(MemorySlide(wide))
    assert boxes
    assert all(box.intersection(Box(3000, 100, 200, 200)) for box in boxes)
    assert all(box.right <= 4000 and box.bottom <= 400 for box in boxes)


def test_a_blank_slide_has_no_boxes():
    assert tissue_boxes(MemorySlide(np.full((300, 300, 3), 240, np.uint8))) == []
