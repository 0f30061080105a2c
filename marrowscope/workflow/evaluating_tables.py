"""Evaluate what stands in tables: grades and cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marrowscope.domain.errors import UnusableModel
from marrowscope.evaluation.cases import CaseReport, evaluate_cases, read_cases
from marrowscope.evaluation.grades import (
    FeatureReport,
    evaluate_feature,
    read_grades,
)
from marrowscope.inference.reader import CellReader
from marrowscope.workflow.classifying import classify_pictures


def evaluate_case_table(path: Path, *, marks: Sequence[float]) -> CaseReport:
    """Measured against reference percentages of a CSV."""
    names, measured, reference = read_cases(path)
    return evaluate_cases(names, measured, reference, marks=marks)


def evaluate_grade_table(
    path: Path, reader: CellReader, *, mpp: float | None = None
) -> tuple[list[FeatureReport], int]:
    """Every feature that the table grades, and how many pictures were unreadable."""
    features = reader.vocabulary.feature_ids
    if not features:
        raise UnusableModel(
            f"The model {reader.model.name} grades no features.", "Choose lee or mori."
        )
    pictures, grades = read_grades(path, features)
    answers = [a.answer for a in classify_pictures(pictures, reader, mpp=mpp)]
    read = np.array([answer is not None for answer in answers], bool)
    said = np.array([a.grades for a in answers if a is not None])
    said = said.reshape(-1, len(features))
    reports = []
    for name, true in grades.items():
        told = read & (true >= 0)
        rows = told[read]
        names = [str(pictures[i]) for i in np.flatnonzero(told)]
        answer = said[rows, features.index(name)]
        reports.append(evaluate_feature(name, true[told], answer, names))
    return reports, int((~read).sum())
