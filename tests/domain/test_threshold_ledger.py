"""Observed and interval apart, gates alone, and no rounding that decides."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.dysplasia import confirmed_dysplasia
from marrowscope.domain.review import Verdict
from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share
from marrowscope.domain.threshold_ledger import (
    IntervalSays,
    LedgerEntry,
    Observed,
    against,
    threshold_ledger,
)

FIVE, TEN, TWENTY = Fraction(1, 20), Fraction(1, 10), Fraction(1, 5)
ONE_TAIL = Fraction(1, 40)  # half of what a 95 % interval leaves out
shares = st.integers(1, 700).flatmap(
    lambda total: st.builds(Share, st.integers(0, total), st.just(total))
)


def at_most(count: int, total: int, mark: Fraction) -> Fraction:
    """The exact chance of so many cells or fewer, were the mark the true share."""
    p, q = mark, 1 - mark
    return sum(
        (comb(total, k) * p**k * q ** (total - k) for k in range(count + 1)),
        Fraction(0),
    )


@given(shares.filter(lambda s: s.total <= 120), st.sampled_from([FIVE, TEN, TWENTY]))
def test_the_interval_excludes_what_whole_numbers_say_it_excludes(
    share: Share, mark: Fraction
) -> None:
    low = at_most(share.count, share.total, mark) < ONE_TAIL
    high = 1 - at_most(share.count - 1, share.total, mark) <= ONE_TAIL
    said = against(share, mark).interval
    assert (said is IntervalSays.EXCLUDES) == (low or high)


@given(shares, st.sampled_from([FIVE, TEN, TWENTY]))
def test_observed_is_compared_exactly_and_the_interval_as_scipys(
    share: Share, mark: Fraction
) -> None:
    said = against(share, mark)
    above = share.count * mark.denominator >= mark.numerator * share.total
    assert said.observed is (Observed.AT_OR_ABOVE if above else Observed.BELOW)
    theirs = binomtest(share.count, share.total).proportion_ci(method="exact")
    excluded = theirs.high < float(mark) or theirs.low > float(mark)
    assert (said.interval is IntervalSays.EXCLUDES) == excluded


@given(shares, st.sampled_from([FIVE, TEN, TWENTY]))
def test_nothing_more_is_asked_where_the_interval_excludes_the_threshold(
    share: Share, mark: Fraction
) -> None:
    said = against(share, mark)
    if said.interval is IntervalSays.INCLUDES:
        assert said.more_cells != 0


@pytest.mark.parametrize(
    ("percent", "total", "excluded"),
    [  # clinical.md 4.1: limits 6.6-11.9, 7.3-10.9, 4.2-16.4; 15: 12.0-18.4; 4: 2.5-6.1
        (9, 500, (True, False, True)),
        (9, 1000, (True, False, True)),
        (9, 100, (False, False, True)),
        (15, 500, (True, True, True)),
        (4, 500, (False, True, True)),
        (4, 100, (False, True, True)),  # 1.1-9.9: only just clear of 10
        (5, 100, (False, False, True)),
    ],
)
def test_the_published_limits_give_the_published_answers(
    percent: int, total: int, excluded: tuple[bool, ...]
) -> None:
    share = Share(percent * total // 100, total)
    said = [against(share, mark).interval for mark in (FIVE, TEN, TWENTY)]
    assert tuple(s is IntervalSays.EXCLUDES for s in said) == excluded


@pytest.mark.parametrize(
    ("count", "total", "mark", "observed"),
    [
        (49, 1000, FIVE, Observed.BELOW),
        (50, 1000, FIVE, Observed.AT_OR_ABOVE),
        (99, 1000, TEN, Observed.BELOW),
        (100, 1000, TEN, Observed.AT_OR_ABOVE),
        (199, 1000, TWENTY, Observed.BELOW),
        (200, 1000, TWENTY, Observed.AT_OR_ABOVE),
        (33333, 333331, TEN, Observed.BELOW),  # 9.99997 %
    ],
)
def test_a_share_on_its_threshold_is_at_it_however_it_would_be_rounded(
    count: int, total: int, mark: Fraction, observed: Observed
) -> None:
    assert against(Share(count, total), mark).observed is observed


def ledger(
    criteria: Criteria,
    blasts: Share,
    cells: Mapping[str, int],
    *,
    diluted: bool = False,
) -> dict[str, LedgerEntry]:
    """Of so many cells by line, a quarter of each dysplastic."""
    calls = [
        Verdict(i, (line,), i % 4 == 0, "AB", "now")
        for line, number in cells.items()
        for i in range(number)
    ]
    lineages = confirmed_dysplasia(call_tally(calls), criteria)
    entries = threshold_ledger(blasts, lineages, criteria, diluted=diluted)
    return {entry.line: entry for entry in entries}


def test_each_gate_acts_alone(criteria: Criteria) -> None:
    cells = {"polychromatic_erythroblast": 199, "band": 200, "megakaryocyte": 30}
    found = ledger(criteria, Share(20, 299), cells)
    assert {line for line, entry in found.items() if entry.too_few} == {
        "blast",
        "erythroid",
    }
    assert not found["erythroid"].against
    assert not found["blast"].against
    assert [
        len(found[line].against) for line in ("granulocytic", "megakaryocytic")
    ] == [
        1,
        1,
    ]


def test_a_diluted_specimen_is_never_below(criteria: Criteria) -> None:
    found = ledger(criteria, Share(60, 500), {}, diluted=True)["blast"]
    assert [a.threshold for a in found.against] == [FIVE, TEN]
    assert {a.observed for a in found.against} == {Observed.AT_OR_ABOVE}


def test_each_mark_says_how_many_more_cells_would_settle_it() -> None:
    assert against(Share(40, 100), TEN).more_cells == 0
    assert against(Share(10, 100), TEN).more_cells is None
    undecided = Share(14, 100)
    more = against(undecided, TEN).more_cells
    assert more
    assert more == cells_to_settle(undecided, TEN)
