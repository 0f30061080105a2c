"""A field of view at the scale a reader wants, from any slide."""

from __future__ import annotations

import math

import cv2
import numpy as np

from marrowscope.domain.errors import Uncalibrated
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.regions import plain
from marrowscope.imaging.resampling import resampled, weights
from marrowscope.imaging.scale import trusted_mpp
from marrowscope.imaging.slide import Level, Slide

# Source pixels decoded at a time: bounds memory when a slide has no small levels.
BAND_PIXELS = 16 << 20


def size_at_scale(box: Box, *, mpp: float, slide_mpp: float) -> tuple[int, int]:
    """Width and height in pixels of a level-0 box seen at `mpp`; at least 1."""
    scale = slide_mpp / mpp
    return max(1, round(box.width * scale)), max(1, round(box.height * scale))


def read_at_scale(
    slide: Slide,
    box: Box,
    *,
    mpp: float,
    slide_mpp: float,
    size: tuple[int, int] | None = None,
) -> Pixels:
    """RGB (height, width, 3) of a level-0 box, area-averaged to `mpp`.

    `slide_mpp` is microns per level-0 pixel as the caller believes it. `size` (width,
    height) overrides the rounded one. The smallest level that loses nothing is read.
    What lies beyond the slide is background. Raises Uncalibrated when `slide_mpp` is
    no possible scale, UnreadableRegion where the slide is damaged.
    """
    if trusted_mpp(slide_mpp) is None:
        raise Uncalibrated(
            f"{slide.identity.name} has no usable scale ({slide_mpp} µm per pixel).",
            "Type its microns per pixel, or pick camera and objective.",
        )
    width, height = size or size_at_scale(box, mpp=mpp, slide_mpp=slide_mpp)
    return read_resized(slide, box, width=width, height=height)


def read_resized(slide: Slide, box: Box, *, width: int, height: int) -> Pixels:
    """RGB (height, width, 3) of a level-0 box, whatever its scale."""
    number = best_level(slide.levels, min(box.width / width, box.height / height))
    level = slide.levels[number]
    inside = box.scaled(1 / level.downsample)
    if _aligned(inside, width, height):
        return slide.read(*_corner(inside, level), width, height, level=number)
    rows = max(1, int(BAND_PIXELS / (inside.width + 2) / (inside.height / height)))
    out = plain(width, height, slide.background)
    for top in range(0, height, rows):
        count = min(rows, height - top)
        step = inside.height / height
        band = Box(inside.x, inside.y + top * step, inside.width, count * step)
        out[top : top + count] = _band(slide, number, band, (width, count))
    return out


def best_level(levels: tuple[Level, ...], downsample: float) -> int:
    """The smallest level that still holds every pixel asked for."""
    usable = [i for i, one in enumerate(levels) if one.downsample <= downsample * 1.005]
    return max(usable, key=lambda i: levels[i].downsample, default=0)


def padded(pixels: Pixels, *, size: int, fill: tuple[int, int, int]) -> Pixels:
    """The pixels in the top left of (size, size, 3); larger ones as they are.

    A picture smaller than a reader's field has nothing beyond its right and bottom
    edge: the caller fills with the slide's background and drops what is found there.
    """
    height, width = pixels.shape[:2]
    if height >= size and width >= size:
        return pixels
    out = plain(max(size, width), max(size, height), fill)
    out[:height, :width] = pixels
    return out


def _aligned(inside: Box, width: int, height: int) -> bool:
    offsets = (inside.x % 1, inside.y % 1)
    near = (min(offset, 1 - offset) < 1e-3 for offset in offsets)
    same = abs(inside.width - width) < 0.01 and abs(inside.height - height) < 0.01
    return same and all(near)


def _corner(inside: Box, level: Level) -> tuple[int, int]:
    return round(round(inside.x) * level.downsample), round(
        round(inside.y) * level.downsample
    )


def _band(slide: Slide, number: int, inside: Box, size: tuple[int, int]) -> Pixels:
    """One band of output rows from a box in pixels of a level."""
    level = slide.levels[number]
    if _whole_blocks(inside, size):
        columns, rows = round(inside.width), round(inside.height)
        pixels = slide.read(*_corner(inside, level), columns, rows, level=number)
        blocks = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        return np.asarray(blocks, np.uint8)
    # Interpolation looks one pixel further than the box.
    left, top = math.floor(inside.x) - 1, math.floor(inside.y) - 1
    columns = math.ceil(inside.right) + 1 - left
    rows = math.ceil(inside.bottom) + 1 - top
    place = round(left * level.downsample), round(top * level.downsample)
    pixels = slide.read(*place, columns, rows, level=number)
    across = weights(
        size[0], start=inside.x - left, step=inside.width / size[0], available=columns
    )
    down = weights(
        size[1], start=inside.y - top, step=inside.height / size[1], available=rows
    )
    return resampled(pixels, down, across)


def _whole_blocks(inside: Box, size: tuple[int, int]) -> bool:
    """True when every output pixel is a block of whole pixels: OpenCV is exact then."""
    numbers = inside.x, inside.y, inside.width / size[0], inside.height / size[1]
    return all(abs(n - round(n)) < 1e-6 for n in numbers) and min(numbers[2:]) > 0.5
