"""Samples of every kind become 8-bit RGB."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.imaging.colour import cmyk_to_rgb, rgb


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.full((2, 2), 9, np.uint8), 9),
        (np.full((2, 2, 1), 9, np.uint8), 9),
        (np.full((2, 2), 65535, np.uint16), 255),
        (np.full((2, 2), 4095, np.uint16), 255),  # a 12-bit camera
        (np.full((2, 2, 3), 200, np.uint16), 1),  # too dark to tell the depth
        (np.full((2, 2), 0.5, np.float32), 128),
        (np.full((2, 2), np.nan, np.float32), 0),
        (np.ones((2, 2), np.bool_), 255),
    ],
)
def test_the_whole_range_is_used(samples, expected):
    pixels = rgb(samples)
    assert pixels.shape == (2, 2, 3)
    assert (pixels == expected).all()


def test_what_is_transparent_shows_the_backdrop():
    rgba = np.zeros((1, 2, 4), np.uint8)
    rgba[0, 1, 3] = 255
    assert rgb(rgba).tolist() == [[[255, 255, 255], [0, 0, 0]]]


def test_half_transparent_grey_is_blended():
    grey = np.asarray([[[0, 128]]], np.uint8)
    assert rgb(grey, backdrop=(200, 200, 200)).tolist() == [[[100, 100, 100]]]


@pytest.mark.parametrize(
    "samples",
    [np.zeros((2, 2), np.int16), np.zeros((2, 2, 7), np.uint8), np.zeros(4, np.uint8)],
)
def test_what_is_no_picture_is_refused(samples):
    with pytest.raises(ValueError, match="not a picture"):
        rgb(samples)


def test_inks_become_light():
    inks = np.asarray([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255]]], np.uint8)
    assert cmyk_to_rgb(inks).tolist() == [[[255] * 3, [0, 255, 255], [0, 0, 0]]]
