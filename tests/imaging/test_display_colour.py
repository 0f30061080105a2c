"""Colours for the eye: curves and profiles, and pixels that stay as they are."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from marrowscope.imaging.direct_tiles import DirectTilesSlide
from marrowscope.imaging.display_colour import (
    AS_THE_FILE_SAYS,
    GAMMA_LIMITS,
    DisplayColour,
    apply_curves,
    background_of,
    in_srgb,
    said_of,
    usable_profile,
)
from marrowscope.imaging.opening import open_slide

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
one = st.floats(-1, 1)
byte = st.integers(0, 255)
colours = st.builds(
    DisplayColour,
    brightness=one,
    contrast=one,
    gamma=st.floats(*GAMMA_LIMITS),
    white=st.none() | st.tuples(byte, byte, byte),
)


def scanner_profile() -> bytes:
    """sRGB with the red and blue primaries exchanged: what nobody could overlook."""
    profile = bytearray(SRGB)
    count = struct.unpack_from(">I", profile, 128)[0]
    for number in range(count):
        at = 132 + 12 * number
        name = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(bytes(profile[at : at + 4]))
        profile[at : at + 4] = name or profile[at : at + 4]
    return bytes(profile)


def shown(pixels: np.ndarray, colour: DisplayColour) -> np.ndarray:
    screen = np.dstack([pixels[..., ::-1], np.zeros(pixels.shape[:2], np.uint8)])
    out = np.empty_like(screen)
    apply_curves(screen, colour, out)
    return out[..., 2::-1]


@given(colours)
def test_no_curve_ever_turns_darker_into_lighter(colour):
    assert (np.diff(colour.curves().astype(int), axis=0) >= 0).all()


@given(st.tuples(*[st.integers(64, 255)] * 3))
def test_the_white_point_is_shown_white_and_black_stays_black(white):
    curves = DisplayColour(white=white).curves()
    assert [curves[value, channel] for channel, value in enumerate(white)] == [255] * 3
    assert curves[0].tolist() == [0, 0, 0]


@given(one, one)
def test_more_brightness_is_never_darker(first, second):
    low, high = sorted((first, second))
    darker = DisplayColour(brightness=low).curves().astype(int)
    assert (DisplayColour(brightness=high).curves() >= darker).all()


def test_as_scanned_changes_nothing():
    pixels = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    np.testing.assert_array_equal(shown(pixels, DisplayColour()), pixels)
    assert DisplayColour().uncurved
    assert DisplayColour(profile=False).uncurved
    assert not DisplayColour(gamma=1.1).uncurved


def test_every_channel_has_its_own_curve():
    pixels = np.full((2, 2, 3), (200, 100, 50), np.uint8)
    got = shown(pixels, DisplayColour(white=(200, 255, 255)))
    assert got[0, 0].tolist() == [255, 100, 50]


def test_values_beyond_their_limits_are_refused():
    with pytest.raises(ValueError, match="brightness"):
        DisplayColour(brightness=1.5)
    with pytest.raises(ValueError, match="gamma"):
        DisplayColour(gamma=0)


def test_a_profile_is_applied_as_littlecms_does_and_a_broken_one_is_not():
    pixels = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    assert np.abs(in_srgb(pixels, SRGB).astype(int) - pixels).max() <= 1
    exchanged = in_srgb(pixels, scanner_profile())
    assert np.abs(exchanged.astype(int) - pixels).max() > 60
    for broken in (None, b"", b"no profile", SRGB[:200]):
        np.testing.assert_array_equal(in_srgb(pixels, broken), pixels)
        assert not usable_profile(broken)
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert not usable_profile(grey)


def test_bare_glass_is_found_among_cells():
    rng = np.random.default_rng(2)
    pixels = np.full((200, 200, 3), (231, 226, 238), np.int16)
    pixels += rng.integers(-3, 4, pixels.shape, np.int16)
    pixels[50:150, 20:180] = (120, 60, 140)
    found = background_of(pixels.astype(np.uint8))
    assert np.abs(np.subtract(found, (232, 227, 239))).max() <= 3


@pytest.mark.parametrize("name", ["smear.tif", "smear.svs", "photo.png", "photo.jpg"])
def test_the_profile_is_found_and_the_models_pixels_are_untouched(tmp_path, name):
    path: Path = tmp_path / name
    pixels = np.random.default_rng(1).integers(0, 256, (256, 256, 3), np.uint8)
    profile = scanner_profile()
    if path.suffix in (".tif", ".svs"):
        tifffile.imwrite(
            path,
            pixels,
            tile=(128, 128),
            compression="jpeg",
            photometric="rgb",
            description="Aperio Image Library v10|MPP = 0.25" * (name[-1] == "s"),
            metadata=None,
            extratags=[(34675, 7, len(profile), profile, True)],
        )
    else:
        Image.fromarray(pixels).save(path, icc_profile=profile)
    slide = open_slide(path)
    assert isinstance(slide, DirectTilesSlide) == (path.suffix in (".tif", ".svs"))
    assert slide.profile is not None
    assert usable_profile(slide.profile)
    read = slide.read(0, 0, 256, 256, level=0)
    if name == "photo.png":
        np.testing.assert_array_equal(read, pixels)
    changed = in_srgb(read, slide.profile)
    assert np.abs(changed.astype(int) - read).max() > 60
    slide.close()


def test_a_picture_whose_profile_is_not_of_rgb_has_none(tmp_path):
    path = tmp_path / "cmyk.jpg"
    buffer = BytesIO()
    Image.new("CMYK", (30, 30)).save(buffer, "JPEG", icc_profile=SRGB)
    path.write_bytes(buffer.getvalue())
    slide = open_slide(path)
    assert slide.profile is None
    slide.close()


def test_a_report_says_of_the_profile_and_of_the_curves_whether_they_were_used():
    profile, gamma = scanner_profile(), DisplayColour(gamma=1.2)
    end = "; read from the untouched pixels"
    assert said_of(AS_THE_FILE_SAYS, None) == ""
    assert said_of(gamma, None) == f"displayed with gamma 1.20{end}"
    said = f"displayed with the file's ICC profile, gamma 1.20{end}"
    assert said_of(gamma, profile) == said
    off = DisplayColour(gamma=1.2, profile=False)
    said = f"displayed without the file's ICC profile, with gamma 1.20{end}"
    assert said_of(off, profile) == said
