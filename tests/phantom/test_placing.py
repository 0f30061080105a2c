"""Counts, shares and minimums are those of the plan."""

from __future__ import annotations

import collections

import numpy as np
import pytest

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import truth
from marrowscope.phantom.placing import grade, place
from marrowscope.phantom.plan import MARROW, SmearPlan
from marrowscope.phantom.slide import demonstration_plan


def classes_of(plan: SmearPlan) -> collections.Counter[str]:
    found: collections.Counter[str] = collections.Counter()
    for one in place(plan):
        if not one.doubtful:
            name = truth.class_of(one.subject.line, one.subject.grades)
            found[name] += 2 if "e_bridging" in one.subject.grades else 1
    return found


def test_dysplastic_shares_are_exact_to_one_cell() -> None:
    asked = {"e": 0.25, "g": 0.10, "m": 0.5}
    counts = classes_of(SmearPlan(6000, 6000, 800, 4, dysplasia=asked))
    assert sum(counts.values()) == 800
    for letter, share in (("E", 0.25), ("G", 0.10)):
        whole = counts[letter + "N"] + counts[letter + "D"]
        assert abs(counts[letter + "D"] - share * whole) <= 1


def test_the_demonstration_has_what_a_dysplasia_percentage_needs() -> None:
    plan = demonstration_plan()
    counts = classes_of(plan)
    assert (plan.width, plan.height) == (12288, 12288)
    assert sum(counts.values()) >= 1200
    assert counts["EN"] + counts["ED"] >= 200
    assert counts["GN"] + counts["GD"] >= 200
    assert counts["MN"] + counts["MD"] >= 30
    assert counts["blast"] > 0
    assert counts["other"] > 0


def test_minimums_are_reached_from_other_cells_or_refused() -> None:
    plan = SmearPlan(3000, 3000, 40, 2, minimum={"m": 4})
    counts = classes_of(plan)
    assert counts["MN"] + counts["MD"] >= 4
    with pytest.raises(MarrowScopeError, match="too few"):
        place(SmearPlan(3000, 3000, 10, 2, minimum={"m": 9}))


def test_cells_do_not_cover_one_another() -> None:
    placed = place(SmearPlan(2400, 2400, 150, 11))
    at = np.array([one.at for one in placed]) * 0.25
    room = np.array([one.subject.room for one in placed])
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart >= 0.92 * (room[:, None] + room[None, :])).all()
    touching = apart < 1.1 * (room[:, None] + room[None, :])
    assert touching.any()


def test_a_lone_dysplastic_erythroblast_is_never_a_bridged_half() -> None:
    plan = SmearPlan(64, 64, 1, 1, dysplasia={"e": 1.0})
    for seed in range(40):
        rng = np.random.default_rng(seed)
        cells = grade(["polychromatic_erythroblast"], plan, rng)
        assert "e_bridging" not in cells[0][1]
        assert cells[0][1]


def test_every_line_of_the_marrow_mix_has_a_class() -> None:
    for line in MARROW:
        assert truth.class_of(line, {}) in truth.CLASSES
