"""In which order to review cells, so that what is reported changes soonest if it will.

A reported line is a share against a threshold. Reviewing a cell moves the line's
balance from where the model's answer put it to where the cell belongs: how far on
average follows from the cell's chances, how much that matters from how likely the line
is to end on its other side, and from how far there is to go. Cells that a person has
called stand where they were called, and tell how far the model errs in this case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.case_errors import as_called
from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.line_balance import LineBalance, balances
from marrowscope.domain.reported_shares import ReportedShare

UNLIKELY = 0.01  # chance of a line's change below which nobody is sent to look
HELD_BY_FIRST = 0.5  # of what all cells are worth, by the cells named first


@dataclass(frozen=True, slots=True)
class Called:
    """Cells a person has called: ids (K,), each once, and where the calls put them in
    each share, (K, S)."""

    id: NDArray[np.int64]
    standing: NDArray[np.int8]

    def among(self, chances: CellChances) -> tuple[NDArray[np.intp], Called]:
        """Rows (H,) of those that the table holds, and these cells alone."""
        rows = CellRows(chances.id).of(self.id)
        held = np.isin(self.id, chances.id[rows])
        return rows, Called(self.id[held], self.standing[held])


@dataclass(frozen=True, slots=True)
class LineAtStake:
    """A reported line: `part` of `whole` cells by the answers and calls of now.

    `chance`: how likely reviewing every cell would bring it over `threshold`, 0 to 1.
    `cells`: of those named first, how many are there mainly for this line.
    """

    name: str
    threshold: Fraction
    part: int
    whole: int
    chance: float
    cells: int = 0

    @property
    def above(self) -> bool:
        """True when the share is at or above the threshold; nothing is below it."""
        return bool(self.whole) and Fraction(self.part, self.whole) >= self.threshold


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """Cells nobody has called, most likely to move a reported line first.

    `cells` (M,) ids. `first`: how many of them hold half of what may move a line; 0
    where no line is likely to change. `lines` in the order of the shares.
    """

    cells: NDArray[np.int64]
    first: int
    lines: tuple[LineAtStake, ...]

    @property
    def chance(self) -> float:
        """How likely the likeliest line is to change, 0 to 1."""
        return max((line.chance for line in self.lines), default=0.0)


def review_order(
    chances: CellChances,
    shares: Sequence[ReportedShare],
    called: Called,
) -> ReviewOrder:
    """The order of now, without what was called.

    Cells of equal worth come by their ids, so that the order of the table is of no
    account. Half a second at most for 555,052 cells: not for the window's thread.
    """
    rows, held = called.among(chances)
    standing = held.standing
    chances = as_called(chances, rows, standing)
    open_ = np.ones(len(chances), np.bool_)
    open_[rows] = False
    index = np.flatnonzero(open_)
    lines = [
        line
        for number, share in enumerate(shares)
        for line in balances(chances, number, share, index, rows, standing[:, number])
    ]
    weights = [line.weight(chances.spread) for line in lines]
    worth = np.zeros(len(index), np.float32)
    for line, weight in zip(lines, weights, strict=True):
        worth += np.float32(weight) * line.size
    ids = chances.id[index]
    order = _descending(worth, ids)
    likely = any(line.change(chances.spread) >= UNLIKELY for line in lines)
    first = _first(worth[order]) if likely else 0
    mainly = _mainly(lines, weights, order[:first])
    return ReviewOrder(
        ids[order],
        first,
        tuple(
            _at_stake(line, chances.spread, cells)
            for line, cells in zip(lines, mainly, strict=True)
        ),
    )


def _descending(worth: NDArray[np.float32], ids: NDArray[np.int64]) -> NDArray[np.intp]:
    if len(ids) and not bool((ids[1:] > ids[:-1]).all()):
        return np.lexsort((ids, -worth))
    return np.argsort(-worth, kind="stable")


def _first(worth: NDArray[np.floating]) -> int:
    """The fewest cells, from the first, that hold the stated part of all worth."""
    held = np.cumsum(worth, dtype=np.float64)
    if not len(held) or held[-1] <= 0:
        return 0
    return int(np.searchsorted(held, HELD_BY_FIRST * held[-1])) + 1


def _mainly(
    lines: Sequence[LineBalance], weights: Sequence[float], rows: NDArray[np.intp]
) -> NDArray[np.int64]:
    """(L,) how many of these cells are worth most to each line."""
    worths = [w * line.size[rows] for line, w in zip(lines, weights, strict=True)]
    return np.bincount(np.argmax(worths, axis=0), minlength=len(lines))


def _at_stake(line: LineBalance, spread: float, cells: int) -> LineAtStake:
    return LineAtStake(
        name=line.share.name,
        threshold=line.threshold,
        part=line.part,
        whole=line.whole,
        chance=line.change(spread),
        cells=int(cells),
    )
