"""Crops at true scale, whatever the cell's place and size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.geometry import Box
from marrowscope.inference.preprocess import (
    CropSpec,
    Normalisation,
    background_of,
    cut_crop,
    normalise,
    padded_to_multiple,
)

SPEC = CropSpec()


def smear(height: int = 300, width: int = 300) -> np.ndarray:
    return np.full((height, width, 3), (230, 225, 220), np.uint8)


@given(
    st.floats(-50, 350), st.floats(-50, 350), st.floats(1, 400), st.floats(0.05, 1.0)
)
def test_every_box_gives_a_crop_of_one_size(
    x: float, y: float, size: float, mpp: float
) -> None:
    crop = cut_crop(smear(), Box(x, y, size, size), mpp=mpp, spec=SPEC)
    assert crop.shape == (128, 128, 3)
    assert crop.dtype == np.uint8


def test_a_cell_keeps_its_true_size_in_the_crop() -> None:
    pixels = smear()
    pixels[120:170, 120:170] = 60  # 10 µm at 0.2
    crop = cut_crop(pixels, Box(120, 120, 50, 50), mpp=0.2, spec=SPEC)
    assert (crop[64, :, 0] < 128).sum() == pytest.approx(50, abs=1)


def test_a_cell_too_large_is_scaled_until_it_fits() -> None:
    pixels = smear(600, 600)
    pixels[100:500, 100:500] = 60  # 80 µm at 0.2
    crop = cut_crop(pixels, Box(100, 100, 400, 400), mpp=0.2, spec=SPEC)
    assert (crop[64, :, 0] < 128).sum() == pytest.approx(128 / SPEC.context, abs=2)


def test_beyond_the_picture_lies_its_own_background() -> None:
    crop = cut_crop(smear(), Box(-10, -10, 20, 20), mpp=0.2, spec=SPEC)
    assert (crop[0, 0] == (230, 225, 220)).all()


def test_the_background_is_the_light_part_not_the_cell() -> None:
    pixels = smear()
    pixels[:140] = (80, 40, 120)
    assert background_of(pixels) == (230, 225, 220)


def test_normalised_pictures_run_from_minus_one_to_one() -> None:
    pictures = np.stack([np.zeros((4, 4, 3)), np.full((4, 4, 3), 255)]).astype("u1")
    answer = normalise(pictures, Normalisation())
    assert answer.shape == (2, 3, 4, 4)
    assert answer.dtype == np.float32
    assert (answer[0] == -1).all()
    assert (answer[1] == 1).all()


def test_padding_leaves_the_picture_where_it_was() -> None:
    padded = padded_to_multiple(smear(33, 64), 32)
    assert padded.shape == (64, 64, 3)
    assert (padded[:33, :64] == smear(33, 64)).all()
