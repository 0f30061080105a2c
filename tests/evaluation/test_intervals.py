"""Areas and intervals against the library's own, and against common sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from marrowscope.evaluation.areas import auc_of
from marrowscope.evaluation.masks import evaluate_masks
from marrowscope.evaluation.precision_recall import Ranking
from marrowscope.evaluation.resampling import over_pictures


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40),
    st.integers(0, 2**31),
)
def test_weighing_rows_is_the_same_as_repeating_them(rows, seed):
    hit = np.array([one for one, _ in rows])
    score = np.array([s / 6 for _, s in rows])
    weights = np.random.default_rng(seed).integers(0, 3, len(rows))
    again = np.repeat(np.arange(len(rows)), weights)
    cells = int(hit[again].sum())
    for monotone in (True, False):
        weighed = Ranking.of(score, hit).average_precision(
            cells, weights, monotone=monotone
        )
        repeated = Ranking.of(score[again], hit[again]).average_precision(
            cells, monotone=monotone
        )
        assert weighed == (repeated if repeated is None else pytest.approx(repeated))
    if cells:
        library = average_precision_score(hit[again], score[again])
        assert weighed == pytest.approx(float(library))


def test_delongs_interval_of_a_case_worked_out_by_hand():
    """Positives 3, 1 against negatives 2, 0: area 3/4, both variances 1/8."""
    area, limits = auc_of(np.array([1, 1, 0, 0], bool), np.array([3.0, 1, 2, 0]))
    assert area == 0.75
    reach = 1.959964 * np.sqrt(0.125 / 2 + 0.125 / 2)
    assert (limits.low, limits.high) == (pytest.approx(0.75 - reach), 1.0)


def test_an_area_needs_both_kinds_and_its_interval_two_of_each():
    assert auc_of(np.array([True, True]), np.array([0.1, 0.2])) == (None, None)
    assert auc_of(np.array([True, False]), np.array([0.2, 0.1])) == (1.0, None)


def test_one_picture_says_nothing_of_another():
    assert over_pictures(lambda weights: {"x": 1.0}, 1) == {}
    assert over_pictures(lambda weights: {"x": None}, 3) == {}


def test_pictures_that_differ_more_give_a_wider_interval():
    full, half, none = (np.zeros((4, 4), np.uint8) for _ in range(3))
    full[:] = 255
    half[:2] = 255
    alike = evaluate_masks([(full, half)] * 8)
    unlike = evaluate_masks([(full, full), (full, none)] * 4)
    assert alike.intervals == {}
    assert unlike.intervals["dice cell"].low < 0.3 < 0.7
    assert unlike.intervals["dice cell"].high > 0.7


def test_the_worst_pictures_are_named():
    full, none = np.full((2, 2), 255, np.uint8), np.zeros((2, 2), np.uint8)
    report = evaluate_masks([(full, full), (full, none)], ["good.png", "bad.png"])
    assert [p.name for p in report.worst("cell")] == ["bad.png", "good.png"]
    assert report.as_json()["per_picture"][0]["name"] == "bad.png"
    assert set(report.as_json()) >= {"dice", "iou", "images"}
