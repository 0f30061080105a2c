"""How many more cells would settle a verdict, if their share stayed what it is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from marrowscope.domain.statistics import Share, Standing, standing

MOST = 5000  # more cells than anybody counts


def cells_to_settle(share: Share, threshold: Fraction) -> int | None:
    """Further cells of the same share until the interval clears the threshold.

    0 when it does already; None when even MOST further cells would not do. Counting to
    the smallest such number is a guide, not a stopping rule: a count that ends as soon
    as it pleases is no longer the count its interval was made for.
    """

    def settled(more: int) -> bool:
        total = share.total + more
        count = round(Fraction(share.count, share.total) * total)
        word = standing(Share(count, total), threshold)
        return word in (Standing.BELOW, Standing.AT_OR_ABOVE)

    if not share.total or not settled(MOST):
        return None
    return 0 if settled(0) else _smallest(settled)


def _smallest(settled: Callable[[int], bool]) -> int:
    """Bisect to the first settled number; rounding the count makes it approximate."""
    low, high = 0, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if settled(middle) else (middle, high)
    return high


def settling_text(share: Share, threshold: Fraction) -> str:
    """The guide in words, rounded up: "about 1,900 more would settle it"."""
    more = cells_to_settle(share, threshold)
    if more is None:
        return "too close to settle by counting"
    step = 10 ** max(len(str(more)) - 2, 0)
    return f"about {-(-more // step) * step:,} more would settle it"
