"""What each cell may truly be, as far as the reported shares are concerned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import OUTSIDE, PART, REST, ReportedShares
from marrowscope.domain.vocabulary import ModelVocabulary

_ENOUGH = 20_000  # cells to learn a correction from
# Of what an answer leaves, the part that lies where errors of its name were counted and
# not where the answer says: of lee's wrong answers on drawn cells the second choice was
# the truth in 67 % (`benchmarks.review_pool second`, fields of seeds 71100 to 71125).
_ELSEWHERE = 0.3
# Spread of errors that were counted, or only supposed; chosen on those fields.
_COUNTED, _SUPPOSED = 0.5, 1.0
_ROUNDS = 6
_SUREST = 0.999  # no answer is held for certain


@dataclass(frozen=True, slots=True)
class CellChances:
    """N cells by their ids against S shares, in the order of `ReportedShares.shares`.

    `said` (N, S): OUTSIDE, REST or PART by the model's answer. `part`, `rest` (N, S):
    how likely the cell is truly one of each. `spread`: how far all errors expected may
    be off together, as a part of them: 0.5 is half as many or half as many again.
    """

    id: NDArray[np.int64]
    said: NDArray[np.int8]
    part: NDArray[np.float32]
    rest: NDArray[np.float32]
    spread: float = 0.0

    def __len__(self) -> int:
        return len(self.id)

    def of_standing(
        self, standing: NDArray[np.int8], rows: NDArray[np.intp] | slice = slice(None)
    ) -> NDArray[np.float32]:
        """(K, S) how likely the cells of these K rows truly stand so, 0 to 1."""
        part, rest = self.part[rows], self.rest[rows]
        chance = np.where(standing == PART, part, rest)
        chance = np.where(standing == OUTSIDE, 1 - part - rest, chance)
        return np.clip(chance, 0, 1)


def cell_chances(
    table: CellTable,
    vocabulary: ModelVocabulary,
    shares: ReportedShares,
    errors: MeasuredErrors,
) -> CellChances:
    """The chances of a table's cells; those that a person drew are in no share.

    How likely an answer is wrong is as stated; what the cell is then lies partly where
    the probabilities say, partly where cells named so were found to belong. Both are
    corrected so that of the cells named each class as many are of each true class as
    the measured errors say. Where no such errors are known, the probabilities are no
    surer than the model was found right. About half a second for 555,052 cells: not
    for the window's thread.
    """
    told = vocabulary.told_by(table)
    stated = table.fine if told.fine else table.probabilities  # (N, A)
    of_answers = shares.of_answers(told)  # (A, S)
    said = of_answers[told.answer_rows(table)]
    named = table.class_index
    sure = _sureness(table.class_score, errors, len(told.classes))
    by_class = _less_sure(table.probabilities, sure)
    stated = _less_sure(stated, sure)
    owners = [told.class_ids.index(class_id) for class_id, _ in told.answers]
    there, elsewhere = _weights(by_class, named, errors)
    kinds = [(of_answers == kind).astype(np.float32) for kind in (PART, REST)]
    kinds = np.concatenate(kinds, axis=1)  # (A, 2 S)
    moved = elsewhere[:, :-1] @ _of_class(stated, owners, kinds)  # (C, 2 S)
    left = _left(by_class, named)
    weighed = stated * there[:, owners][named]
    found = weighed @ kinds + left * moved[named]
    sums = weighed.sum(axis=1) + left[:, 0] * elsewhere.sum(axis=1)[named]
    found /= np.maximum(sums, 1e-9)[:, None]
    _leave_out(table, said, found)
    half = of_answers.shape[1]
    spread = _SUPPOSED if errors.said is None else _COUNTED
    return CellChances(table.id, said, found[:, :half], found[:, half:], spread)


def _sureness(
    scores: NDArray[np.float32], errors: MeasuredErrors, classes: int
) -> np.float32:
    """What of the stated probabilities holds; least where only an accuracy is known."""
    if errors.said is not None or errors.accuracy is None or not len(scores):
        return np.float32(_SUREST)
    blind = 1 / classes
    stated = max(float(scores.mean()), blind + 1e-6)
    held = (errors.accuracy - blind) / (stated - blind)
    return np.float32(np.clip(held, 0, _SUREST))


def _less_sure(
    probabilities: NDArray[np.float32], sure: np.float32
) -> NDArray[np.float32]:
    """(N, K) `sure` of these, and what is left of it shared out evenly."""
    return sure * probabilities + (1 - sure) / np.float32(probabilities.shape[1])


def _left(
    probabilities: NDArray[np.float32], named: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(N, 1) what each answer leaves to the other classes."""
    return 1 - np.take_along_axis(probabilities, named[:, None], axis=1)


def _weights(
    probabilities: NDArray[np.float32],
    named: NDArray[np.intp],
    errors: MeasuredErrors,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """By the name: (C, C) what to multiply stated probabilities by, and (C, C + 1) what
    is added of each class, and of no cell, per unit of what the answer leaves."""
    classes = probabilities.shape[1]
    own = np.eye(classes, dtype=np.bool_)
    if errors.said is None or not len(named):
        ones = np.ones((classes, classes), np.float32)
        return ones, np.zeros((classes, classes + 1), np.float32)
    wanted = errors.truth_of_named(np.bincount(named, minlength=classes))
    wrongly = wanted.copy()
    wrongly[:, :-1][own] = 0
    wrongly *= _ELSEWHERE / np.maximum(wrongly.sum(axis=1, keepdims=True), 1e-12)
    some = slice(None, None, max(len(named) // _ENOUGH, 1))
    probabilities, named = probabilities[some], named[some]
    there = np.where(own, 1, 1 - _ELSEWHERE)
    supposed = _left(probabilities, named) * wrongly[named]
    supposed[:, :-1] += probabilities * there[named]
    factors = _factors(supposed, named, wanted)
    added = wrongly * factors
    return (there * factors[:, :-1]).astype(np.float32), added.astype(np.float32)


def _factors(
    supposed: NDArray[np.float64],
    named: NDArray[np.intp],
    wanted: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(C, C + 1) by which what is supposed (N, C + 1) of cells of each name is to be
    multiplied, to be `wanted` on average."""
    factors = np.ones_like(wanted)
    for name in np.unique(named):
        ours = supposed[named == name]
        for _ in range(_ROUNDS):
            chances = ours * factors[name]
            chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1e-12)
            factors[name] *= wanted[name] / np.maximum(chances.mean(axis=0), 1e-9)
    return factors


def _of_class(
    stated: NDArray[np.float32], owners: list[int], kinds: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(C, 2 S) where cells of each class stand, by how common its answers are."""
    common = stated.mean(axis=0) if len(stated) else np.ones(len(owners), np.float32)
    weights = np.zeros((max(owners) + 1, len(owners)), np.float32)
    weights[owners, np.arange(len(owners))] = common
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9) @ kinds


def _leave_out(
    table: CellTable, said: NDArray[np.int8], found: NDArray[np.float32]
) -> None:
    """No model has answered for drawn cells; sought ones are in no share of blasts."""
    half = said.shape[1]
    said[table.drawn], found[table.drawn] = OUTSIDE, 0
    said[table.sought, 0] = OUTSIDE
    found[table.sought, 0] = found[table.sought, half] = 0
