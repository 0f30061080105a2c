"""Tiles that lie side by side, copied into a picture row by row.

A picture larger than the processor's cache is written faster from end to end of its
rows than tile by tile: the next place to write is foreseen. This halves what copying
costs, which no decoder at hand saves: none writes into a part of a picture.
"""

from __future__ import annotations

import math
from threading import local

import cv2
import numpy as np

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.pixel_memory import MEMORY

HELD = 1536 << 10  # bytes of tiles for each thread: eight of 256 pixels a side
_WORD = np.dtype(np.uint64)  # numpy copies these a tenth faster than bytes


class _Scratch(local):
    """Where each thread decodes what is copied on at once."""

    def __init__(self) -> None:
        self.memory = MEMORY.lend((HELD,))


_SCRATCH = _Scratch()


class TileBand:
    """Decoded tiles on their way into `picture` (H, W, 3), whose rows are all theirs.

    `rows` says which of a tile's. Call `flush` when the last was decoded.
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        """For tiles of this shape, as many at once as HELD allows; at least one."""
        self.shape = shape
        size = math.prod(shape)
        most = max(1, HELD // size)
        memory = _SCRATCH.memory if size <= HELD else MEMORY.lend((size,))
        self._tiles = memory[: most * size].reshape(most, *shape)
        self._count = 0

    def begin(self, picture: Pixels, rows: slice) -> None:
        """What is decoded from now on belongs there."""
        self._picture, self._rows = picture, rows
        self._start = self._end = -1

    def place(self, there: slice) -> Pixels:
        """Where to decode the tile for these columns of the picture, left to right."""
        if there.start != self._end or self._count == len(self._tiles):
            self.flush()
            self._start = there.start
        self._end = there.stop
        self._count += 1
        return self._tiles[self._count - 1]

    def flush(self) -> None:
        """Copy what was decoded; the last tile may be cut by the slide's edge."""
        if not self._count:
            return
        tiles = self._tiles[: self._count, self._rows]
        there = self._picture[:, self._start : self._end]
        side = tiles.shape[2]
        whole = there.shape[1] // side
        if whole:
            _copy_together(tiles[:whole], there[:, : whole * side])
        if whole < self._count:
            rest = there[:, whole * side :]
            copy(tiles[whole, :, : rest.shape[1]], rest)
        self._count = 0


def _copy_together(tiles: Pixels, there: Pixels) -> None:
    """(n, H, W, 3) side by side into (H, n W, 3)."""
    number, height, side, _ = tiles.shape
    row = side * 3
    source = tiles.reshape(number, height, row).swapaxes(0, 1)
    target = there.reshape(height, number, row)  # still the picture's own memory
    if row % _WORD.itemsize == 0:
        source, target = source.view(_WORD), target.view(_WORD)
    np.copyto(target, source)


def copy(part: Pixels, there: Pixels) -> None:
    """One part of a tile into a part of a picture of the same size."""
    # A fifth faster than numpy, row by row into memory not yet in the cache.
    cv2.copyTo(part, None, there)  # type: ignore[arg-type]
