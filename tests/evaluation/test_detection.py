"""Detection figures against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.evaluation.detection import (
    Predictions,
    Truth,
    average_precision,
    evaluate_detections,
)
from marrowscope.evaluation.truth import PictureTruth


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.asarray(rows, np.float32).reshape(-1, 4)


def found(rows: np.ndarray, *scores: float):
    return Predictions(rows, np.asarray(scores, np.float32))


FIELD = PictureTruth(
    "a.png",
    boxes((0, 0, 10, 10), (20, 0, 10, 10), (40, 0, 10, 10)),
    ("EN", "GN", "GN"),
    boxes((60, 0, 20, 20)),
)


def test_each_cell_is_found_once_and_a_second_box_on_it_is_false():
    twice = found(boxes((0, 0, 10, 10), (1, 0, 10, 10)), 0.9, 0.8)
    report = evaluate_detections(Truth((FIELD,)), {"a.png": twice})
    assert report.recall.count == 1
    assert report.precision.value == 0.5


def test_average_precision_of_three_hits_and_one_miss_by_hand():
    # hit, miss, hit: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3 of three cells.
    value = average_precision(
        np.asarray([0.9, 0.8, 0.7]), np.asarray([True, False, True]), cells=3
    )
    assert value == pytest.approx(1 / 3 * 1 + 1 / 3 * 2 / 3)


def test_equal_scores_are_one_point_whatever_their_order():
    scores = np.asarray([0.5, 0.5])
    one = average_precision(scores, np.asarray([True, False]), cells=1)
    other = average_precision(scores, np.asarray([False, True]), cells=1)
    assert one == other == 0.5


def test_a_detection_in_a_place_that_does_not_count_is_neither_right_nor_wrong():
    beside = found(boxes((65, 5, 6, 6), (0, 0, 10, 10)), 0.9, 0.8)
    report = evaluate_detections(Truth((FIELD,)), {"a.png": beside})
    assert report.precision.value == 1.0
    assert report.ignored == 1
    assert report.average_precision == pytest.approx(1 / 3)


def test_a_box_that_covers_half_of_a_cell_too_little_is_false():
    shifted = found(boxes((4, 0, 10, 10)), 0.9)  # IoU 6/14
    report = evaluate_detections(Truth((FIELD,)), {"a.png": shifted})
    assert report.recall.count == 0
    assert report.f1 == 0.0 or report.f1 is None


def test_the_better_scored_detection_takes_the_cell_even_if_it_covers_less():
    rows = boxes((2, 0, 10, 10), (0, 0, 10, 10))
    report = evaluate_detections(
        Truth((FIELD,)), {"a.png": found(rows, 0.9, 0.8)}, threshold=0.85
    )
    assert report.recall.count == 1
    assert report.precision.value == 1.0


def test_the_threshold_changes_recall_but_not_average_precision():
    rows = found(boxes((0, 0, 10, 10), (20, 0, 10, 10)), 0.9, 0.3)
    low = evaluate_detections(Truth((FIELD,)), {"a.png": rows})
    high = evaluate_detections(Truth((FIELD,)), {"a.png": rows}, threshold=0.5)
    assert (low.recall.count, high.recall.count) == (2, 1)
    assert low.average_precision == high.average_precision


def test_a_picture_without_an_answer_is_one_where_nothing_was_found():
    report = evaluate_detections(Truth((FIELD,)), {})
    assert report.as_json()["recall"] == {
        "value": 0.0,
        "low": 0.0,
        "high": pytest.approx(0.7076, abs=1e-3),
        "count": 0,
        "total": 3,
    }
    assert report.precision.value is None
    assert report.average_precision == 0.0


def test_no_cells_at_all_give_no_average_precision():
    report = evaluate_detections(Truth(()), {})
    assert report.average_precision is None
    assert report.as_json()["f1"] is None
