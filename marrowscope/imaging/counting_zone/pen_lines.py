"""Thin lines of a pen, which fill too little of a patch to show in its measures.

A line is dark all along, of one colour, and longer than cells are. Nuclei are as dark,
but what holds them together is narrower than a pen; solid tissue is as long, but its
colour changes from nucleus to nucleus.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.counting_zone.looks import INK, PATCH, Staining, densities

NARROWEST = 10.0  # µm across; what is narrower falls apart, as chains of nuclei do
WIDEST = 96.0  # µm across, where two lines cross; wider marks are seen patch by patch
SHORTEST = 150.0  # µm
# Of its density in the strongest channel: 0.06 to 0.09 in uneven ink on a noisy scan,
# 0.17 and more in rows of nuclei of a tissue section.
MOST_UNEVEN = 0.13
LEAST_SHARE = 0.01  # of a patch


def pen_lines(pixels: Pixels, staining: Staining) -> NDArray[np.bool_]:
    """(R, C) True where a line of ink runs through a whole patch of a picture.

    `pixels` (H, W, 3) at 1 µm per pixel. A piece shorter than 150 µm inside the
    picture, or ink that lets a third of the light through, is not told.
    """
    rows, columns = pixels.shape[0] // PATCH, pixels.shape[1] // PATCH
    darkest = (staining.white + 1) * np.exp(-INK) - 1
    dark = (pixels < darkest).any(axis=2).astype(np.uint8)
    depth = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(
        (depth > NARROWEST / 2 - 0.5).astype(np.uint8)
    )
    lines = np.zeros(dark.shape, np.float32)
    for number, (x, y, width, height, _) in enumerate(stats):
        if number == 0 or np.hypot(width, height) < SHORTEST:
            continue
        place = np.s_[y : y + height, x : x + width]
        own = numbers[place] == number
        thin = depth[place][own].max() <= WIDEST / 2
        if thin and _even(pixels[place][own], staining):
            lines[place][own] = 1
    size = (columns, rows)
    whole = lines[: rows * PATCH, : columns * PATCH]
    share = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return np.asarray(share).reshape(rows, columns) > LEAST_SHARE


def _even(pixels: Pixels, staining: Staining) -> bool:
    """True when pixels (N, 3) are of one colour."""
    dense = densities(pixels, staining)
    strongest = dense[:, dense.mean(axis=0).argmax()]
    return bool(strongest.std() <= MOST_UNEVEN * strongest.mean())
