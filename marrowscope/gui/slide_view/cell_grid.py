"""Finding cells by place: boxes in the order of a grid, all in numpy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Boxes

LEAST_SQUARE = 64.0  # level-0 pixels
BOXES_ACROSS = 4  # usual boxes along one square
MOST_SQUARES = 1024  # along the longer side of the slide

Spans = tuple[NDArray[np.intp], NDArray[np.intp]]  # first rows, and ends behind them


def grid_of(boxes: Boxes) -> tuple[CellGrid, NDArray[np.intp]]:
    """A grid of these boxes, and which of them stands in each of its rows."""
    longer = np.maximum(boxes[:, 2], boxes[:, 3])
    usual = float(np.median(longer)) if len(boxes) else 0.0
    # Column by column, and `take`: rows of four are slow to go through and to gather.
    middles = [boxes[:, axis] + boxes[:, axis + 2] / 2 for axis in (0, 1)]
    span = max(float(middle.max(initial=0.0)) for middle in middles)
    square = max(BOXES_ACROSS * usual, LEAST_SQUARE, span / MOST_SQUARES)
    column, line = (np.maximum(m / square, 0).astype(np.uint16) for m in middles)
    columns, lines = int(column.max(initial=0)) + 1, int(line.max(initial=0)) + 1
    # A box that reaches beyond the next square is looked at whatever is asked for.
    column[longer > square], line[longer > square] = 0, lines
    # Numbers of 16 bits are sorted in a tenth of the time that longer ones take.
    order = np.argsort(column, kind="stable")
    order = order[np.argsort(line[order], kind="stable")]
    number = line[order].astype(np.intp) * columns + column[order]
    sorted_ = boxes.take(order, axis=0)
    starts = np.searchsorted(number, np.arange(columns * lines + 1))
    grid = CellGrid(sorted_, starts, square=square, columns=columns, lines=lines)
    return grid, order


class CellGrid:
    """Boxes (N, 4) in level-0 pixels, sorted by the grid square of their middle.

    Squares are numbered line by line, and `starts` (S + 1,) is the first row of each;
    large boxes stand behind the last. Make one with `grid_of`; every row number that is
    taken or given counts in its order.
    """

    def __init__(
        self,
        boxes: Boxes,
        starts: NDArray[np.intp],
        *,
        square: float,
        columns: int,
        lines: int,
    ) -> None:
        self.boxes = boxes
        self._square, self._columns, self._lines = square, columns, lines
        self._starts = starts

    def __len__(self) -> int:
        return len(self.boxes)

    def inside(self, region: Box) -> NDArray[np.intp]:
        """Rows of the boxes that touch a region, in order."""
        rows = _joined(self._spans(region.grown(self._square / 2)))
        rows = np.concatenate([rows, self._large])
        boxes = self.boxes[rows]
        touching = (
            (boxes[:, 0] < region.right)
            & (boxes[:, 1] < region.bottom)
            & (boxes[:, 0] + boxes[:, 2] > region.x)
            & (boxes[:, 1] + boxes[:, 3] > region.y)
        )
        return rows[touching]

    @property
    def squares(self) -> tuple[float, int, int]:
        """How wide they are in level-0 pixels; how many columns and lines of them."""
        return self._square, self._columns, self._lines

    def square_of(self, box: NDArray[np.floating]) -> int:
        """The number of the square that a box (4,) stands in, its own or a large one's.

        A box whose middle lies behind the last square is treated as a large one.
        """
        x, y, width, height = box.tolist()
        column = max(int((x + width / 2) // self._square), 0)
        line = max(int((y + height / 2) // self._square), 0)
        large = max(width, height) > self._square
        if large or column >= self._columns or line >= self._lines:
            return self._columns * self._lines
        return line * self._columns + column

    def rows_of(self, square: int) -> range:
        """The rows of one square's boxes; of the number behind the last, large ones."""
        last = square == len(self._starts) - 1
        end = len(self) if last else int(self._starts[square + 1])
        return range(int(self._starts[square]), end)

    def rearranged(self, boxes: Boxes, source: NDArray[np.intp]) -> CellGrid:
        """A grid of other boxes (N, 4) in the same squares, in the order given.

        `source` (N,): the row here that each was taken from, or one behind the last
        for those that are new.
        """
        gone = np.ones(len(self), np.bool_)
        gone[source[source < len(self)]] = False
        left = np.searchsorted(self._starts, np.flatnonzero(gone), side="right") - 1
        come = [self.square_of(box) for box in boxes[source >= len(self)]]
        more = np.zeros(len(self._starts) + 1, np.intp)
        np.add.at(more, np.asarray(come, np.intp) + 1, 1)
        np.add.at(more, left + 1, -1)
        return CellGrid(
            boxes,
            self._starts + np.cumsum(more[:-1]),
            square=self._square,
            columns=self._columns,
            lines=self._lines,
        )

    @property
    def _large(self) -> NDArray[np.intp]:
        return np.arange(self._starts[-1], len(self), dtype=np.intp)

    def _squares(self, region: Box) -> tuple[NDArray[np.intp], int, int]:
        """The lines of squares a region touches, by their first square's number, and
        the first and last column; no lines where it lies beside the grid."""
        side = self._square
        first = max(int(region.x // side), 0)
        last = min(int(region.right // side), self._columns - 1)
        top = max(int(region.y // side), 0)
        bottom = min(int(region.bottom // side), self._lines - 1)
        lines = np.arange(top, bottom + 1 if last >= first else top)
        return lines * self._columns, first, last

    def _spans(self, region: Box) -> Spans:
        """Rows of all boxes but the large ones whose square touches a region."""
        lines, first, last = self._squares(region)
        return self._starts[lines + first], self._starts[lines + last + 1]

    def at(
        self, x: float, y: float, seen: NDArray[np.bool_], *, reach: float = 0.0
    ) -> int | None:
        """The row whose box holds a point, the smallest of several.

        Where none does, of those within `reach`. `seen` (N,): boxes that are not seen
        are not hit either.
        """
        around = Box(x - reach, y - reach, 2 * reach + 1e-3, 2 * reach + 1e-3)
        rows = self.inside(around)
        rows = rows[seen[rows]]
        if not len(rows):
            return None
        low = self.boxes[rows, :2]
        inside = (low <= (x, y)) & ((x, y) <= low + self.boxes[rows, 2:])
        held = rows[inside.all(axis=1)]
        rows = held if len(held) else rows
        areas = self.boxes[rows, 2] * self.boxes[rows, 3]
        return int(rows[areas.argmin()])

    # Counting: `running` (N + 1,) says how many boxes are seen before each row -------

    def count(
        self, region: Box, running: NDArray[np.integer], *, enough: float = math.inf
    ) -> int:
        """How many seen boxes have their middle in a region; above `enough`, at least.

        Squares wholly inside are counted at once; those at the edge box by box.
        """
        lines, first, last = self._squares(region)
        starts, ends = self._starts[lines + first], self._starts[lines + last + 1]
        # Squares between the outermost lie in the region as a whole.
        between = lines[1:-1] if last - first > 1 else lines[:0]
        left, right = self._starts[between + first + 1], self._starts[between + last]
        whole = int((running[right] - running[left]).sum())
        if whole > enough:
            return whole
        if len(between):
            starts = np.concatenate([starts, right])
            ends = np.concatenate([ends[:1], left, ends[-1:], ends[1:-1]])
        rows = np.concatenate([_joined((starts, ends)), self._large])
        rows = rows[running[rows + 1] > running[rows]]
        boxes = self.boxes[rows]
        x, y = (boxes[:, :2] + boxes[:, 2:] / 2).T
        across = (x >= region.x) & (x < region.right)
        return whole + int((across & (y >= region.y) & (y < region.bottom)).sum())


def _joined(spans: Spans) -> NDArray[np.intp]:
    """Every row of some spans, one after another."""
    starts, ends = spans
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
