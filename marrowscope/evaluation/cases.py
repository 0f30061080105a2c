"""Case by case: percentages against a reference such as flow cytometry."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import roc_curve

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.areas import auc_of
from marrowscope.evaluation.resampling import as_pair

BLAST_MARKS = (5.0, 20.0)
FEWEST = 4  # cases below which nothing is correlated


@dataclass(frozen=True, slots=True)
class Mark:
    """Cases at or above a reference percentage against the others."""

    percent: float
    above: int
    cases: int
    auc: float | None
    interval: Interval | None
    curve: tuple[Sequence[float], Sequence[float]] | None

    def as_json(self) -> dict[str, object]:
        return {
            "percent": self.percent,
            "above": self.above,
            "cases": self.cases,
            "auc": self.auc,
            "interval": as_pair(self.interval),
        }


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Percentages (N,) measured and of the reference, and how they go together.

    `limits`: the mean difference, and between which 95 % of differences lie (Bland &
    Altman 1986), in percentage points.
    """

    names: tuple[str, ...]
    measured: NDArray[np.float64]
    reference: NDArray[np.float64]
    pearson: float | None
    pearson_interval: Interval | None
    spearman: float | None
    mean_difference: float
    limits: Interval
    marks: tuple[Mark, ...]

    def as_json(self) -> dict[str, object]:
        """Keys: cases, pearson, pearson_interval, spearman, mean_difference, limits,
        marks."""
        return {
            "cases": len(self.names),
            "pearson": self.pearson,
            "pearson_interval": as_pair(self.pearson_interval),
            "spearman": self.spearman,
            "mean_difference": self.mean_difference,
            "limits": as_pair(self.limits),
            "marks": [mark.as_json() for mark in self.marks],
        }


def read_cases(
    path: Path,
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Names, measured and reference percentages from a CSV with the columns case,
    measured, reference. Raises UnreadableInput for anything else."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        measured, reference = (
            np.array([float(row[name]) for row in rows])
            for name in ("measured", "reference")
        )
        for percent in (*measured, *reference):
            if not 0 <= percent <= 100:
                raise ValueError(f"{percent:g} is no percentage")
    except (OSError, KeyError, ValueError, TypeError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path.name} is no table of percentages ({error}).",
            "Give the columns case, measured and reference, in percent.",
        ) from error
    if not rows:
        raise UnreadableInput(f"{path.name} holds no cases.", "Give one row per case.")
    names = [row.get("case") or str(i + 1) for i, row in enumerate(rows)]
    return names, measured, reference


def evaluate_cases(
    names: Sequence[str],
    measured: NDArray[np.float64],
    reference: NDArray[np.float64],
    *,
    marks: Sequence[float] = BLAST_MARKS,
) -> CaseReport:
    """Correlation, differences, and the ROC of the measured over each mark."""
    varied = len(names) >= FEWEST and min(np.ptp(measured), np.ptp(reference)) > 0
    found: Any = pearsonr(measured, reference) if varied else None
    ranks: Any = spearmanr(measured, reference) if varied else None
    between = found.confidence_interval(0.95) if found else None
    difference = measured - reference
    spread = 1.96 * float(difference.std(ddof=1)) if len(names) > 1 else 0.0
    middle = float(difference.mean())
    return CaseReport(
        names=tuple(names),
        measured=measured,
        reference=reference,
        pearson=float(found[0]) if found else None,
        pearson_interval=Interval(float(between.low), float(between.high))
        if between
        else None,
        spearman=float(ranks[0]) if ranks else None,
        mean_difference=middle,
        limits=Interval(middle - spread, middle + spread),
        marks=tuple(_mark(measured, reference, percent) for percent in marks),
    )


def _mark(
    measured: NDArray[np.float64], reference: NDArray[np.float64], percent: float
) -> Mark:
    above = reference >= percent
    some, others = int(above.sum()), int((~above).sum())
    if not some or not others:
        return Mark(percent, some, len(above), None, None, None)
    auc, limits = auc_of(above, measured)
    false, true, _ = roc_curve(above, measured)
    curve = false.tolist(), true.tolist()
    return Mark(percent, some, len(above), auc, limits, curve)
