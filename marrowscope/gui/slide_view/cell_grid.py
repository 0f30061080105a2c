"""Finding cells by place: rows of a table in a grid, all in numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Boxes


class CellGrid:
    """Boxes sorted by the grid square of their centre (level-0 pixels)."""

    def __init__(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self._reach = float(boxes[:, 2:].max(initial=1.0)) / 2
        self._square = max(4 * self._reach, 64.0)
        centres = boxes[:, :2] + boxes[:, 2:] / 2
        squares = np.maximum(centres // self._square, 0).astype(np.int64)  # (N, 2)
        self._columns = int(squares[:, 0].max(initial=0)) + 1
        number = squares[:, 1] * self._columns + squares[:, 0]
        self._order = np.argsort(number, kind="stable")
        self._numbers = number[self._order]
        self._rows = int(squares[:, 1].max(initial=0)) + 1

    def __len__(self) -> int:
        return len(self.boxes)

    def inside(self, region: Box) -> NDArray[np.intp]:
        """Rows of the boxes that touch a region."""
        rows = self._near(region)
        boxes = self.boxes[rows]
        touching = (
            (boxes[:, 0] < region.right)
            & (boxes[:, 1] < region.bottom)
            & (boxes[:, 0] + boxes[:, 2] > region.x)
            & (boxes[:, 1] + boxes[:, 3] > region.y)
        )
        return rows[touching]

    def _near(self, region: Box) -> NDArray[np.intp]:
        grown = region.grown(self._reach)
        first = max(int(grown.x // self._square), 0)
        last = min(int(grown.right // self._square), self._columns - 1)
        top = max(int(grown.y // self._square), 0)
        bottom = min(int(grown.bottom // self._square), self._rows - 1)
        if last < first or bottom < top or not len(self):
            return np.zeros(0, np.intp)
        lines = np.arange(top, bottom + 1) * self._columns
        starts = np.searchsorted(self._numbers, lines + first, side="left")
        ends = np.searchsorted(self._numbers, lines + last, side="right")
        parts = [
            self._order[start:end] for start, end in zip(starts, ends, strict=True)
        ]
        return np.concatenate(parts)

    def at(self, x: float, y: float, *, reach: float = 0.0) -> int | None:
        """The row whose box holds a point (within `reach`), the smallest of several."""
        rows = self.inside(
            Box(x - reach, y - reach, 2 * reach + 1e-3, 2 * reach + 1e-3)
        )
        if not len(rows):
            return None
        areas = self.boxes[rows, 2] * self.boxes[rows, 3]
        return int(rows[areas.argmin()])
