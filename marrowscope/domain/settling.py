"""How many more cells would settle a share that its interval leaves undecided."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from marrowscope.domain.statistics import Share

MOST_MORE_CELLS = 1000  # beyond this, counting cannot settle it (issue of the ledger)


@lru_cache(maxsize=256)  # asked for the same share by ledger, bars and report
def cells_to_settle(
    share: Share,
    threshold: Fraction,
    *,
    most: int = MOST_MORE_CELLS,
    confidence: float = 0.95,
) -> int | None:
    """Further cells after which the interval would exclude the threshold.

    Supposes that they hold the same share as those counted so far; the count of them
    is rounded towards the threshold, so that the answer is never too hopeful. From
    there on the interval stays clear. 0 when it is clear already; None when `most`
    further cells would not do, or when nothing was counted.
    """
    exact = share.fraction
    if exact is None:
        return None
    totals = share.total + np.arange(most + 1)
    counts = _expected(exact, totals, threshold)
    counts[0] = share.count
    clear = _clear(counts, totals, threshold, confidence)
    if clear.all():
        return 0
    last_unclear = int(np.flatnonzero(~clear)[-1])
    return None if last_unclear == most else last_unclear + 1


def _expected(
    exact: Fraction, totals: NDArray[np.int64], threshold: Fraction
) -> NDArray[np.int64]:
    """Counts at the share seen so far, in whole cells, rounded towards the mark."""
    whole, rest = np.divmod(totals * exact.numerator, exact.denominator)
    upwards = exact < threshold
    return whole + ((rest > 0) & upwards)


def _clear(
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    threshold: Fraction,
    confidence: float,
) -> NDArray[np.bool_]:
    """Where the Clopper-Pearson interval lies below, or at or above, the threshold."""
    # The limits themselves take ten times as long as asking where they lie.
    tail = (1 - confidence) / 2
    mark = float(threshold)
    some, rest = np.maximum(counts, 1), np.maximum(totals - counts, 1)
    reached = (counts > 0) & (betainc(some, totals - some + 1, mark) <= tail)
    kept_below = betainc(totals - rest + 1, rest, mark) > 1 - tail
    return reached | ((counts < totals) & kept_below)
