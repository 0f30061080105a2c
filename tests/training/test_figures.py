from __future__ import annotations

import tomllib

import numpy as np
import pytest

from marrowscope.training import figures
from marrowscope.training.bundle_stamp import stamp
from marrowscope.training.labels import CLASSES, FEATURES

pytestmark = pytest.mark.training

EN, GN, MN, ED, GD, MD, BLAST, OTHER = range(len(CLASSES))


def test_a_normal_cell_called_dysplastic_is_wrong_and_counted() -> None:
    truth = np.array([EN, EN, EN, EN, GN, GN])
    answer = np.array([EN, EN, EN, ED, GN, GD])
    assert figures.false_dysplasia(truth, answer) == {
        "erythroid": 0.25,
        "granulocytic": 0.5,
        "all": pytest.approx(1 / 3),
    }
    assert figures.macro_f1(truth, answer, ("EN", "GN", "blast")) < 0.8


def test_suggested_share_is_of_the_lineages_own_cells() -> None:
    truth = np.array([GN] * 8 + [GD] * 2)
    answer = np.array([GN] * 7 + [BLAST] + [GD] * 2)
    granulocytic = figures.dysplasia_counts(truth, answer)["granulocytic"]
    assert granulocytic["true_share"] == 0.2
    assert granulocytic["suggested_share"] == pytest.approx(2 / 9)


def test_temperature_calms_an_overconfident_model() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(8, size=4000)
    logits = rng.normal(size=(4000, 8)) + 1.5 * np.eye(8)[truth]
    heated = 4 * logits
    found = figures.best_temperature(heated, truth)
    calm = figures.calibration_error(truth, figures.softmax(heated / found))
    assert calm < figures.calibration_error(truth, figures.softmax(heated))


def test_stamping_keeps_what_was_written_by_hand(tmp_path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"weights")
    (tmp_path / "bundle.toml").write_text(
        'version = "0"\nname = "x"  # ours\n[files.a]\npath = "a.onnx"\nsha256 = ""\n'
        '[files.b]\npath = "b.onnx"\nsha256 = "12"\n\n[accuracy]\nnote = "old"\n'
    )
    stamp(tmp_path, version="2", accuracy={"note": "new", "blood": {"f1": 0.91}})
    text = (tmp_path / "bundle.toml").read_text()
    data = tomllib.loads(text)
    assert "# ours" in text
    assert data["version"] == "2"
    assert len(data["files"]["a"]["sha256"]) == 64
    assert data["files"]["b"]["sha256"] == ""
    assert data["accuracy"] == {"note": "new", "blood": {"f1": 0.91}}


def test_the_shift_balances_false_and_missed_dysplasia_at_the_usual_share() -> None:
    rng = np.random.default_rng(1)
    truth = rng.choice([GN, GD, BLAST], size=6000)
    scores = rng.normal(size=(6000, 8)) + 4 * np.eye(8)[truth]
    shift = figures.unbiased_shift(scores, truth, prevalence=0.1)
    called = (scores + shift).argmax(axis=1) == GD
    false = 0.9 * called[truth == GN].mean()
    missed = 0.1 * (~called[truth == GD]).mean()
    assert shift[GD] < 0
    assert (np.delete(shift, GD) == 0).all()
    assert false == pytest.approx(missed, abs=0.006)


def test_fine_words_that_share_an_output_are_each_judged_by_their_own() -> None:
    # Outputs: 0 lymphocyte, 1 band, 2 segmented. NEUTROPHIL may be either of two.
    words = np.array(["LY", "LY", "NEUTROPHIL", "NEUTROPHIL"])
    allowed = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 1], [0, 1, 1]], bool)
    report = figures.fine_f1(allowed, np.array([0, 2, 1, 2]), words)
    assert report["recall"] == {"LY": 0.5, "NEUTROPHIL": 1.0}
    assert report["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_sensitivity_is_told_for_each_grade_of_each_feature() -> None:
    grades = np.zeros((4, 12), np.float32)
    column = FEATURES.index("g_decreased_granules")
    grades[:, column] = (1, 3, 3, 0)
    report = figures.sensitivity_by_grade(grades, np.array([GN, GD, ED, GD]))
    assert report == {"g_decreased_granules": [0.0, None, 1.0]}


def test_area_of_dysplasia_is_left_out_where_one_side_is_missing() -> None:
    truth = np.array([GN, GN, GD, EN])
    probabilities = np.zeros((4, 8))
    probabilities[:, GD] = (0.1, 0.3, 0.2, 0.9)
    assert figures.dysplasia_auc(truth, probabilities) == {"granulocytic": 0.5}


def test_dysplasia_is_lowered_until_few_real_normals_are_called_so() -> None:
    scores = np.zeros((100, 8))
    scores[:, GN], scores[:, GD] = 2.0, np.linspace(-2.0, 3.0, 100)
    truth = np.full(100, GN)
    shift = figures.limited_shift(scores, truth, np.zeros(8), most=0.02)
    assert ((scores + shift).argmax(axis=1) == GD).mean() <= 0.02
    assert shift[GD] > -1.1
    assert (np.delete(shift, GD) == 0).all()


def test_a_class_is_raised_no_further_than_others_allow() -> None:
    scores = np.zeros((100, 8))
    scores[:, OTHER], scores[:, EN] = 2.0, np.linspace(-2.0, 1.5, 100)
    truth = np.full(100, OTHER)
    shift = figures.raised_shift(scores, truth, np.zeros(8), names=["EN"], most=0.02)
    assert 0.3 < shift[EN] < 0.7
    assert ((scores + shift).argmax(axis=1) == EN).mean() <= 0.02
