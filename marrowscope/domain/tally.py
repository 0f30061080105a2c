"""How many cells got which answer: the numbers a suggestion is made of, cell by cell.

Tallies add up, so that a run counts each cell once however often its numbers are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.vocabulary import ModelVocabulary

_GRADES = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """Cells of one vocabulary, counted.

    `answers` (A,) by `vocabulary.answers`. `undivided` (C,) by class: cells kept
    without the finer outputs that would tell more; they are in no answer. `grades`
    (C, 4) by class and grade of dysplasia, where 0 is "not called dysplastic". Cells
    sought at low power are in `grades` alone: they are no part of a differential.
    Cells that a person drew are in none: no model has answered.
    """

    answers: NDArray[np.int64]
    undivided: NDArray[np.int64]
    grades: NDArray[np.int64]

    @property
    def classes(self) -> NDArray[np.int64]:
        """(C,) cells of each class."""
        return self.grades.sum(axis=1)

    @classmethod
    def of(cls, table: CellTable, vocabulary: ModelVocabulary) -> Tally:
        """Count the cells of a table."""
        classes = len(vocabulary.classes)
        table = table.select(~table.drawn) if table.drawn.any() else table
        best = table.class_index
        told = vocabulary.told_by(table)
        rows = told.answer_rows(table)[~table.sought]
        graded = best * _GRADES + vocabulary.grade(table)
        return cls(
            _counted(rows if told is vocabulary else rows[:0], len(vocabulary.answers)),
            _counted(rows[:0] if told is vocabulary else rows, classes),
            _counted(graded, classes * _GRADES).reshape(classes, _GRADES),
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.answers + other.answers,
            self.undivided + other.undivided,
            self.grades + other.grades,
        )

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            self.answers - other.answers,
            self.undivided - other.undivided,
            self.grades - other.grades,
        )


def _counted(numbers: NDArray[np.intp], length: int) -> NDArray[np.int64]:
    return np.bincount(numbers, minlength=length)
