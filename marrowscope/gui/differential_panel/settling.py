"""How many more cells would settle a verdict, in words."""

from __future__ import annotations

from fractions import Fraction

from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share
from marrowscope.report.wording import more_cells_text


def settling_text(share: Share, threshold: Fraction) -> str:
    """The guide as a sentence: "about 190 more would settle it"."""
    more = cells_to_settle(share, threshold)
    return more_cells_text(more) + ("" if more is None else " would settle it")
