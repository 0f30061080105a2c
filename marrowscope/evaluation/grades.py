"""How well features are graded 0 to 3, in the layout of Mori 2020."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.areas import auc_of
from marrowscope.evaluation.proportion import Proportion
from marrowscope.evaluation.resampling import as_pair

GRADES = 4
APART = 2  # grades between truth and answer that make a discrepancy


@dataclass(frozen=True, slots=True)
class Binary:
    """Dysplastic against not, at one cut of the grades.

    Without grade 1, as Mori et al. had it: cells of true grade 1 are left out.
    """

    name: str
    sensitivity: Proportion
    specificity: Proportion
    ppv: Proportion
    npv: Proportion
    accuracy: Proportion
    auc: float | None
    auc_interval: Interval | None

    def as_json(self) -> dict[str, object]:
        shares = ("sensitivity", "specificity", "ppv", "npv", "accuracy")
        return {
            "name": self.name,
            **{name: getattr(self, name).as_json() for name in shares},
            "auc": self.auc,
            "auc_interval": as_pair(self.auc_interval),
        }


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A cell whose answer lies two grades or more from the truth."""

    path: str
    feature: str
    true: int
    answer: float


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """One feature: `confusion` (4, 4), row true grade, column rounded answer.

    `true` (N,) and raw `answer` (N,) are kept for curves.
    """

    feature: str
    cells: int
    confusion: NDArray[np.int64]
    any_grade: Binary
    without_grade_1: Binary
    discrepancies: tuple[Discrepancy, ...]
    true: NDArray[np.integer]
    answer: NDArray[np.floating]

    def as_json(self) -> dict[str, object]:
        """Keys: feature, cells, confusion, any_grade, without_grade_1,
        discrepancies."""
        return {
            "feature": self.feature,
            "cells": self.cells,
            "confusion": self.confusion.tolist(),
            "any_grade": self.any_grade.as_json(),
            "without_grade_1": self.without_grade_1.as_json(),
            "discrepancies": [
                {"path": d.path, "true": d.true, "answer": d.answer}
                for d in self.discrepancies
            ],
        }


def evaluate_feature(
    feature: str,
    true: NDArray[np.integer],
    answer: NDArray[np.floating],
    paths: Sequence[str],
) -> FeatureReport:
    """True grades (N,) of 0 to 3 against raw answers (N,), rounded for the tables."""
    true = np.asarray(true)
    rounded = np.clip(np.rint(answer), 0, GRADES - 1).astype(int)
    confusion = np.zeros((GRADES, GRADES), np.int64)
    np.add.at(confusion, (true.astype(int), rounded), 1)
    apart = np.flatnonzero(np.abs(rounded - true) >= APART)
    order = apart[np.argsort(-np.abs(answer[apart] - true[apart]), kind="stable")]
    told = true != 1
    return FeatureReport(
        feature=feature,
        cells=len(true),
        confusion=confusion,
        any_grade=_binary("1-3 against 0", true >= 1, rounded >= 1, answer),
        # An answer of grade 1 goes to 0 or 2, whichever its raw output is nearer to.
        without_grade_1=_binary(
            "2-3 against 0, grade 1 left out",
            *(true[told] >= 2, answer[told] >= 1, answer[told]),
        ),
        discrepancies=tuple(
            Discrepancy(str(paths[i]), feature, int(true[i]), float(answer[i]))
            for i in order.tolist()
        ),
        true=true,
        answer=answer,
    )


def _binary(
    name: str,
    there: NDArray[np.bool_],
    said: NDArray[np.bool_],
    answer: NDArray[np.floating],
) -> Binary:
    hits, rejected = int((there & said).sum()), int((~there & ~said).sum())
    auc, interval = auc_of(there, answer)
    return Binary(
        name=name,
        sensitivity=Proportion(hits, int(there.sum())),
        specificity=Proportion(rejected, int((~there).sum())),
        ppv=Proportion(hits, int(said.sum())),
        npv=Proportion(rejected, int((~said).sum())),
        accuracy=Proportion(hits + rejected, len(there)),
        auc=auc,
        auc_interval=interval,
    )


def read_grades(
    path: Path, features: Sequence[str]
) -> tuple[list[Path], Mapping[str, NDArray[np.int64]]]:
    """Pictures and their true grades from a CSV: `path`, then a column per feature.

    An empty grade is -1: nobody looked. Raises UnreadableInput without such columns.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        known = [name for name in (rows[0] if rows else {}) if name in features]
        grades = {
            name: np.array([_grade(row[name]) for row in rows], np.int64)
            for name in known
        }
        pictures = [path.parent / row["path"] for row in rows]
    except (OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path.name} is no table of grades ({error}).",
            "Give the column path and one column per feature, graded 0 to 3.",
        ) from error
    if not known:
        raise UnreadableInput(
            f"{path.name} grades no feature of this model.",
            f"Its features are: {', '.join(features) or 'none'}.",
        )
    return pictures, grades


def _grade(text: str | None) -> int:
    """0 to 3, or -1 where nobody looked. Raises ValueError for anything else."""
    if not (text or "").strip():
        return -1
    if (grade := float(text or "")) not in range(GRADES):
        raise ValueError(f"{grade:g} is no grade")
    return int(grade)
