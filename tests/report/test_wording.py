"""Numbers in print: whole percents, decimals near a mark, never over it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.statistics import Interval
from marrowscope.report.wording import date_text, interval_text, mark_text, share_text

TEN = Fraction(1, 10)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.054, 0.139, "5–14"),
        (0.0, 1.0, "0–100"),
        (0.0995, 0.2, "9.95–20.00"),
        (0.05, 0.09999, "5.000–9.999"),
    ],
)
def test_limits_near_a_mark_get_decimals(low: float, high: float, text: str) -> None:
    assert interval_text(Interval(low, high), (TEN,)) == text


@given(st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_printed_limit_stays_on_its_side(one: float, other: float) -> None:
    low, high = sorted((one, other))
    texts = interval_text(Interval(low, high), (TEN,)).split("–")
    for limit, text in zip((low, high), texts, strict=True):
        if abs(limit - 0.1) > 1e-6:
            assert (float(text) >= 10) == (limit >= 0.1)


def test_shares_are_whole_away_from_marks() -> None:
    assert share_text(1, 3) == "33"
    assert share_text(0, 0) == "–"
    assert share_text(19, 200, (TEN,)) == "9.5"


def test_marks_and_dates_read_as_a_person_writes_them() -> None:
    assert mark_text(TEN) == "10 %"
    assert mark_text(Fraction(1, 40)) == "2.5 %"
    assert date_text("2026-01-05T23:04:59+02:00") == "5 January 2026, 21:04 UTC"
