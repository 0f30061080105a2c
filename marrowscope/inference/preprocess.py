"""From pixels to what a network is fed; training calls these same functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels


@dataclass(frozen=True, slots=True)
class Normalisation:
    """(x / 255 - mean) / std per channel, RGB."""

    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class CropSpec:
    """A crop of `size` pixels square at `mpp` microns per pixel around one cell.

    A cell whose longer side times `context` exceeds `max_um` is scaled to fit.
    """

    size: int = 128
    mpp: float = 0.2
    max_um: float = 25.6
    context: float = 1.15

    def side_um(self, longer_side_um: float) -> float:
        """Microns across the crop of a cell of this size."""
        return max(self.max_um, longer_side_um * self.context)


def background_of(pixels: Pixels) -> tuple[int, int, int]:
    """Median RGB of the brighter half of a picture (H, W, 3): what glass looks like."""
    sample = pixels[:: max(1, pixels.shape[0] // 64), :: max(1, pixels.shape[1] // 64)]
    flat = sample.reshape(-1, 3)
    light = flat.sum(axis=1, dtype=np.int32)
    red, green, blue = np.median(flat[light >= np.median(light)], axis=0)
    return int(red), int(green), int(blue)


def cut_crop(
    pixels: Pixels,
    box: Box,
    *,
    mpp: float,
    spec: CropSpec,
    fill: tuple[int, int, int] | None = None,
) -> Pixels:
    """The crop (size, size, 3) of one cell from a picture at `mpp`.

    `box` in pixels of the picture. Border rule: what lies beyond the picture is `fill`,
    by default the picture's own background. Shrinking averages areas.
    """
    side = max(1, round(spec.side_um(max(box.width, box.height) * mpp) / mpp))
    x, y = box.centre
    left, top = round(x - side / 2), round(y - side / 2)
    window = _window(pixels, left, top, side, fill)
    way = cv2.INTER_AREA if side > spec.size else cv2.INTER_CUBIC
    crop = cv2.resize(window, (spec.size, spec.size), interpolation=way)
    return crop.astype(np.uint8, copy=False)


def _window(
    pixels: Pixels, left: int, top: int, side: int, fill: tuple[int, int, int] | None
) -> Pixels:
    height, width = pixels.shape[:2]
    inside = pixels[
        max(top, 0) : max(min(top + side, height), 0),
        max(left, 0) : max(min(left + side, width), 0),
    ]
    if inside.shape[:2] == (side, side):
        return inside
    window = np.empty((side, side, 3), np.uint8)
    window[:] = background_of(pixels) if fill is None else fill
    y, x = max(-top, 0), max(-left, 0)
    window[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return window


def normalise(
    pictures: Sequence[Pixels] | NDArray[np.uint8], normalisation: Normalisation
) -> NDArray[np.float32]:
    """Pictures of one size (H, W, 3) as float32 (N, 3, H, W)."""
    mean = np.asarray(normalisation.mean, np.float32) * 255
    scale = 1 / (np.asarray(normalisation.std, np.float32) * 255)
    stack = (np.stack(list(pictures)).astype(np.float32) - mean) * scale
    return np.ascontiguousarray(stack.transpose(0, 3, 1, 2), np.float32)


def padded_to_multiple(pixels: Pixels, multiple: int) -> Pixels:
    """The picture in the top left of one whose sides are multiples, in background."""
    height, width = pixels.shape[:2]
    down, across = -height % multiple, -width % multiple
    if not down and not across:
        return pixels
    # The edge's own pixels would mirror cut cells into whole ones: fill plainly.
    fill = background_of(pixels)
    way = cv2.BORDER_CONSTANT
    grown = cv2.copyMakeBorder(pixels, 0, down, 0, across, way, value=fill)
    return grown.astype(np.uint8, copy=False)
