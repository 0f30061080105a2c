"""Readers' calls, graded features and cases, set against what the books say."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.evaluation.agreement import (
    evaluate_agreement,
    fleiss_kappa,
    majority,
)
from marrowscope.evaluation.calls import read_calls, write_calls
from marrowscope.evaluation.cases import evaluate_cases, read_cases
from marrowscope.evaluation.crops import evaluate_crops
from marrowscope.evaluation.figures.agreement import agreement_figure
from marrowscope.evaluation.figures.cases import case_figures
from marrowscope.evaluation.figures.naming import crop_figures
from marrowscope.evaluation.grades import evaluate_feature, read_grades
from marrowscope.evaluation.resampling import resampled


def test_kappa_of_a_known_table():
    """Both say yes 20, A alone 5, B alone 10, neither 15: kappa is 0.4 (Cohen 1960)."""
    a = ["y"] * 20 + ["y"] * 5 + ["n"] * 10 + ["n"] * 15
    b = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    (pair,) = evaluate_agreement({"A": a, "B": b}).pairs
    assert pair.kappa == pytest.approx(0.4)
    assert pair.interval.low < 0.4 < pair.interval.high
    assert pair.linear is None


def test_kappa_of_grades_weighs_a_miss_by_one_less_than_a_miss_by_three():
    true = ["0", "1", "2", "3"] * 10
    near = ["1", "1", "2", "3"] * 10
    far = ["3", "1", "2", "3"] * 10
    pairs = evaluate_agreement({"A": true, "B": near, "C": far}).pairs
    assert pairs[0].kappa == pytest.approx(pairs[1].kappa, abs=0.02)
    assert pairs[0].linear > pairs[1].linear
    assert pairs[0].quadratic > pairs[1].quadratic


def test_fleiss_own_example():
    """Ten subjects, fourteen raters, five categories: kappa is 0.210."""
    table = [
        *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0]),
        *([2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2]),
        *([6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
    ]
    rows = [
        [str(k) for k, n in enumerate(counts) for _ in range(n)] for counts in table
    ]
    assert fleiss_kappa(rows) == pytest.approx(0.210, abs=0.001)


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        (("blast", "blast", "myeloid"), "blast"),
        (("blast", "myeloid", "lymphoid"), "unidentifiable"),
        (("blast", "", "blast"), "blast"),
        (("blast", "myeloid"), "unidentifiable"),
    ],
)
def test_two_of_three_decide_and_three_ways_are_unidentifiable(said, agreed):
    assert majority(said) == agreed


def test_cells_with_little_overlap_are_left_out_and_counted(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("cell,iou,A,B\n1,0.9,x,x\n2,0.2,x,y\n3,,y,y\n")
    calls = read_calls(path, least_iou=0.5)
    assert calls.by_reader == {"A": ("x", "y"), "B": ("x", "y")}
    assert (calls.cells, calls.left_out) == (("1", "3"), 1)


def test_all_calls_and_the_majority_are_written_and_can_be_read_again(tmp_path):
    calls = {
        "model": ["EN", "GN", "GN"],
        "A": ["EN", "GN", ""],
        "B": ["EN", "blast", ""],
    }
    report = evaluate_agreement(calls, cells=["x", "y", "z"])
    assert [one.cell for one in report.discrepancies] == ["y"]
    assert report.majority == {"EN": 1, "unidentifiable": 1}
    write_calls(report, tmp_path / "calls.csv")
    again = read_calls(tmp_path / "calls.csv")
    assert again.cells == ("x", "y")
    assert again.by_reader == {name: tuple(c[:2]) for name, c in calls.items()}


def test_a_model_against_unanimous_people_is_a_discrepancy():
    report = evaluate_agreement({"Model": ["GN"], "A": ["EN"], "B": ["EN"]})
    assert [one.majority for one in report.discrepancies] == ["EN"]


def test_readers_who_say_one_thing_only_have_no_kappa():
    (pair,) = evaluate_agreement({"A": ["x"] * 5, "B": ["x"] * 5}).pairs
    assert pair.kappa is None


def test_grades_in_moris_layout():
    true = np.array([0, 0, 0, 1, 2, 3, 3])
    answer = np.array([0.2, 0.6, 2.4, 1.2, 1.8, 2.9, 0.9])
    paths = [f"{i}.png" for i in range(7)]
    report = evaluate_feature("g_decreased_granules", true, answer, paths)
    assert report.confusion[0].tolist() == [1, 1, 1, 0]
    assert (report.any_grade.sensitivity.count, report.any_grade.sensitivity.total) == (
        4,
        4,
    )
    assert report.without_grade_1.accuracy.total == 6
    assert report.without_grade_1.sensitivity.count == 2
    assert [(d.path, d.true) for d in report.discrepancies] == [
        ("2.png", 0),
        ("6.png", 3),
    ]


def test_without_grade_1_an_answer_of_1_goes_where_its_raw_output_is_nearer():
    true, answer = np.array([0, 2, 0, 2]), np.array([0.9, 1.1, 1.2, 0.8])
    binary = evaluate_feature("x", true, answer, list("abcd")).without_grade_1
    assert (binary.sensitivity.count, binary.specificity.count) == (1, 1)


def test_a_grade_nobody_gave_is_not_zero(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("path,g_budding\na.png,2\nb.png,\n")
    pictures, grades = read_grades(path, ["g_budding"])
    assert [p.name for p in pictures] == ["a.png", "b.png"]
    assert grades["g_budding"].tolist() == [2, -1]


def test_cases_over_a_mark_and_their_correlation():
    reference = np.array([1.0, 3, 4, 6, 8, 22, 30, 40])
    measured = reference * 1.1 + 0.5
    report = evaluate_cases([str(i) for i in range(8)], measured, reference)
    assert report.pearson == pytest.approx(1.0)
    assert [m.above for m in report.marks] == [5, 3]
    assert [m.auc for m in report.marks] == [1.0, 1.0]
    assert report.limits.low < report.mean_difference < report.limits.high


def test_a_mark_that_no_case_reaches_has_no_area():
    report = evaluate_cases(["a", "b"], np.array([1.0, 2]), np.array([1.0, 2]))
    assert report.marks[1].auc is None
    assert report.pearson is None


@pytest.mark.parametrize("read", [read_calls, read_cases])
@pytest.mark.parametrize("text", ["", "case\n", "case,measured\n1,2\n", "\x00\xff"])
def test_a_table_of_something_else_is_one_sentence(tmp_path, read, text):
    path = tmp_path / "odd.csv"
    path.write_text(text)
    with pytest.raises(UnreadableInput):
        read(path)


def test_an_interval_holds_the_figure_and_narrows_with_more_cases():
    def share(rows):
        return float((rows % 4 == 0).mean())

    few, many = (resampled(share, count, rounds=300) for count in (40, 4000))
    assert few.low < 0.25 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert resampled(lambda rows: None, 10) is None
    assert resampled(share, 0) is None


def test_every_figure_is_drawn_as_png_and_svg(tmp_path):
    rng = np.random.default_rng(4)
    scores = rng.dirichlet(np.ones(3), 60)
    labels = [("a", "b")[i] for i in rng.integers(2, size=60)]
    crops = crop_figures(evaluate_crops(labels, scores, "abc"), tmp_path / "crops")
    agreed = evaluate_agreement({"A": labels, "B": labels[::-1], "C": ["a"] * 60})
    cases = evaluate_cases(["1", "2"], np.array([1.0, 9]), np.array([2.0, 8]))
    drawn = [
        *crops,
        *agreement_figure(agreed, tmp_path / "readers"),
        *case_figures(cases, tmp_path / "cases"),
    ]
    assert len(drawn) == 8
    for path in drawn:
        assert path.stat().st_size > 5000
        assert path.with_suffix(".svg").read_text().startswith("<?xml")


@pytest.mark.parametrize("percent", ["nan", "inf", "-3", "120"])
def test_a_case_without_a_real_percentage_is_refused_in_one_sentence(tmp_path, percent):
    table = tmp_path / "cases.csv"
    table.write_text(f"case,measured,reference\na,1,2\nb,{percent},7\n")
    with pytest.raises(UnreadableInput, match="percentage"):
        read_cases(table)


@pytest.mark.parametrize("grade", ["5", "-1", "1.5", "nan", "x"])
def test_a_grade_outside_0_to_3_is_refused_in_one_sentence(tmp_path, grade):
    table = tmp_path / "grades.csv"
    table.write_text(f"path,e_budding\na.png,0\nb.png,{grade}\n")
    with pytest.raises(UnreadableInput):
        read_grades(table, ["e_budding"])


def test_a_row_longer_than_its_heading_adds_no_reader(tmp_path):
    table = tmp_path / "calls.csv"
    table.write_text("cell,A,B\n1,a,b,c\n2,a,a\n")
    assert list(read_calls(table).by_reader) == ["A", "B"]


def test_an_overlap_that_is_no_number_is_refused_in_one_sentence(tmp_path):
    table = tmp_path / "calls.csv"
    table.write_text("cell,iou,A,B\n1,x,a,b\n")
    with pytest.raises(UnreadableInput, match="iou"):
        read_calls(table, least_iou=0.5)
