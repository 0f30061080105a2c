"""Shares resampled by field: against what fields and cells are known to hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from marrowscope.domain.area_spread import area_spread, fields_of, members
from marrowscope.domain.review import Verdict
from marrowscope.workflow.places import load_criteria, load_taxonomy

FIELDS, CELLS = 40, 10


def clumped() -> tuple[np.ndarray, np.ndarray]:
    """(N,) parts and fields: one field in ten holds dysplastic cells alone."""
    field = np.repeat(np.arange(FIELDS), CELLS)
    return field % 10 == 0, field


def test_a_cell_lies_in_the_field_whose_middle_is_nearest() -> None:
    fields = {
        2: np.array([[0, 0, 100, 100], [80, 0, 100, 100]], np.float32),
        5: np.array([[0, 0, 100, 100]], np.float32),
    }
    boxes = np.array([[10, 10, 5, 5], [85, 40, 20, 20], [0, 0, 9, 9], [0, 0, 9, 9]])
    slides = np.array([2, 2, 5, 7])
    assert fields_of(slides, boxes.astype(np.float32), fields).tolist() == [0, 1, 2, -1]


def test_the_spread_is_that_of_whole_fields_drawn_again() -> None:
    part, field = clumped()
    spread = area_spread("erythroid", part, field)
    assert spread is not None
    by_field = part.reshape(FIELDS, CELLS).mean(axis=1)
    known = bootstrap(
        (by_field,), np.mean, n_resamples=5000, method="percentile", random_state=1
    ).confidence_interval
    assert spread.fields == FIELDS
    assert spread.interval.low == pytest.approx(known.low, abs=0.02)
    assert spread.interval.high == pytest.approx(known.high, abs=0.03)


def test_clumped_cells_spread_wider_than_cells_strewn_evenly() -> None:
    part, field = clumped()
    strewn = np.random.default_rng(1).permutation(part)
    wide, narrow = area_spread("a", part, field), area_spread("a", strewn, field)
    assert wide is not None
    assert narrow is not None
    widths = [s.interval.high - s.interval.low for s in (wide, narrow)]
    assert widths[0] > 1.7 * widths[1]


def test_too_few_fields_and_fields_all_alike_say_nothing() -> None:
    part, field = clumped()
    assert area_spread("a", part[:90], field[:90]) is None
    assert area_spread("a", np.zeros(len(field), np.bool_), field) is None


def test_a_line_divides_by_the_cells_its_share_divides_by() -> None:
    calls = {
        1: Verdict(1, ("polychromatic_erythroblast",), True, "a", "t"),
        2: Verdict(2, ("polychromatic_erythroblast",), None, "a", "t"),
        3: Verdict(3, ("eosinophil",), False, "a", "t"),
        4: Verdict(4, ("blast",), None, "a", "t"),
        5: Verdict(5, ("blast",), None, "a", "t"),
    }
    here, words = {1, 2, 3, 4}, (load_taxonomy(), load_criteria())
    assert members("erythroid", calls, here, *words) == {1: True}
    assert members("granulocytic", calls, here, *words) == {}
    assert members("blast", calls, here, *words) == {1: 0, 2: 0, 3: 0, 4: 1}
