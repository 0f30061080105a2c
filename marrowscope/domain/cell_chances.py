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
_NO_CELL = 0.02  # what is stated, before any correction, of being no cell
_ROUNDS = 6
_SUREST = 0.999  # no answer is held for certain


@dataclass(frozen=True, slots=True)
class CellChances:
    """N cells by their ids against S shares, in the order of `ReportedShares.shares`.

    `said` (N, S): OUTSIDE, REST or PART by the model's answer. `part`, `rest` (N, S):
    how likely the cell is truly one of each. `spread`: by how much the stated
    probabilities may all be off together, 0 to 1.
    """

    id: NDArray[np.int64]
    said: NDArray[np.int8]
    part: NDArray[np.float32]
    rest: NDArray[np.float32]
    spread: float = 0.0

    def __len__(self) -> int:
        return len(self.id)


def cell_chances(
    table: CellTable,
    vocabulary: ModelVocabulary,
    shares: ReportedShares,
    errors: MeasuredErrors,
) -> CellChances:
    """The chances of a table's cells; those that a person drew are in no share.

    The stated probabilities, corrected so that of the cells named each class as many
    are of each true class as the measured errors say. Where no such errors are known,
    the probabilities are no surer than the model was found right. About half a second
    for 555,052 cells: not for the window's thread.
    """
    told = vocabulary.told_by(table)
    stated = table.fine if told.fine else table.probabilities  # (N, A)
    of_answers = shares.of_answers(told)  # (A, S)
    said = of_answers[told.answer_rows(table)]
    named = table.class_index
    sure = _sureness(table.class_score, errors, len(told.classes))
    stated = _less_sure(stated, sure)
    correction = _correction(_less_sure(table.probabilities, sure), named, errors)
    owners = [told.class_ids.index(class_id) for class_id, _ in told.answers]
    weighed = stated * correction[:, owners][named]
    sums = weighed.sum(axis=1) + _NO_CELL * correction[named, -1]
    kinds = [(of_answers == kind).astype(np.float32) for kind in (PART, REST)]
    found = weighed @ np.concatenate(kinds, axis=1)  # (N, 2 S)
    found /= np.maximum(sums, 1e-9)[:, None]
    _leave_out(table, said, found)
    half = of_answers.shape[1]
    return CellChances(
        table.id, said, found[:, :half], found[:, half:], errors.calibration_error
    )


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


def _correction(
    probabilities: NDArray[np.float32],
    named: NDArray[np.intp],
    errors: MeasuredErrors,
) -> NDArray[np.float32]:
    """(C, C + 1) by which the chances of cells of each name are to be multiplied."""
    classes = probabilities.shape[1]
    if errors.said is None or not len(named):
        nothing = np.ones((classes, classes + 1), np.float32)
        nothing[:, -1] = 0
        return nothing
    wanted = errors.truth_of_named(np.bincount(named, minlength=classes))
    some = slice(None, None, max(len(named) // _ENOUGH, 1))
    named = named[some]
    none = np.full((len(named), 1), _NO_CELL)
    stated = np.concatenate([probabilities[some], none], axis=1).astype(np.float64)
    factors = np.ones((classes, classes + 1))
    for _ in range(_ROUNDS):
        chances = stated * factors[named]
        chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1e-12)
        for name in np.unique(named):
            means = chances[named == name].mean(axis=0)
            factors[name] *= wanted[name] / np.maximum(means, 1e-9)
    return factors.astype(np.float32)


def _leave_out(
    table: CellTable, said: NDArray[np.int8], found: NDArray[np.float32]
) -> None:
    """No model has answered for drawn cells; sought ones are in no share of blasts."""
    half = said.shape[1]
    said[table.drawn], found[table.drawn] = OUTSIDE, 0
    said[table.sought, 0] = OUTSIDE
    found[table.sought, 0] = found[table.sought, half] = 0
