"""How many cells must be reviewed until every reported line is right and stays right.

A simulated reader goes through a case in some order; each call takes the place of the
model's answer. A line is right when its share lies on the same side of its threshold as
that of the true cells. The count is of cells reviewed before all lines are right for
good; where the last one never is (a reader errs too), it is all cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.decision_impact import Called, review_order
from marrowscope.domain.reported_shares import OUTSIDE, PART, ReportedShare
from marrowscope.domain.second_looks import second_looks

BATCH = 10  # calls after which the order is made anew
LATER = 25  # the same, of those after the first
FIRST = 200


@dataclass(frozen=True, slots=True)
class SimulatedCase:
    """N cells of a case. `confidence` (N,): probability of each cell's answer.

    `truth`, `calls` (N, S): where each cell belongs, and where the simulated reader
    would put it; `again` (N, S): at a second look. `looks` (N,): how often each cell
    is looked at when it is read.
    """

    chances: CellChances
    confidence: NDArray[np.float32]
    truth: NDArray[np.int8]
    calls: NDArray[np.int8]
    again: NDArray[np.int8]
    looks: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`cells` looked at until all lines were right for good; `ever`: they came to be.

    `wrong_first`: how many lines the model's answers alone put on the wrong side.
    """

    cells: int
    ever: bool
    wrong_first: int


def reviewed_until_right(
    case: SimulatedCase, shares: Sequence[ReportedShare], order: NDArray[np.intp]
) -> Reviewed:
    """Go through the rows of a case in this order."""
    wrong = lines_wrong(case, shares, order)
    last = np.flatnonzero(wrong)
    if not len(last):
        return Reviewed(0, True, 0)
    ever = bool(wrong[-1] == 0)
    rows = order[: int(last[-1]) + 1] if ever else order
    return Reviewed(int(case.looks[rows].sum()), ever, int(wrong[0]))


def lines_wrong(
    case: SimulatedCase, shares: Sequence[ReportedShare], order: NDArray[np.intp]
) -> NDArray[np.intp]:
    """(K + 1,) how many lines are wrong before and after each of K rows is read."""
    wrong = np.zeros(len(order) + 1, np.intp)
    for number, share in enumerate(shares):
        columns = [c[:, number] for c in (case.chances.said, case.calls, case.truth)]
        for mark in share.thresholds:
            worth = mark.denominator, mark.numerator
            said, calls, truth = (_balance(column, *worth) for column in columns)
            path = said.sum() + np.cumsum([0, *(calls - said)[order]])
            wrong += _above(path) != _above(truth.sum())
    return wrong


def _balance(
    standing: NDArray[np.int8], denominator: int, numerator: int
) -> NDArray[np.int64]:
    """(N,) what each cell adds to a share's balance, in whole numbers."""
    part, member = standing == PART, standing != OUTSIDE
    return part * np.int64(denominator) - member * np.int64(numerator)


def _above(balance: NDArray[np.int64] | np.int64) -> NDArray[np.bool_]:
    return np.asarray(balance) >= 0


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows in the order read, and how many were when it first said "none likely"."""

    rows: NDArray[np.intp]
    done: int


def by_impact(case: SimulatedCase, shares: Sequence[ReportedShare]) -> Queue:
    """By decision impact, the order made anew after each batch of calls."""
    row_of = {int(cell): row for row, cell in enumerate(case.chances.id)}
    read: list[int] = []
    done: int | None = None
    while len(read) < len(case.chances):
        rows = np.asarray(read, np.intp)
        called = Called(case.chances.id[rows], case.calls[rows])
        order = review_order(case.chances, shares, called)
        if done is None and not order.first:
            done = len(read)
        batch = BATCH if len(read) < FIRST else LATER
        read += [row_of[int(cell)] for cell in order.cells[:batch]]
    return Queue(np.asarray(read, np.intp), len(read) if done is None else done)


def looked_at_again(case: SimulatedCase) -> SimulatedCase:
    """The same reader, shown a second time what contradicts a very sure model.

    The second call stands. It errs independently of the first here; a reader's two
    looks at one cell err alike more often than that.
    """
    rows = np.arange(len(case.chances))
    called = Called(case.chances.id, case.calls)
    doubted = np.isin(case.chances.id[rows], second_looks(case.chances, called))
    calls = np.where(doubted[:, None], case.again, case.calls)
    return replace(case, calls=calls, looks=case.looks + doubted)


def least_confident_first(case: SimulatedCase) -> NDArray[np.intp]:
    """Rows by the probability of their answer, the lowest first."""
    return np.argsort(case.confidence, kind="stable")


def at_random(case: SimulatedCase, rng: np.random.Generator) -> NDArray[np.intp]:
    """Rows in random order."""
    return rng.permutation(len(case.chances))
