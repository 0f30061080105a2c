"""The order in which to review cells: what it puts first, and what it ignores."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import norm

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.cell_chances import CellChances, cell_chances
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.decision_impact import Called, ReviewOrder, review_order
from marrowscope.domain.dysplasia import confirmed_dysplasia
from marrowscope.domain.measured_errors import (
    NO_CELL,
    MeasuredErrors,
    measured_errors,
)
from marrowscope.domain.reported_shares import (
    OUTSIDE,
    PART,
    REST,
    ReportedShare,
    ReportedShares,
)
from marrowscope.domain.review import Verdict
from marrowscope.workflow.models import find_model
from marrowscope.workflow.places import load_criteria, load_taxonomy

TENTH = (ReportedShare("erythroid", (Fraction(1, 10),)),)
TWO_TENTHS = (*TENTH, ReportedShare("granulocytic", (Fraction(1, 10),)))
NOBODY = Called(np.zeros(0, np.int64), np.zeros((0, 1), np.int8))


def lineage(part: np.ndarray, *, called_part: int) -> CellChances:
    """Cells surely of one lineage, the first ones named dysplastic."""
    said = np.full((len(part), 1), REST, np.int8)
    said[:called_part] = PART
    chances = part.astype(np.float32)[:, None]
    return CellChances(np.arange(len(part)), said, chances, 1 - chances)


def near_the_mark() -> CellChances:
    part = np.full(100, 0.01)
    part[:9] = 0.95
    part[[3, 40, 60]] = 0.6, 0.45, 0.3
    return lineage(part, called_part=9)


def side_by_side(one: CellChances, other: CellChances) -> CellChances:
    """A hundred cells of each of two lineages, none of both."""
    nothing = np.zeros((100, 1))

    def block(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.block([[first, nothing], [nothing, second]]).astype(first.dtype)

    return CellChances(
        np.arange(200),
        block(one.said, other.said),
        block(one.part, other.part),
        block(one.rest, other.rest),
    )


def order_of(chances: CellChances, called: Called = NOBODY) -> ReviewOrder:
    return review_order(chances, TENTH, called)


def test_the_likelier_a_cell_is_named_wrongly_the_earlier_it_comes() -> None:
    chances = near_the_mark()
    wrong = np.where(chances.said[:, 0] == PART, chances.rest[:, 0], chances.part[:, 0])
    in_order = wrong[order_of(chances).cells]
    assert (np.diff(in_order) <= 1e-6).all()
    assert set(order_of(chances).cells[:3].tolist()) == {3, 40, 60}


def test_the_order_of_the_table_does_not_change_the_order_of_review() -> None:
    chances = near_the_mark()
    rows = np.random.default_rng(3).permutation(len(chances))
    mixed = replace(
        chances,
        id=chances.id[rows],
        said=chances.said[rows],
        part=chances.part[rows],
        rest=chances.rest[rows],
    )
    assert order_of(mixed).cells.tolist() == order_of(chances).cells.tolist()


def test_cells_of_a_line_far_from_its_threshold_come_after_those_of_a_close_one() -> (
    None
):
    far = lineage(np.full(100, 0.4), called_part=40)
    nobody = Called(np.zeros(0, np.int64), np.zeros((0, 2), np.int8))
    order = review_order(side_by_side(near_the_mark(), far), TWO_TENTHS, nobody)
    assert (order.cells[:100] < 100).all()
    assert order.lines[0].chance > 0.1
    assert order.lines[1].chance == pytest.approx(0, abs=1e-6)


def test_the_chance_of_a_change_is_that_of_the_normal_law() -> None:
    chances = near_the_mark()
    line = order_of(chances).lines[0]
    part = chances.part[:, 0].astype(float)
    mean, sd = part.sum() - 10, np.sqrt((part * (1 - part)).sum())
    assert (line.part, line.whole, line.above) == (9, 100, False)
    assert line.chance == pytest.approx(norm.sf(0, mean, sd), rel=1e-3)


def test_errors_that_may_be_off_together_widen_where_a_line_may_end() -> None:
    chances = replace(near_the_mark(), spread=0.5)
    line = order_of(chances).lines[0]
    part = chances.part[:, 0].astype(float)
    expected = np.where(chances.said[:, 0] == PART, 1 - part, part).sum()
    sd = np.hypot(np.sqrt((part * (1 - part)).sum()), 0.5 * expected)
    assert line.chance == pytest.approx(norm.sf(0, part.sum() - 10, sd), rel=1e-3)


def test_a_model_found_wrong_in_one_lineage_is_doubted_in_another() -> None:
    chances = side_by_side(
        *(lineage(np.full(100, wrong), called_part=0) for wrong in (0.1, 0.05))
    )
    doubts = [
        review_order(
            chances,
            TWO_TENTHS,
            Called(np.arange(30), np.tile([kind, OUTSIDE], (30, 1)).astype(np.int8)),
        )
        .lines[1]
        .chance
        for kind in (REST, PART)
    ]
    assert doubts[0] < 0.5 * doubts[1]


def test_called_cells_leave_the_order_and_count_as_they_were_called() -> None:
    called = Called(np.array([40, 60]), np.array([[PART], [OUTSIDE]], np.int8))
    order = order_of(near_the_mark(), called)
    assert not np.isin([40, 60], order.cells).any()
    assert (order.lines[0].part, order.lines[0].whole) == (10, 99)


def test_calls_teach_how_far_the_model_errs_in_this_case() -> None:
    chances = lineage(np.full(100, 0.1), called_part=0)
    found = Called(np.arange(30), np.full((30, 1), PART, np.int8))
    as_supposed = order_of(chances).lines[0].chance
    seen = order_of(chances, replace_calls(found, REST)).lines[0].chance
    assert order_of(chances, found).lines[0].part == 30
    assert seen < as_supposed


def replace_calls(called: Called, kind: int) -> Called:
    return Called(called.id, np.full_like(called.standing, kind))


def test_where_no_line_can_change_nobody_is_sent_to_look() -> None:
    sure = lineage(np.where(np.arange(100) < 50, 0.999, 0.001), called_part=50)
    order = order_of(sure)
    assert (order.first, len(order.cells)) == (0, 100)
    assert order.chance < 1e-6


def test_an_empty_case_has_an_order() -> None:
    nothing = lineage(np.zeros(0), called_part=0)
    assert (len(order_of(nothing).cells), order_of(nothing).first) == (0, 0)


def errors_of(version: str = "1") -> MeasuredErrors:
    said = {
        "a": {"a": 90, "b": 10},
        "b": {"a": 30, "b": 70},
        NO_CELL: {"a": 1, "b": 1},
    }
    accuracy = {"accuracy": 0.8, "val": {"accuracy": 0.7, "calibration_error": 0.05}}
    errors = {
        "of_version": "1",
        "calibration_error": 0.01,
        "measured_on": "200 cells",
        "said": said,
    }
    return measured_errors(accuracy, errors, ["a", "b"], version=version)


def test_measured_errors_tell_how_common_the_true_classes_are() -> None:
    # 1,000 cells truly 70 % a: 0.9 * 700 + 0.3 * 300 = 720 are named a.
    truth = errors_of().truth_of_named(np.array([720, 280]))
    mix = np.array([0.72, 0.28]) @ truth
    assert mix[:2] == pytest.approx([0.7, 0.3], abs=0.03)
    assert truth.sum(axis=1) == pytest.approx([1, 1])


def test_errors_of_another_version_leave_the_lowest_accuracy() -> None:
    other = errors_of("2")
    assert (other.said, other.accuracy) == (None, 0.7)


def test_of_a_real_model_the_chances_follow_what_it_was_found_to_miss() -> None:
    bundle = find_model("lee")
    classes = bundle.vocabulary.class_ids
    table = CellTable.empty(classes, (), rows=400)
    probabilities = np.full((400, 8), 0.02, np.float32)
    probabilities[:, classes.index("EN")] = 0.86
    probabilities[:40, classes.index("blast")] = 0.4
    probabilities[300:, classes.index("blast")] = 6.0
    table = replace(table, id=np.arange(400), probabilities=probabilities)
    table.probabilities[:] /= table.probabilities.sum(axis=1, keepdims=True)
    shares = ReportedShares(load_taxonomy(), load_criteria())
    chances = cell_chances(table, bundle.vocabulary, shares, bundle.errors)
    assert (chances.said[:300, 1] == REST).all()
    unsure, sure = chances.part[:40, 0].mean(), chances.part[40:300, 0].mean()
    assert unsure > 3 * sure > 0
    assert (chances.part + chances.rest <= 1.001).all()


def test_a_call_stands_in_the_share_of_its_lineage() -> None:
    shares = ReportedShares(load_taxonomy(), load_criteria())
    call = Verdict(1, ("myelocyte",), True, "a", "now")
    assert shares.of_verdict(call) == [REST, OUTSIDE, PART, OUTSIDE]
    assert shares.of_verdict(replace(call, dysplastic=None))[2] == OUTSIDE
    assert shares.of_verdict(replace(call, lines=("blast",), dysplastic=None)) == [
        PART,
        *[OUTSIDE] * 3,
    ]
    assert shares.of_verdict(replace(call, lines=("not_a_cell",))) == [OUTSIDE] * 4


@pytest.mark.parametrize("dysplastic", [True, False, None])
@pytest.mark.parametrize("lineage", ["erythroid", "granulocytic", "megakaryocytic"])
def test_the_queue_and_the_ledger_count_the_same_calls_of_a_lineage(
    lineage: str, dysplastic: bool | None
) -> None:
    taxonomy, criteria = load_taxonomy(), load_criteria()
    shares = ReportedShares(taxonomy, criteria)
    place = [share.name for share in shares.shares].index(lineage)
    series = criteria.myeloid_erythroid.numerator
    for lines in (*((line.id,) for line in taxonomy.lines), series):
        call = Verdict(1, lines, dysplastic, "a", "now")
        tally = call_tally([call])
        (ledger,) = (
            e.share
            for e in confirmed_dysplasia(tally, criteria)
            if e.lineage == lineage
        )
        standing = shares.of_verdict(call)[place]
        assert (standing == PART, standing != OUTSIDE) == (ledger.count, ledger.total)
