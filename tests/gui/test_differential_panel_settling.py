"""How many more cells would settle a verdict."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share, Standing, standing
from marrowscope.gui.differential_panel.settling import settling_text

TEN = Fraction(1, 10)


@pytest.mark.parametrize(("count", "total"), [(12, 200), (28, 200), (30, 250), (2, 34)])
def test_so_many_more_cells_of_the_same_share_do_settle_it(
    count: int, total: int
) -> None:
    more = cells_to_settle(Share(count, total), TEN)
    assert more
    grown_count = Fraction(count, total) * (total + more)
    towards = math.ceil if Fraction(count, total) < TEN else math.floor
    grown = Share(towards(grown_count), total + more)
    assert standing(grown, TEN) in (Standing.BELOW, Standing.AT_OR_ABOVE)


def test_a_settled_share_needs_none_and_one_on_the_mark_never_settles() -> None:
    assert cells_to_settle(Share(0, 200), TEN) == 0
    assert cells_to_settle(Share(20, 200), TEN) is None
    assert cells_to_settle(Share(0, 0), TEN) is None
    assert settling_text(Share(20, 200), TEN) == "cannot be settled by counting"


def test_the_guide_is_rounded_up_to_two_figures() -> None:
    assert settling_text(Share(12, 200), TEN) == "about 55 more would settle it"
