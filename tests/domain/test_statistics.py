"""Exact intervals, and rounding that never decides."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from marrowscope.domain.statistics import (
    Share,
    Standing,
    clopper_pearson,
    percent_text,
    standing,
)

TEN = Fraction(1, 10)
shares = st.integers(0, 2000).flatmap(
    lambda total: st.builds(Share, st.integers(0, total), st.just(total))
)


@given(shares.filter(lambda s: s.total > 0))
def test_the_interval_is_scipys_exact_one(share: Share) -> None:
    theirs = binomtest(share.count, share.total).proportion_ci(method="exact")
    ours = share.interval
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


@pytest.mark.parametrize(
    ("percent", "total", "low", "high"),
    [  # clinical.md 4.1, the values of Rümke's tables
        (0, 100, 0.0, 3.6),
        (5, 100, 1.6, 11.3),
        (10, 200, 6.2, 15.0),
        (9, 500, 6.6, 11.9),
        (20, 500, 16.6, 23.8),
        (21, 1000, 18.5, 23.7),
    ],
)
def test_the_interval_is_the_one_haematologists_know(
    percent: int, total: int, low: float, high: float
) -> None:
    interval = clopper_pearson(percent * total // 100, total)
    assert round(100 * interval.low, 1) == low
    assert round(100 * interval.high, 1) == high


def test_nothing_counted_says_nothing() -> None:
    share = Share(0, 0)
    assert (share.interval.low, share.interval.high) == (0, 1)
    assert standing(share, TEN) is Standing.TOO_FEW
    assert percent_text(share, (TEN,)) == "–"


def test_too_few_cells_are_too_few_whatever_their_share() -> None:
    assert standing(Share(199, 199), TEN, minimum=200) is Standing.TOO_FEW


@pytest.mark.parametrize(
    ("count", "word"),
    [(5, Standing.BELOW), (20, Standing.UNDECIDED), (40, Standing.AT_OR_ABOVE)],
)
def test_the_word_is_settled_only_when_the_whole_interval_is(
    count: int, word: Standing
) -> None:
    assert standing(Share(count, 200), TEN, minimum=200) is word


@given(shares)
def test_print_never_crosses_a_threshold(share: Share) -> None:
    marks = (Fraction(1, 20), TEN, Fraction(1, 5))
    text = percent_text(share, marks)
    if share.fraction is None:
        return
    for mark in marks:
        if abs(share.fraction - mark) <= Fraction(1, 100):
            assert (Fraction(text) / 100 >= mark) == (share.fraction >= mark)


def test_a_decimal_is_printed_only_near_a_threshold() -> None:
    assert percent_text(Share(96, 1000), (TEN,)) == "9.6"
    assert percent_text(Share(9996, 100_000), (TEN,)) == "9.996"
    assert percent_text(Share(300, 1000), (TEN,)) == "30"


def test_a_share_cannot_exceed_its_total() -> None:
    with pytest.raises(ValueError, match="not a share"):
        Share(3, 2)
