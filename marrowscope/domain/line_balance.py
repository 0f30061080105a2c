"""How far the reported shares are from their thresholds, and where they may end.

Each cell moves the balance of a share against a threshold t by 1 - t as part of the
share, by -t as one of the rest, by 0 outside; the share is at or above t when the
balance of all its cells is 0 or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.reported_shares import OUTSIDE, PART, REST, ReportedShare

FEW_CALLS = 3.0  # as many calls weigh as much as what was supposed of the model


@dataclass(frozen=True, slots=True)
class LineBalance:
    """One share against one threshold over M open cells.

    `balance` of all cells as they are called or named now. `move` and `size` (M,): the
    mean and the mean size of what reviewing a cell would add to it; `variance` (M,).
    """

    share: ReportedShare
    threshold: Fraction
    part: int
    whole: int
    balance: float
    move: NDArray[np.floating]
    size: NDArray[np.floating]
    variance: NDArray[np.floating]

    def end(self, spread: float) -> tuple[float, float]:
        """Where the balance of all cells is expected to end, and how surely (sd).

        `spread`: how far all that is expected may be off together, as a part of it.
        """
        together = spread * float(self.size.sum(dtype=np.float64))
        alone = np.sqrt(float(self.variance.sum(dtype=np.float64)))
        mean = self.balance + float(self.move.sum(dtype=np.float64))
        return mean, float(np.hypot(alone, together))

    def change(self, spread: float) -> float:
        """The chance that the balance of all cells ends on the other side."""
        return float(other_side(self.balance, *self.end(spread)))

    def weight(self, spread: float) -> float:
        """What moving the balance by one cell is worth.

        The chance of a change over the way to go, and the chance that the line ends so
        close to its threshold that this one cell decides.
        """
        mean, width = self.end(spread)
        width = max(width, 1e-6)
        decides = float(np.exp(-0.5 * (mean / width) ** 2)) / width
        return self.change(spread) / max(abs(self.balance), 1.0) + decides


def balances(
    chances: CellChances,
    number: int,
    share: ReportedShare,
    index: NDArray[np.intp],
    rows: NDArray[np.intp],
    called: NDArray[np.int8],
) -> list[LineBalance]:
    """A share against each of its thresholds; `called` (K,) of the cells in `rows`."""
    said = chances.said[index, number]
    counts = np.bincount(said, minlength=3) + np.bincount(called, minlength=3)
    factors = _found_so_far(chances, number, rows, called)
    part, rest = _corrected(chances, number, index, factors)
    return [_balance(share, t, said, part, rest, counts) for t in share.thresholds]


def _found_so_far(
    chances: CellChances,
    number: int,
    rows: NDArray[np.intp],
    called: NDArray[np.int8],
) -> NDArray[np.float32]:
    """(3, 3) how much oftener than supposed cells named so turned out to be each.

    The model's errors in this very case, as its first calls show them.
    """
    supposed = np.zeros((3, 3))
    turned_out = np.zeros((3, 3))
    said = chances.said[rows, number]
    part, rest = chances.part[rows, number], chances.rest[rows, number]
    for kind, chance in ((PART, part), (REST, rest), (OUTSIDE, 1 - part - rest)):
        supposed[:, kind] = np.bincount(said, chance, minlength=3)
    np.add.at(turned_out, (said, called), 1)
    return ((turned_out + FEW_CALLS) / (supposed + FEW_CALLS)).astype(np.float32)


def _corrected(
    chances: CellChances,
    number: int,
    index: NDArray[np.intp],
    factors: NDArray[np.float32],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    said = chances.said[index, number]
    part, rest = chances.part[index, number], chances.rest[index, number]
    outside = np.maximum(1 - part - rest, 0) * factors[said, OUTSIDE]
    part, rest = part * factors[said, PART], rest * factors[said, REST]
    sums = np.maximum(part + rest + outside, np.float32(1e-9))
    return part / sums, rest / sums


def _balance(
    share: ReportedShare,
    threshold: Fraction,
    said: NDArray[np.int8],
    part: NDArray[np.floating],
    rest: NDArray[np.floating],
    counts: NDArray[np.intp],
) -> LineBalance:
    mark = np.float32(threshold)
    values = np.zeros(3, np.float32)
    values[[OUTSIDE, REST, PART]] = 0, -mark, 1 - mark
    now = values[said]
    mean = part - mark * (part + rest)
    square = part * (1 - mark) ** 2 + rest * mark**2
    outside = np.maximum(1 - part - rest, 0)
    size = part * (1 - mark - now) + rest * np.abs(now + mark) + outside * np.abs(now)
    whole = int(counts[PART] + counts[REST])
    return LineBalance(
        share=share,
        threshold=threshold,
        part=int(counts[PART]),
        whole=whole,
        balance=float(counts[PART] - threshold * whole),
        move=mean - now,
        size=size,
        variance=np.maximum(square - mean**2, 0),
    )


def other_side(
    balance: float, end: NDArray[np.floating] | float, width: NDArray | float
) -> NDArray[np.floating]:
    """The chance that what is normal about `end` lies on the other side of 0."""
    away = end if balance >= 0 else -np.asarray(end)
    return ndtr(-np.asarray(away) / np.maximum(width, 1e-6))
