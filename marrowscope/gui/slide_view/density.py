"""How thick cells lie, at every step of the zoom: counts in squares, halved and halved.

Too many outlines would be a blur that takes seconds; a picture of how many of which
lineage lie where takes milliseconds and can be read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.slide_view.shown_cells import LOOKS, ShownCells

MOST_SQUARES = 1 << 20  # on the finest level
LEAST_SQUARE = 16.0  # level-0 pixels

Counts = NDArray[np.int32]  # (lines, columns, LOOKS) or (lines, columns)


@dataclass(frozen=True, slots=True)
class DensityLevel:
    """Cells counted in squares of `square` level-0 pixels, by look (see ShownCells)."""

    square: float
    counts: Counts


def density_levels(
    shown: ShownCells, seen: NDArray[np.bool_]
) -> tuple[DensityLevel, ...]:
    """The cells that are seen, finest level first; every level holds all of them."""
    rows = np.flatnonzero(seen)
    if not len(rows):
        return ()
    x, y, width, height = shown.grid.boxes.take(rows, axis=0).T
    middles = np.stack([np.maximum(x + width / 2, 0), np.maximum(y + height / 2, 0)])
    side = _finest_square(np.maximum(width, height), middles)
    column, line = (middles / side).astype(np.intp)
    columns, lines = int(column.max()) + 1, int(line.max()) + 1
    places = (line * columns + column) * LOOKS + shown.kind[rows] % LOOKS
    flat = np.bincount(places, minlength=lines * columns * LOOKS).astype(np.int32)
    counts = flat.reshape(lines, columns, LOOKS)
    levels = [DensityLevel(side, counts)]
    while max(counts.shape[:2]) > 1:
        counts = _halved(counts)
        levels.append(DensityLevel(2 * levels[-1].square, counts))
    return tuple(levels)


def _finest_square(longer: NDArray[np.floating], middles: NDArray) -> float:
    """About as wide as a cell, so that each cell has a place of its own.

    `middles` (2, N).
    """
    side = max(float(np.median(longer)), LEAST_SQUARE)
    while np.prod(np.ceil(middles.max(axis=1) / side) + 1) > MOST_SQUARES:
        side *= 2
    return side


def _halved(counts: Counts) -> Counts:
    """Sums of two by two squares."""
    lines, columns = counts.shape[:2]
    even = np.pad(counts, ((0, lines % 2), (0, columns % 2), (0, 0)))
    return even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
