"""How many of the cells were found, and how many of the finds are cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.evaluation.matching import NOBODY, Matches, Predictions, match
from marrowscope.evaluation.proportion import Proportion, f1_score
from marrowscope.evaluation.truth import PictureTruth, Truth, load_truth

__all__ = [
    "DetectionReport",
    "Predictions",
    "Truth",
    "average_precision",
    "evaluate_detections",
    "load_truth",
]


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """Detection of cells over a set of pictures at one overlap and one score.

    `average_precision` is over all scores; the rest counts detections whose score
    reaches `threshold`. `agreement`: of the cells found, how many have their true
    class; None when the truth names no classes of the reader.
    """

    images: int
    cells: int
    iou: float
    threshold: float
    average_precision: float | None
    recall: Proportion
    precision: Proportion
    ignored: int
    recall_by_class: Mapping[str, Proportion]
    agreement: Proportion | None = None

    @property
    def f1(self) -> float | None:
        return f1_score(self.precision.value, self.recall.value)

    def as_json(self) -> dict[str, object]:
        """The report with plain numbers; shares as `Proportion.as_json`."""
        shares = self.recall_by_class.items()
        return {
            "images": self.images,
            "cells": self.cells,
            "iou": self.iou,
            "threshold": self.threshold,
            "average_precision": self.average_precision,
            "recall": self.recall.as_json(),
            "precision": self.precision.as_json(),
            "f1": self.f1,
            "ignored": self.ignored,
            "recall_by_class": {name: share.as_json() for name, share in shares},
            "class_agreement": self.agreement and self.agreement.as_json(),
        }


@dataclass(frozen=True, slots=True)
class _Read:
    """One picture with its matches."""

    truth: PictureTruth
    found: Predictions
    matches: Matches

    @property
    def hit(self) -> NDArray[np.bool_]:
        return self.matches.cell != NOBODY


def evaluate_detections(
    truth: Truth,
    predictions: Mapping[str, Predictions],
    *,
    threshold: float = 0.0,
    iou: float = 0.5,
) -> DetectionReport:
    """Set detections, by picture file name, against the truth.

    A picture without an entry counts as one in which nothing was found. Pass every
    detection, also those below `threshold`: average precision needs them.
    """
    nothing = Predictions(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
    reads = []
    for picture in truth.pictures:
        found = predictions.get(picture.file, nothing)
        reads.append(_Read(picture, found, match(picture, found, iou=iou)))
    scores = np.concatenate([r.found.scores for r in reads] or [np.zeros(0)])
    hits = np.concatenate([r.hit for r in reads] or [np.zeros(0, np.bool_)])
    ignored = np.concatenate([r.matches.ignored for r in reads] or [hits])
    over = scores >= threshold
    counted = over & ~ignored
    found_cells = int((hits & over).sum())
    return DetectionReport(
        images=len(reads),
        cells=truth.cells,
        iou=iou,
        threshold=threshold,
        average_precision=average_precision(
            scores[~ignored], hits[~ignored], cells=truth.cells
        ),
        recall=Proportion(found_cells, truth.cells),
        precision=Proportion(found_cells, int(counted.sum())),
        ignored=int((ignored & over).sum()),
        recall_by_class=_recall_by_class(reads, threshold),
        agreement=_agreement(reads, threshold) if truth.named else None,
    )


def average_precision(
    scores: NDArray[np.floating], hits: NDArray[np.bool_], *, cells: int
) -> float | None:
    """Area under the precision-recall curve, precision made monotone.

    All points, as in Pascal VOC since 2010. Equal scores are one point of the curve,
    so their order does not matter. None when there are no cells.
    """
    if not cells:
        return None
    order = np.argsort(-scores, kind="stable")
    hits, scores = hits[order], scores[order]
    last_of_score = np.append(scores[1:] != scores[:-1], True)[: len(scores)]
    found = np.cumsum(hits)[last_of_score]
    total = np.arange(1, len(hits) + 1)[last_of_score]
    recall = np.concatenate([[0.0], found / cells])
    precision = np.maximum.accumulate((found / total)[::-1])[::-1]
    return float((np.diff(recall) * precision).sum())


def _recall_by_class(reads: list[_Read], threshold: float) -> dict[str, Proportion]:
    total: dict[str, int] = {}
    found: dict[str, int] = {}
    for read in reads:
        hit = set(read.matches.cell[read.hit & (read.found.scores >= threshold)])
        for cell, name in enumerate(read.truth.classes):
            total[name] = total.get(name, 0) + 1
            found[name] = found.get(name, 0) + (cell in hit)
    return {name: Proportion(found[name], total[name]) for name in sorted(total)}


def _agreement(reads: list[_Read], threshold: float) -> Proportion | None:
    """Of the cells found, those whose class is the true one."""
    right = total = 0
    for read in (r for r in reads if r.found.classes):
        for row in np.flatnonzero(read.hit & (read.found.scores >= threshold)):
            total += 1
            true = read.truth.classes[read.matches.cell[row]]
            right += read.found.classes[row] == true
    return Proportion(right, total) if total else None
