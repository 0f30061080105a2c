"""Exact binomial arithmetic: shares, intervals, and where they stand to a threshold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from scipy.special import betaincinv

FEWEST_FOR_PERCENT = 10  # below, one cell moves a share by more than ten points
TOO_FEW_FOR_PERCENT = "too few for a percentage"


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of a share, from 0 to 1."""

    low: float
    high: float

    def contains(self, share: float) -> bool:
        return self.low <= share <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` cells; the fraction is exact, so rounding never decides."""

    count: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.total:
            raise ValueError(f"{self.count} of {self.total} is not a share")

    @property
    def fraction(self) -> Fraction | None:
        """None when nothing was counted."""
        return Fraction(self.count, self.total) if self.total else None

    @property
    def percent(self) -> float | None:
        return 100 * self.count / self.total if self.total else None

    @property
    def enough_for_percent(self) -> bool:
        """Whether a suggested share may be told in percent: of a handful it may not."""
        return self.total >= FEWEST_FOR_PERCENT

    @property
    def interval(self) -> Interval:
        """The 95 % Clopper-Pearson interval: sampling error of random cells only."""
        return clopper_pearson(self.count, self.total)


class Standing(StrEnum):
    """Where a confirmed share stands to its threshold."""

    BELOW = "below"
    UNDECIDED = "undecided"
    AT_OR_ABOVE = "at or above"
    TOO_FEW = "too few cells"
    CANNOT_TELL = "cannot tell"


@lru_cache(maxsize=1024)  # a share is asked for its interval wherever it is told
def clopper_pearson(count: int, total: int, confidence: float = 0.95) -> Interval:
    """Exact binomial limits of a share, as in Rümke's tables.

    Clopper & Pearson, Biometrika 1934;26:404. Nothing counted gives 0 to 1.
    """
    if not total:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = betaincinv(count, total - count + 1, tail) if count else 0.0
    high = betaincinv(count + 1, total - count, 1 - tail) if count < total else 1.0
    return Interval(float(low), float(high))


def standing(
    share: Share, threshold: Fraction, *, minimum: int = 0, understated: bool = False
) -> Standing:
    """The word for a share: settled only when its whole interval lies on one side.

    Fewer than `minimum` cells is "too few cells", whatever the share. Where it
    may be `understated` (a diluted specimen, a pale stain), below cannot be told.
    """
    if share.total < max(minimum, 1):
        return Standing.TOO_FEW
    if understated and Fraction(share.count, share.total) < threshold:
        return Standing.CANNOT_TELL
    interval = share.interval
    if interval.high < threshold:
        return Standing.BELOW
    if interval.low >= threshold:
        return Standing.AT_OR_ABOVE
    return Standing.UNDECIDED


def percent_text(share: Share, marks: tuple[Fraction, ...] = ()) -> str:
    """The share in percent for print: whole, or with one decimal near a mark.

    Within 1 point of a mark a decimal is printed; should even that round onto the
    mark from below, further decimals follow, so that print never crosses a threshold.
    """
    if share.fraction is None or share.percent is None:
        return "–"
    exact = share.fraction
    near = [m for m in marks if abs(exact - m) <= Fraction(1, 100)]
    if not near:
        return f"{share.percent:.0f}"
    texts = [f"{share.percent:.{decimals}f}" for decimals in range(1, 6)]
    honest = (t for t in texts if same_side(near, t, exact))
    return next(honest, texts[-1])


def same_side(marks: Iterable[Fraction], text: str, exact: Fraction | float) -> bool:
    """True when a share printed so, in percent, is on its own side of every mark."""
    # Most shares are near no mark: their text is never read then.
    return all((Fraction(text) / 100 >= mark) == (exact >= mark) for mark in marks)
