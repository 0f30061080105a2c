"""Fields at a reader's scale: exact averages, whatever the level and offset."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marrowscope.domain.errors import Uncalibrated
from marrowscope.domain.geometry import Box
from marrowscope.imaging.fields import best_level, padded, read_at_scale, read_resized
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.resampling import resampled, weights
from marrowscope.imaging.slide import Level

RAMP = np.repeat(np.arange(200, dtype=np.uint8)[None, :, None], 100, axis=0)


@pytest.fixture(scope="module")
def noise() -> MemorySlide:
    pixels = np.random.default_rng(3).integers(0, 256, (96, 128, 3), np.uint8)
    return MemorySlide(pixels, mpp=0.25)


def test_the_same_scale_gives_the_same_pixels(noise):
    pixels = read_at_scale(noise, Box(10, 20, 40, 30), mpp=0.25, slide_mpp=0.25)
    assert np.array_equal(pixels, noise.read(10, 20, 40, 30, level=0))


def test_half_the_scale_averages_two_by_two(noise):
    pixels = read_at_scale(noise, Box(0, 0, 128, 96), mpp=0.5, slide_mpp=0.25)
    full = noise.read(0, 0, 128, 96, level=0).astype(np.float64)
    blocks = full.reshape(48, 2, 64, 2, 3).mean((1, 3))
    assert np.abs(pixels - blocks).max() <= 0.51


def test_a_fractional_corner_moves_the_picture_by_a_fraction():
    slide = MemorySlide(RAMP)
    one = read_resized(slide, Box(10.0, 0, 40, 40), width=20, height=20)
    other = read_resized(slide, Box(11.5, 0, 40, 40), width=20, height=20)
    assert np.abs(other.astype(float) - one - 1.5).max() <= 1.0


def test_a_coarse_slide_is_interpolated_smoothly():
    slide = MemorySlide(RAMP)
    pixels = read_at_scale(slide, Box(50, 10, 20, 20), mpp=0.25, slide_mpp=1.0)
    assert pixels.shape == (80, 80, 3)
    steps = np.diff(pixels[40, :, 0].astype(int))
    assert steps.min() >= 0
    assert steps.max() <= 1


def test_beyond_the_slide_lies_background(noise):
    pixels = read_at_scale(noise, Box(-64, -48, 64, 48), mpp=1.0, slide_mpp=0.25)
    assert (pixels == 255).all()


def test_a_slide_of_one_pixel_can_be_read():
    slide = MemorySlide(np.zeros((1, 1, 3), np.uint8))
    pixels = read_at_scale(slide, Box(0, 0, 1, 1), mpp=0.5, slide_mpp=0.1)
    assert pixels.shape == (1, 1, 3)


@pytest.mark.parametrize("scale", [0.0, -1.0, 352.9, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(noise, scale):
    with pytest.raises(Uncalibrated, match="no usable scale"):
        read_at_scale(noise, Box(0, 0, 10, 10), mpp=0.5, slide_mpp=scale)


def test_the_smallest_level_that_loses_nothing_is_read():
    levels = (Level(800, 800, 1), Level(200, 200, 4.0), Level(50, 50, 16.05))
    assert [best_level(levels, d) for d in (0.3, 1, 3.9, 4, 16, 400)] == [
        0,
        0,
        0,
        1,
        2,
        2,
    ]


def test_a_large_overview_is_read_in_bands_with_the_same_result(monkeypatch, noise):
    whole = read_resized(noise, Box(0, 0, 128, 96), width=30, height=20)
    monkeypatch.setattr("marrowscope.imaging.fields.BAND_PIXELS", 700)
    banded = read_resized(noise, Box(0, 0, 128, 96), width=30, height=20)
    assert np.abs(whole.astype(int) - banded).max() <= 1


def test_small_pictures_are_filled_up_to_the_right_and_below():
    pixels = padded(np.zeros((2, 3, 3), np.uint8), size=4, fill=(1, 2, 3))
    assert pixels.shape == (4, 4, 3)
    assert not pixels[:2, :3].any()
    assert pixels[3, 3].tolist() == [1, 2, 3]


@given(
    count=st.integers(1, 60),
    start=st.floats(-3, 40),
    step=st.floats(0.05, 9),
    available=st.integers(1, 80),
)
def test_weights_are_shares_of_one(count, start, step, available):
    table = weights(count, start=start, step=step, available=available)
    assert table.shape == (count, available)
    assert np.allclose(table.sum(axis=1), 1, atol=1e-5)
    assert table.data.min() >= 0


@settings(max_examples=30, deadline=None)
@given(
    x=st.floats(0, 60),
    y=st.floats(0, 40),
    side=st.floats(4, 50),
    mpp=st.floats(0.1, 2.0),
)
def test_a_flat_slide_stays_flat_inside_and_the_size_is_right(x, y, side, mpp):
    slide = MemorySlide(np.full((96, 128, 3), 77, np.uint8))
    box = Box(x, y, side, side / 2)
    pixels = read_at_scale(slide, box, mpp=mpp, slide_mpp=0.25)
    expected = max(1, round(side / 2 * 0.25 / mpp)), max(1, round(side * 0.25 / mpp))
    assert pixels.shape == (*expected, 3)
    inside = pixels[1:-2, 1:-2]
    assert (inside == 77).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 99), rows=st.integers(1, 12), columns=st.integers(1, 12))
def test_resampling_a_whole_picture_keeps_its_mean(seed, rows, columns):
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 36, 3), np.uint8)
    down = weights(rows, start=0, step=24 / rows, available=24)
    across = weights(columns, start=0, step=36 / columns, available=36)
    out = resampled(pixels, down, across)
    assert np.abs(out.mean((0, 1)) - pixels.mean((0, 1))).max() < 0.6
