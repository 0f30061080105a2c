"""One tile off the slide and into the colours it is shown in: what workers do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.gui.jobs import Progress
from marrowscope.gui.slide_view.tile_places import TilePlace
from marrowscope.imaging.display_colour import (
    AS_THE_FILE_SAYS,
    DisplayColour,
    apply_curves,
    in_srgb,
)
from marrowscope.imaging.fields import best_level, read_resized
from marrowscope.imaging.halving import halved
from marrowscope.imaging.slide import Slide

MOST_HALVINGS = 3  # a larger step would hold too many pixels at once


@dataclass(frozen=True, slots=True)
class TileRequest:
    """One tile of one slide as `colour` shows it.

    `plain`: the tile without curves, where it was read before and only they changed.
    """

    slide: Slide
    place: TilePlace
    colour: DisplayColour = AS_THE_FILE_SAYS
    plain: QImage | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ReadTile:
    """A tile without curves and as it is shown; the same picture without any."""

    plain: QImage
    shown: QImage


def read_tile(request: TileRequest, progress: Progress) -> ReadTile:
    """The tile's pictures, smaller at the slide's right and bottom edge.

    Raises UnreadableRegion where the slide is damaged or gone.
    """
    plain = request.plain or _plain(request)
    if request.colour.uncurved:
        return ReadTile(plain, plain)
    shown = QImage(plain.size(), QImage.Format.Format_RGB32)
    apply_curves(
        _as_array(plain, plain.constBits()),
        request.colour,
        _as_array(shown, shown.bits()),
    )
    return ReadTile(plain, shown)


def _plain(request: TileRequest) -> QImage:
    slide, place = request.slide, request.place
    region = place.region((slide.identity.width, slide.identity.height))
    pixels = _halved_down(slide, region, 1 << place.zoom)
    profile = slide.profile if request.colour.profile else None
    return picture_of(in_srgb(pixels, profile))


def _halved_down(slide: Slide, region: Box, shrink: int) -> Pixels:
    """A region `shrink` times smaller; halving is ten times faster than resampling."""
    number = best_level(slide.levels, shrink)
    times = math.log2(shrink / slide.levels[number].downsample)
    if abs(times - round(times)) > 0.01 or times > MOST_HALVINGS:
        width, height = (
            max(1, round(side / shrink)) for side in (region.width, region.height)
        )
        return read_resized(slide, region, width=width, height=height)
    size = (
        max(1, math.ceil(side / slide.levels[number].downsample - 0.01))
        for side in (region.width, region.height)
    )
    pixels = slide.read(int(region.x), int(region.y), *size, level=number)
    for _ in range(round(times)):
        pixels = halved(pixels)
    return pixels


def picture_of(pixels: np.ndarray) -> QImage:
    """RGB (H, W, 3) as a picture that owns its memory and draws fastest."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    borrowed = QImage(
        pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888
    )
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def _as_array(
    picture: QImage, memory: memoryview | bytes | bytearray
) -> NDArray[np.uint8]:
    """A 32-bit picture's own memory as (H, W, 4): blue, green, red, unused."""
    return np.frombuffer(memory, np.uint8).reshape(picture.height(), picture.width(), 4)
