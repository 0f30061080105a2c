"""How well ready-made crops are named, in the layout of Lee 2022, tables 3 and 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.areas import auc_of
from marrowscope.evaluation.precision_recall import Ranking
from marrowscope.evaluation.proportion import Proportion, f1_score
from marrowscope.evaluation.resampling import (
    as_pair,
    drawn_rows,
    f1_of,
    limits_of,
    mean_known,
    resampled,
)

CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class against all others; AUC and AP are None when it has no (or all) crops.

    Intervals are 95 %: of AUC after DeLong (see `areas`), of F1 and AP by resampling
    the crops.
    """

    sensitivity: Proportion
    specificity: Proportion
    ppv: Proportion
    npv: Proportion
    accuracy: Proportion
    auc: float | None
    auc_interval: Interval | None
    average_precision: float | None
    f1_interval: Interval | None = None
    ap_interval: Interval | None = None

    @property
    def f1(self) -> float | None:
        """None for a class without crops; 0 when none of its crops was named."""
        if not self.sensitivity.total:
            return None
        return f1_score(self.ppv.value or 0.0, self.sensitivity.value)

    def as_json(self) -> dict[str, object]:
        return {
            "n": self.sensitivity.total,
            "sensitivity": self.sensitivity.as_json(),
            "specificity": self.specificity.as_json(),
            "ppv": self.ppv.as_json(),
            "npv": self.npv.as_json(),
            "accuracy": self.accuracy.as_json(),
            "f1": self.f1,
            "f1_interval": as_pair(self.f1_interval),
            "auc": self.auc,
            "auc_interval": as_pair(self.auc_interval),
            "average_precision": self.average_precision,
            "average_precision_interval": as_pair(self.ap_interval),
        }


@dataclass(frozen=True, slots=True)
class CropReport:
    """All classes together. `confusion` (C, C): row true class, column answer.

    `macro_f1` and `macro_auc` are means over the classes that have crops. `ece` is the
    expected calibration error of the answered class, 15 bins, from 0 to 1.
    """

    classes: tuple[str, ...]
    per_class: dict[str, ClassScores]
    accuracy: Proportion
    confusion: NDArray[np.int64]
    ece: float | None
    true: NDArray[np.intp]  # (N,) class numbers, for curves
    scores: NDArray[np.float64]  # (N, C)
    answer: NDArray[np.intp]  # (N,) class numbers
    macro_f1_interval: Interval | None = None

    @property
    def sureness(self) -> NDArray[np.float64]:
        """(N,) the stated probability of each answer."""
        return self.scores[np.arange(len(self.answer)), self.answer]

    @property
    def macro_f1(self) -> float | None:
        return _mean([scores.f1 for scores in self.per_class.values()])

    @property
    def macro_auc(self) -> float | None:
        return _mean([scores.auc for scores in self.per_class.values()])

    def as_json(self) -> dict[str, object]:
        """Keys: images, classes, accuracy, macro_f1, macro_f1_interval, macro_auc, ece,
        confusion, per_class."""
        return {
            "images": self.accuracy.total,
            "classes": list(self.classes),
            "accuracy": self.accuracy.as_json(),
            "macro_f1": self.macro_f1,
            "macro_f1_interval": as_pair(self.macro_f1_interval),
            "macro_auc": self.macro_auc,
            "ece": self.ece,
            "confusion": self.confusion.tolist(),
            "per_class": {name: s.as_json() for name, s in self.per_class.items()},
        }


def evaluate_crops(
    labels: Sequence[str],
    probabilities: NDArray[np.floating],
    classes: Sequence[str],
    *,
    answers: NDArray[np.intp] | None = None,
) -> CropReport:
    """Set probabilities (N, C) over `classes` against N true class names.

    `answers` (N,) are class numbers, else the most probable class answers. Raises
    ValueError when lengths differ or a label is none of the classes.
    """
    wrong = sorted(set(labels) - set(classes))
    if wrong:
        raise ValueError(f"labels that are no classes: {', '.join(wrong)}")
    scores = np.asarray(probabilities, np.float64).reshape(-1, len(classes))
    if len(scores) != len(labels):
        raise ValueError(f"{len(labels)} labels for {len(scores)} answers")
    true = np.asarray([list(classes).index(label) for label in labels], np.intp)
    answer = _answered(scores) if answers is None else answers
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (true, answer), np.int64(1))
    macro, each = f1_intervals(true, answer, len(classes))
    areas = precision_intervals(true, scores)
    return CropReport(
        classes=tuple(classes),
        per_class={
            name: replace(
                _class_scores(true == i, answer == i, scores[:, i]),
                f1_interval=each[i],
                ap_interval=areas[i],
            )
            for i, name in enumerate(classes)
        },
        accuracy=Proportion(int((true == answer).sum()), len(true)),
        confusion=confusion,
        ece=_calibration_error(scores, answer, true == answer),
        true=true,
        scores=scores,
        answer=answer,
        macro_f1_interval=macro,
    )


def _answered(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    return scores.argmax(axis=1) if scores.size else np.zeros(len(scores), np.intp)


def f1_intervals(
    true: NDArray[np.intp], answer: NDArray[np.intp], classes: int
) -> tuple[Interval | None, list[Interval | None]]:
    """95 % bootstrap intervals of macro-F1 and of each class's F1."""
    drawn: list[NDArray[np.float64]] = []

    def macro(rows: NDArray[np.intp]) -> float | None:
        drawn.append(f1_of(true[rows], answer[rows], classes))
        return mean_known(drawn[-1])

    interval = resampled(macro, len(true))
    table = np.array(drawn).reshape(-1, classes)
    return interval, [limits_of(column.tolist()) for column in table.T]


def precision_intervals(
    true: NDArray[np.intp], scores: NDArray[np.float64]
) -> list[Interval | None]:
    """95 % bootstrap interval of each class's average precision."""
    classes = range(scores.shape[1])
    ranked = [Ranking.of(scores[:, i], true == i) for i in classes]
    drawn: list[list[float | None]] = [[] for _ in classes]
    for rows in drawn_rows(len(true)):
        weights = np.bincount(rows, minlength=len(true))
        there = np.bincount(true[rows], minlength=len(ranked))
        for i in classes:
            area = ranked[i].average_precision(int(there[i]), weights, monotone=False)
            drawn[i].append(area)
    return [limits_of(areas) for areas in drawn]


def _class_scores(
    true: NDArray[np.bool_], answer: NDArray[np.bool_], score: NDArray[np.float64]
) -> ClassScores:
    hits, rejected = int((true & answer).sum()), int((~true & ~answer).sum())
    some, others = int(true.sum()), int((~true).sum())
    both = some > 0 and others > 0
    auc, auc_interval = auc_of(true, score)
    return ClassScores(
        sensitivity=Proportion(hits, some),
        specificity=Proportion(rejected, others),
        ppv=Proportion(hits, int(answer.sum())),
        npv=Proportion(rejected, int((~answer).sum())),
        accuracy=Proportion(hits + rejected, len(true)),
        auc=auc,
        auc_interval=auc_interval,
        average_precision=float(average_precision_score(true, score)) if both else None,
    )


def _calibration_error(
    scores: NDArray[np.float64], answer: NDArray[np.intp], right: NDArray[np.bool_]
) -> float | None:
    """Mean gap between stated and true share of right answers, weighted by bin."""
    if not len(scores):
        return None
    sure = scores[np.arange(len(answer)), answer]
    place = np.minimum((sure * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        abs(float(sure[place == b].sum() - right[place == b].sum()))
        for b in range(CALIBRATION_BINS)
    ]
    return sum(gaps) / len(scores)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
