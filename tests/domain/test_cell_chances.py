"""What a cell may be: by what is stated, by measured errors, by the calls so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.case_errors import as_called
from marrowscope.domain.cell_chances import CellChances, cell_chances
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.decision_impact import Called
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import OUTSIDE, PART, REST, ReportedShares
from marrowscope.domain.second_looks import second_looks
from marrowscope.workflow.models import find_model
from marrowscope.workflow.places import load_criteria, load_taxonomy

LEE = find_model("lee")
CLASSES = LEE.vocabulary.class_ids
SHARES = ReportedShares(load_taxonomy(), load_criteria())


def chances_of(probabilities: np.ndarray) -> CellChances:
    table = CellTable.empty(CLASSES, (), rows=len(probabilities))
    table = replace(
        table,
        id=np.arange(len(table)),
        probabilities=probabilities.astype(np.float32),
    )
    return cell_chances(table, LEE.vocabulary, SHARES, LEE.errors)


def answers(seed: int, cells: int = 300) -> np.ndarray:
    rng = np.random.default_rng(seed)
    sharp = rng.choice([0.05, 0.3], size=(cells, 1))
    found = rng.gamma(sharp, size=(cells, len(CLASSES))) + 1e-6
    return found / found.sum(axis=1, keepdims=True)


@given(st.integers(0, 500))
def test_chances_are_probabilities_whatever_is_stated(seed: int) -> None:
    found = chances_of(answers(seed))
    assert (found.part >= 0).all()
    assert (found.rest >= 0).all()
    assert (found.part + found.rest <= 1 + 1e-5).all()


def test_of_cells_named_alike_as_many_are_of_each_kind_as_was_measured() -> None:
    stated = answers(1, cells=4000)
    named = stated.argmax(axis=1)
    found = chances_of(stated)
    wanted = LEE.errors.truth_of_named(np.bincount(named, minlength=len(CLASSES)))
    blast = CLASSES.index("blast")
    for name in range(len(CLASSES)):
        mean = found.part[named == name, 0].mean()
        assert mean == pytest.approx(wanted[name, blast], abs=0.01)


def test_a_truth_that_an_answer_does_not_name_stays_possible() -> None:
    erythroblasts, blast = CLASSES.index("EN"), CLASSES.index("blast")
    stated = np.zeros((400, len(CLASSES)))
    stated[:, erythroblasts], stated[:, CLASSES.index("ED")] = 0.9, 0.1
    stated[:40, [erythroblasts, CLASSES.index("ED")]] = 0.6, 0.4
    stated[300:] = np.eye(len(CLASSES))[blast]
    found = chances_of(stated)
    # lee names one blast in eight EN: the unsure EN are blasts oftener than the sure.
    assert found.part[:40, 0].mean() > 3 * found.part[40:300, 0].mean() > 0.01


def test_of_what_an_answer_leaves_most_lies_where_it_says() -> None:
    others = [CLASSES.index(name) for name in ("ED", "blast")]
    stated = np.zeros((400, len(CLASSES)))
    stated[:, CLASSES.index("EN")] = 0.6
    stated[:200, others[0]] = stated[200:, others[1]] = 0.4
    stated[100:200] = np.eye(len(CLASSES))[others[1]]
    part = chances_of(stated).part[[0, 300], 0]
    assert part[1] > 2 * part[0] > 0.01


def test_errors_only_supposed_may_be_off_further_than_those_counted() -> None:
    table = CellTable.empty(CLASSES, ())
    supposed, counted = (
        cell_chances(table, LEE.vocabulary, SHARES, errors).spread
        for errors in (MeasuredErrors(accuracy=0.9), LEE.errors)
    )
    assert supposed > counted > 0


@given(st.integers(0, 200))
def test_less_sure_answers_are_likelier_wrong(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sure = np.sort(rng.uniform(0.5, 1, 200))
    stated = np.zeros((200, len(CLASSES)))
    stated[:, CLASSES.index("EN")] = sure
    stated[:, CLASSES.index("ED")] = 1 - sure
    found = chances_of(stated)
    assert (np.diff(found.rest[:, 1]) >= -1e-6).all()


def one_share(part: np.ndarray) -> CellChances:
    said = np.full((len(part), 1), REST, np.int8)
    chances = part.astype(np.float32)[:, None]
    return CellChances(np.arange(len(part)), said, chances, 1 - chances)


def test_without_calls_the_chances_are_what_was_supposed() -> None:
    supposed = one_share(np.linspace(0, 1, 20))
    nobody = np.zeros(0, np.intp), np.zeros((0, 1), np.int8)
    assert as_called(supposed, *nobody) is supposed


@given(st.integers(0, 100))
def test_after_calls_sure_answers_stay_surer_and_chances_sum_to_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    supposed = one_share(np.sort(rng.uniform(0, 0.6, 100)))
    rows = rng.choice(100, 30, replace=False)
    called = rng.choice([OUTSIDE, REST, PART], size=(30, 1)).astype(np.int8)
    found = as_called(supposed, rows, called)
    assert found.part + found.rest == pytest.approx(np.ones((100, 1)), abs=1e-5)
    assert (np.diff(found.part[:, 0]) >= -1e-6).all()
    mixed = rng.permutation(30)
    same = as_called(supposed, rows[mixed], called[mixed])
    assert same.part == pytest.approx(found.part, abs=1e-5)


def test_calls_that_find_more_errors_make_all_answers_doubted_more() -> None:
    supposed = one_share(np.full(100, 0.1))
    rows = np.arange(30)
    wrong = as_called(supposed, rows, np.full((30, 1), PART, np.int8))
    right = as_called(supposed, rows, np.full((30, 1), REST, np.int8))
    assert right.part[50, 0] < 0.1 < wrong.part[50, 0]


def test_one_call_alone_says_little_of_a_model() -> None:
    supposed = one_share(np.full(100, 0.1))
    found = as_called(supposed, np.array([0]), np.array([[PART]], np.int8))
    assert 0.1 < found.part[50, 0] < 0.2


def in_two_shares() -> CellChances:
    """Cells that the model names REST of one share and OUTSIDE of the other."""
    said = np.tile([REST, OUTSIDE], (100, 1)).astype(np.int8)
    part = np.tile([0.1, 0.02], (100, 1)).astype(np.float32)
    rest = np.tile([0.9, 0.03], (100, 1)).astype(np.float32)
    return CellChances(np.arange(100), said, part, rest)


def test_an_error_in_one_share_is_an_error_and_what_is_elsewhere_stays_in_proportion():
    kinds = np.tile([PART, OUTSIDE], (30, 1)).astype(np.int8)
    found = as_called(in_two_shares(), np.arange(30), kinds)
    assert found.part[50, 0] > 0.2
    assert found.part[50, 1] > 0.04
    assert found.rest[50, 1] / found.part[50, 1] == pytest.approx(1.5, rel=1e-4)


def test_as_many_errors_as_were_supposed_change_nothing() -> None:
    kinds = np.tile([REST, OUTSIDE], (30, 1)).astype(np.int8)
    kinds[:3, 0] = PART
    found = as_called(in_two_shares(), np.arange(30), kinds)
    assert found.part[50, 0] == pytest.approx(0.1, abs=1e-3)


def test_calls_against_a_sure_model_are_looked_at_again_the_unlikeliest_first() -> None:
    chances = one_share(np.array([0.001, 0.01, 0.3, 0.001, 0.5, 0.999]))
    kinds = np.array([PART, PART, PART, REST, OUTSIDE, REST], np.int8)[:, None]
    called = Called(np.array([1, 0, 2, 3, 4, 5]), kinds[[1, 0, 2, 3, 4, 5]])
    assert second_looks(chances, called).tolist() == [4, 0, 1]
    nobody = Called(np.zeros(0, np.int64), np.zeros((0, 1), np.int8))
    assert not len(second_looks(chances, nobody))
    elsewhere = replace(called, id=called.id + 100)
    assert not len(second_looks(chances, elsewhere))
