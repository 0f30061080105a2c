"""Exact tests of counts: can chance alone make two shares differ so much?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from marrowscope.domain.statistics import Share

# Two outcomes are equally likely where they differ by less: floats, not mathematics.
# The tolerance of R's fisher.test.
_SAME = 1e-7


def fisher_exact(one: Share, other: Share) -> float:
    """The two-sided p of Fisher's exact test that both shares are of one marrow.

    The chance, with both totals and their sum of counts given, of any split that is no
    more likely than the one seen (Fisher, J R Stat Soc 1935;98:39; R's fisher.test).
    1.0 where either is of no cells. Takes about as long as the lower count is high.
    """
    both = one.count + other.count
    low, high = max(0, both - other.total), min(one.total, both)
    split = np.arange(low, high + 1)
    chances = _ways(one.total, split) + _ways(other.total, both - split)
    chances = np.exp(chances - chances.max())
    seen = chances[one.count - low]
    as_rare = chances[chances <= seen * (1 + _SAME)]
    return min(1.0, float(as_rare.sum() / chances.sum()))


def _ways(total: int, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of how many ways there are to choose so many of `total`."""
    ways = gammaln(total + 1) - gammaln(counts + 1) - gammaln(total - counts + 1)
    return np.asarray(ways, np.float64)


def holm_adjusted(chances: Sequence[float]) -> tuple[float, ...]:
    """The same p values, adjusted for there being so many of them, in their order.

    With any of them below 0.05, the chance that even one line is wrongly told to differ
    is at most 5 % over all lines, however they hang together (Holm, Scand J Stat
    1979;6:65).
    """
    adjusted = [0.0] * len(chances)
    highest = 0.0
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[index]))
        adjusted[index] = highest
    return tuple(adjusted)
