"""Which parts of a slide the reader has looked at."""

from __future__ import annotations

import base64
import binascii
import math
import zlib

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.slide_view.viewport import Viewport

CELLS = 192  # of the grid along the slide's longer side


class VisitedArea:
    """A coarse grid over a slide (width, height in level-0 pixels).

    `seen` is (rows, columns), True where the reader has looked.
    """

    def __init__(self, slide: tuple[int, int]) -> None:
        self._side = max(max(slide) / CELLS, 1.0)
        columns, rows = (max(1, math.ceil(side / self._side)) for side in slide)
        self.seen: NDArray[np.bool_] = np.zeros((rows, columns), np.bool_)

    @property
    def share(self) -> float:
        """Seen part of the slide, 0 to 1."""
        return float(self.seen.mean())

    def mark(self, before: Viewport, now: Viewport) -> bool:
        """Take what both views show as seen; False when nothing of it is new."""
        columns, rows = self._ranges(now)
        across, down = np.meshgrid(columns, rows)
        middles = (np.stack([across, down], -1).reshape(-1, 2) + 0.5) * self._side
        both = _shown(middles, before) & _shown(middles, now)
        both |= self._holds_middle(middles, now) & self._holds_middle(middles, before)
        new = both.reshape(across.shape) & ~self.seen[down, across]
        self.seen[down[new], across[new]] = True
        return bool(new.any())

    def _ranges(self, view: Viewport) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Columns and rows that a view touches."""
        region, (rows, columns) = view.region, self.seen.shape
        across = (region.x, region.right, columns)
        down = (region.y, region.bottom, rows)
        return self._between(*across), self._between(*down)

    def _between(self, low: float, high: float, count: int) -> NDArray[np.intp]:
        first = max(0, math.floor(low / self._side))
        return np.arange(first, min(count, math.floor(high / self._side) + 1))

    def _holds_middle(
        self, middles: NDArray[np.floating], view: Viewport
    ) -> NDArray[np.bool_]:
        # A view may be smaller than a cell of the grid.
        away = np.abs(middles - (view.x, view.y))
        return np.all(away <= self._side / 2, axis=1)

    @property
    def text(self) -> str:
        """The grid in a few hundred letters."""
        packed = zlib.compress(np.packbits(self.seen).tobytes(), 9)
        return base64.b64encode(packed).decode()

    def take(self, text: str) -> None:
        """Take as seen what a text of this slide's grid says; nothing of another's."""
        try:
            packed = zlib.decompress(base64.b64decode(text, validate=True))
        except (binascii.Error, zlib.error):
            return
        bits = np.unpackbits(np.frombuffer(packed, np.uint8))
        if len(packed) == math.ceil(self.seen.size / 8):
            self.seen |= bits[: self.seen.size].reshape(self.seen.shape).astype(bool)


def _shown(points: NDArray[np.floating], view: Viewport) -> NDArray[np.bool_]:
    places = view.all_to_screen(points)
    inside = (places >= 0) & (places <= (view.width, view.height))
    return np.all(inside, axis=1)
