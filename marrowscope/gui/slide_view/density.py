"""How thick cells lie, at every step of the zoom: sums over squares, halved and halved.

Too many outlines would be a blur that takes seconds; a picture of how many of which
lineage lie where takes milliseconds and can be read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.slide_view.shown_cells import ShownCells

MOST_SQUARES = 1 << 20  # on the finest level
LEAST_SQUARE = 16.0  # level-0 pixels

Sums = NDArray[np.float32]  # (K, lines, columns)


@dataclass(frozen=True, slots=True)
class DensityLevel:
    """What the cells weigh together in squares of `square` level-0 pixels.

    `sums` (K, lines, columns): by each of K ways to weigh them.
    """

    square: float
    sums: Sums


def density_levels(
    shown: ShownCells, seen: NDArray[np.bool_], weights: NDArray[np.floating]
) -> tuple[DensityLevel, ...]:
    """The cells that are seen, finest level first; every level holds all of them.

    `weights` (K, LOOKS): what a cell of each look weighs (see ShownCells). To sum what
    is asked for takes a third of the memory that cells counted by look take, and fresh
    memory is what takes the time here.
    """
    rows = np.flatnonzero(seen)
    if not len(rows):
        return ()
    x, y, width, height = shown.grid.boxes.take(rows, axis=0).T
    middles = np.stack([np.maximum(x + width / 2, 0), np.maximum(y + height / 2, 0)])
    side = _finest_square(np.maximum(width, height), middles)
    column, line = (middles / side).astype(np.intp)
    columns, lines = int(column.max()) + 1, int(line.max()) + 1
    places, look = line * columns + column, shown.look[rows]
    sums = np.empty((len(weights), lines, columns), np.float32)
    for weight, flat in zip(weights, sums.reshape(len(weights), -1), strict=True):
        flat[:] = np.bincount(places, weight.take(look), lines * columns)
    levels = [DensityLevel(side, sums)]
    while max(sums.shape[1:]) > 1:
        sums = _halved(sums)
        levels.append(DensityLevel(2 * levels[-1].square, sums))
    return tuple(levels)


def _finest_square(longer: NDArray[np.floating], middles: NDArray) -> float:
    """About as wide as a cell, so that each cell has a place of its own.

    `middles` (2, N).
    """
    side = max(float(np.median(longer)), LEAST_SQUARE)
    while np.prod(np.ceil(middles.max(axis=1) / side) + 1) > MOST_SQUARES:
        side *= 2
    return side


def _halved(sums: Sums) -> Sums:
    """Sums of two by two squares."""
    lines = sums[:, ::2].copy()
    lines[:, : sums.shape[1] // 2] += sums[:, 1::2]
    both = lines[..., ::2].copy()
    both[..., : lines.shape[2] // 2] += lines[..., 1::2]
    return both
