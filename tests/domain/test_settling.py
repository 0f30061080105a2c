"""How many more cells would settle a share."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share, Standing, clopper_pearson, standing

TENTH = Fraction(1, 10)


def test_a_share_that_is_settled_needs_no_more_cells():
    assert cells_to_settle(Share(2, 200), TENTH) == 0
    assert cells_to_settle(Share(60, 200), TENTH) == 0


def test_a_share_on_the_threshold_cannot_be_settled_by_counting():
    assert cells_to_settle(Share(20, 200), TENTH) is None


def test_nothing_counted_tells_nothing():
    assert cells_to_settle(Share(0, 0), TENTH) is None


@pytest.mark.parametrize(("count", "total"), [(12, 200), (27, 200), (7, 110), (0, 20)])
def test_the_answer_settles_and_one_cell_fewer_does_not(count, total):
    share = Share(count, total)
    more = cells_to_settle(share, TENTH)
    assert more is not None
    assert more > 0
    assert _clear_after(share, more)
    assert not _clear_after(share, more - 1)


@given(total=st.integers(1, 400), data=st.data())
def test_a_settled_standing_and_no_more_cells_are_one_thing(total, data):
    share = Share(data.draw(st.integers(0, total)), total)
    more = cells_to_settle(share, TENTH)
    settled = standing(share, TENTH) in (Standing.BELOW, Standing.AT_OR_ABOVE)
    if more == 0:
        assert settled
    if not settled and more is not None:
        assert _clear_after(share, more)


def test_the_nearer_to_the_threshold_the_more_cells_it_takes():
    far, near = (cells_to_settle(Share(n, 200), TENTH) for n in (10, 13))
    assert far is not None
    assert near is not None
    assert near > far


def _clear_after(share: Share, more: int) -> bool:
    total = share.total + more
    exact = share.fraction * total if more else Fraction(share.count)
    count = exact.__ceil__() if share.fraction < TENTH else exact.__floor__()
    interval = clopper_pearson(count, total)
    return interval.high < TENTH or interval.low >= TENTH
