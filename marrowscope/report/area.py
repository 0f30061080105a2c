"""What other fields of the zone would have given, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from marrowscope.domain.area_spread import AreaSpread
from marrowscope.report.wording import count_text, interval_text

NOTE = (
    "Other fields: whole fields that hold counted cells drawn again with replacement"
    " (95 %). It covers the choice of fields within the zone read, not the choice of"
    " the zone."
)


def spread_text(
    line: str, spreads: Iterable[AreaSpread], marks: Sequence[Fraction]
) -> str:
    """Such as "other fields of this zone would give 7 to 14 %"; "" where unknown."""
    for spread in spreads:
        if spread.line == line:
            limits = interval_text(spread.interval, marks).replace("–", " to ")
            fields = count_text(spread.fields)
            return f"other fields of this zone would give {limits} % ({fields} fields)"
    return ""
