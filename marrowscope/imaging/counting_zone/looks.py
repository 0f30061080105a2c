"""How a patch of a slide looks at low power, in numbers that stains change little.

Colours become optical densities against the slide's own clear background, and the depth
that parts red cells from plasma is found on each slide anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

PATCH = 64  # pixels of 1 µm
NUCLEAR = (0.3, 0.6)  # optical density in red: red cells stay below, nuclei reach it
_BACKGROUND_OF_PATCH, _BACKGROUND_OF_SLIDE = 95, 85  # percentiles
_LEAST_DEPTH, _MOST_DEPTH = 0.03, 0.5
_SCALES = (1.0, 2.0, 4.0, 8.0)  # µm
INK = 1.2  # optical density of a mark in its strongest channel
_BLANK = 0.03  # optical density
MEASURED = (
    *("red", "green", "blue", "spread", "covered", "half_covered", "deep"),
    *("nuclear", "chromatin", "clear", "hue_red", "hue_blue", "ink"),
    *("fine", "small", "middle", "coarse", "fine_share", "streaks"),
)

Looks = NDArray[np.float32]  # (R, C, len(MEASURED))


@dataclass(frozen=True, slots=True)
class Staining:
    """What a slide's patches are measured against.

    `white` (3,) is the clear background, 0 to 255; `depth` the optical density in green
    that parts red cells from plasma.
    """

    white: NDArray[np.float32]
    depth: float

    @classmethod
    def of_samples(cls, samples: NDArray[np.uint8]) -> Staining:
        """From patches (N, H, W, 3) drawn all over the slide."""
        flat = samples.reshape(len(samples), -1, 3)
        bright = np.percentile(flat, _BACKGROUND_OF_PATCH, axis=1)
        white = np.percentile(bright, _BACKGROUND_OF_SLIDE, axis=0)
        white = np.maximum(white, 60).astype(np.float32)
        green = -np.log((flat[..., 1].astype(np.float32) + 1) / (white[1] + 1))
        stained = green[(green > 0) & (green < _MOST_DEPTH)]
        if len(stained) < 100:
            return cls(white, 0.1)
        steps = (stained / _MOST_DEPTH * 255).astype(np.uint8).reshape(1, -1)
        cut, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        return cls(white, max(cut / 255 * _MOST_DEPTH, _LEAST_DEPTH))


def looks(pixels: Pixels, staining: Staining) -> Looks:
    """Measures of every whole patch of a picture (H, W, 3) at 1 µm per pixel."""
    rows, columns = pixels.shape[0] // PATCH, pixels.shape[1] // PATCH
    dense = densities(pixels, staining)
    size = (columns, rows)

    def mean(values: NDArray[np.generic]) -> NDArray[np.float32]:
        area = cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        return np.asarray(area, np.float32).reshape(rows, columns)

    colour = [mean(dense[..., channel]) for channel in range(3)]
    green = np.ascontiguousarray(dense[..., 1])
    total = np.maximum(sum(colour), 0.02)
    spread = np.sqrt(np.maximum(mean(green**2) - colour[1] ** 2, 0))
    parts = [
        *colour,
        spread,
        mean(green > staining.depth),
        mean(green > 0.5 * staining.depth),
        mean(green > 2 * staining.depth),
        *(mean(dense[..., 0] > depth) for depth in NUCLEAR),
        mean(_blurred(green, 6.0) < 0.35 * staining.depth),
        colour[0] / total,
        colour[2] / total,
        mean(dense.max(axis=2) > INK),
        *_sharpness(green, spread, mean),
    ]
    return np.stack(parts, axis=2).astype(np.float32)


def densities(pixels: Pixels, staining: Staining) -> NDArray[np.float32]:
    """(H, W, 3) optical densities against the slide's clear background."""
    light = (pixels.astype(np.float32) + 1) / (staining.white + 1)
    return -np.log(np.minimum(light, 1.2))


def _sharpness(
    green: NDArray[np.float32],
    spread: NDArray[np.float32],
    mean: Callable[[NDArray[np.generic]], NDArray[np.float32]],
) -> list[NDArray[np.float32]]:
    """Contrast from fine to coarse, the fine one's share, and how it is directed."""
    blurred = [green, *(_blurred(green, scale) for scale in _SCALES)]
    bands = [
        mean(np.abs(sharp - soft))
        for sharp, soft in zip(blurred, blurred[1:], strict=False)
    ]
    across = cv2.Sobel(blurred[1], cv2.CV_32F, 1, 0)
    down = cv2.Sobel(blurred[1], cv2.CV_32F, 0, 1)
    xx, yy, xy = mean(across**2), mean(down**2), mean(across * down)
    directed = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / np.maximum(xx + yy, 1e-6)
    fine_share = bands[0] / np.maximum(spread, 0.01)
    return [np.asarray(part, np.float32) for part in (*bands, fine_share, directed)]


def _blurred(values: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), scale), np.float32)


def blank(measured: Looks) -> NDArray[np.bool_]:
    """(R, C) True where a patch holds back and varies less than 3 % of the light.

    The network learned glass beside smears; a slide without any is told by this alone.
    """
    colours = measured[..., [MEASURED.index(name) for name in ("red", "green", "blue")]]
    even = measured[..., MEASURED.index("spread")] < _BLANK
    return even & (np.abs(colours).max(axis=2) < _BLANK)


def with_surroundings(measured: Looks) -> Looks:
    """(R, C, 4 K): each patch, the mean around it, twice as far, and its slide's own.

    The last is how far a patch is from the median of the stained patches.
    """
    stained = measured[..., MEASURED.index("half_covered")] > 0.1
    typical = np.median(measured[stained] if stained.any() else measured[:1], axis=0)
    if typical.ndim > 1:
        typical = typical.mean(axis=0)
    near = _around(measured, 3)
    return np.concatenate(
        [measured, near, _around(measured, 5), near - typical], axis=2
    ).astype(np.float32)


def _around(measured: Looks, side: int) -> Looks:
    parts = [
        cv2.blur(
            np.ascontiguousarray(measured[..., k]),
            (side, side),
            borderType=cv2.BORDER_REPLICATE,
        )
        for k in range(measured.shape[2])
    ]
    return np.stack([np.asarray(part) for part in parts], axis=2).astype(np.float32)
