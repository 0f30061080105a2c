"""Figures of named crops against cases worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.evaluation.crops import evaluate_crops
from marrowscope.evaluation.labelled_folders import class_of_folder, labelled_crops

LEE = ("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")


def test_a_small_table_by_hand():
    probabilities = np.asarray(
        [[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.3, 0.7, 0.0], [0.4, 0.6, 0.0]]
    )
    report = evaluate_crops(["a", "a", "b", "b"], probabilities, ("a", "b", "c"))
    assert report.confusion.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    first = report.per_class["a"]
    assert first.sensitivity.value == 0.5
    assert first.specificity.value == 1.0
    assert first.ppv.value == 1.0
    assert first.npv.value == pytest.approx(2 / 3)
    assert first.accuracy.value == 0.75
    assert first.f1 == pytest.approx(2 / 3)
    assert first.auc == 0.5  # 0.9 above both others, 0.2 below both
    assert report.per_class["c"].f1 is None
    assert report.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert report.accuracy.value == 0.75


def test_calibration_error_is_the_gap_between_promise_and_truth():
    sure_and_half_right = np.asarray([[1.0, 0.0], [1.0, 0.0]])
    report = evaluate_crops(["a", "b"], sure_and_half_right, ("a", "b"))
    assert report.ece == pytest.approx(0.5)


def test_a_perfect_answer_has_exact_intervals_and_none_that_promise_too_much():
    report = evaluate_crops(["a"] * 5 + ["b"] * 5, np.eye(2).repeat(5, 0), ("a", "b"))
    scores = report.per_class["a"].as_json()
    assert scores["auc"] == 1.0
    assert scores["auc_interval"] is None
    assert scores["average_precision_interval"] is None
    assert scores["sensitivity"]["low"] == pytest.approx(0.4782, abs=1e-3)


def test_the_report_is_json_even_with_no_crops_at_all():
    report = evaluate_crops([], np.zeros((0, 8)), LEE)
    text = json.dumps(report.as_json(), allow_nan=False)
    assert json.loads(text)["macro_f1"] is None


def test_labels_that_are_no_class_are_refused():
    with pytest.raises(ValueError, match="mast"):
        evaluate_crops(["mast"], np.ones((1, 8)) / 8, LEE)


@pytest.mark.parametrize(
    ("folder", "meaning"),
    [
        ("EN", "EN"),
        ("blast", "blast"),
        ("Blasts", "blast"),
        ("dysplastic_erythroid cells", "ED"),
        ("Normal erythroblast", "EN"),
        ("Dysplastic Granulocytes", "GD"),
        ("normal megakaryocyte", "MN"),
        ("MD (dysplastic megakaryocyte)", "MD"),
        ("Others", "other"),
        ("trash", None),
    ],
)
def test_folders_may_be_named_in_short_or_in_full(folder, meaning):
    assert class_of_folder(folder, LEE) == meaning


def test_folders_that_name_no_class_are_left_out(tmp_path):
    for place in ("EN/一.png", "trash/b.png", "GD/deep/c.JPG", "GD/notes.txt"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = [(p.name, name) for p, name in labelled_crops(tmp_path, LEE)]
    assert found == [("一.png", "EN"), ("c.JPG", "GD")]


def test_a_folder_without_classes_gets_one_sentence(tmp_path):
    with pytest.raises(UnreadableInput, match="sub-folders named after"):
        labelled_crops(tmp_path, LEE)
    with pytest.raises(UnreadableInput, match="not a folder"):
        labelled_crops(tmp_path / "none", LEE)
