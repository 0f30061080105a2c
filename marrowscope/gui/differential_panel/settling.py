"""How many more cells would settle a verdict, in words."""

from __future__ import annotations

from fractions import Fraction

from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share


def settling_text(share: Share, threshold: Fraction) -> str:
    """The guide, rounded up: "about 190 more would settle it".

    A guide, not a stopping rule: a count that ends as soon as it pleases is no longer
    the count its interval was made for.
    """
    more = cells_to_settle(share, threshold)
    if more is None:
        return "cannot be settled by counting"
    step = 10 ** max(len(str(more)) - 2, 0)
    return f"about {-(-more // step) * step:,} more would settle it"
