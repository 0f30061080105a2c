"""How many of the cells were found, and how many of the finds are cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.matching import NOBODY, Matches, Predictions, match
from marrowscope.evaluation.precision_recall import Ranking
from marrowscope.evaluation.proportion import Proportion, f1_score
from marrowscope.evaluation.resampling import as_pair, over_pictures
from marrowscope.evaluation.truth import PictureTruth, Truth, load_truth

__all__ = [
    "DetectionReport",
    "PlaceScores",
    "Predictions",
    "Truth",
    "average_precision",
    "evaluate_detections",
    "load_truth",
    "place_scores",
]

NOTHING_FOUND = Predictions(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
FIGURES = ("average_precision", "recall", "precision", "f1")


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """How well one kind of cell is found, at one overlap.

    `average_precision` is over all scores; the rest counts detections whose score
    reaches the threshold. `intervals`: 95 %, by resampling pictures, by figure; empty
    for a single picture. `ranking`: every detection that counts, for curves.
    """

    cells: int
    average_precision: float | None
    recall: Proportion
    precision: Proportion
    ignored: int
    ranking: Ranking
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def f1(self) -> float | None:
        return f1_score(self.precision.value, self.recall.value)

    def as_json(self) -> dict[str, object]:
        """Keys: average_precision, recall, precision, f1, each with `_interval`."""
        values = (
            self.average_precision,
            self.recall.as_json(),
            self.precision.as_json(),
            self.f1,
        )
        found: dict[str, object] = {}
        for name, value in zip(FIGURES, values, strict=True):
            found[name] = value
            found[f"{name}_interval"] = as_pair(self.intervals.get(name))
        return found


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """Detection of cells over a set of pictures at one overlap and one score.

    See `PlaceScores` for the figures; `recall_by_class` by the truth's own words.
    """

    images: int
    iou: float
    threshold: float
    places: PlaceScores
    recall_by_class: Mapping[str, Proportion]

    @property
    def cells(self) -> int:
        return self.places.cells

    @property
    def average_precision(self) -> float | None:
        return self.places.average_precision

    @property
    def recall(self) -> Proportion:
        return self.places.recall

    @property
    def precision(self) -> Proportion:
        return self.places.precision

    @property
    def ignored(self) -> int:
        return self.places.ignored

    @property
    def f1(self) -> float | None:
        return self.places.f1

    def as_json(self) -> dict[str, object]:
        """The report with plain numbers; shares as `Proportion.as_json`."""
        shares = self.recall_by_class.items()
        return {
            "images": self.images,
            "cells": self.cells,
            "iou": self.iou,
            "threshold": self.threshold,
            **self.places.as_json(),
            "ignored": self.ignored,
            "recall_by_class": {name: share.as_json() for name, share in shares},
        }


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
    found = [predictions.get(p.file, NOTHING_FOUND) for p in truth.pictures]
    matches = [
        match(picture, one, iou=iou)
        for picture, one in zip(truth.pictures, found, strict=True)
    ]
    cells = [len(picture.boxes) for picture in truth.pictures]
    scores = [one.scores for one in found]
    return DetectionReport(
        images=len(found),
        iou=iou,
        threshold=threshold,
        places=place_scores(cells, scores, matches, threshold=threshold),
        recall_by_class=_recall_by_class(
            truth.pictures, scores, matches, threshold=threshold
        ),
    )


def place_scores(
    cells: Sequence[int],
    scores: Sequence[NDArray[np.floating]],
    matches: Sequence[Matches],
    *,
    threshold: float,
    ranks: Sequence[NDArray[np.floating]] | None = None,
) -> PlaceScores:
    """Figures of P pictures: `cells` to be found in each, `scores` and `matches` of
    the detections in each. `ranks` order the detections where not their scores do.
    """
    pictures = np.repeat(np.arange(len(scores)), [len(one) for one in scores])
    score = _end_to_end(scores, np.float64)
    hit = _end_to_end([m.cell != NOBODY for m in matches], np.bool_)
    ignored = _end_to_end([m.ignored for m in matches], np.bool_)
    rank = score if ranks is None else _end_to_end(ranks, np.float64)
    ranking = Ranking.of(rank[~ignored], hit[~ignored], pictures[~ignored])
    over = score >= threshold
    tallies = np.stack(
        [
            np.asarray(cells, np.int64),
            np.bincount(pictures[over & hit], minlength=len(cells)),
            np.bincount(pictures[over & ~ignored], minlength=len(cells)),
        ]
    )  # (3, P) cells, cells found, detections that count
    total, found, counted = (int(n) for n in tallies.sum(axis=1))
    return PlaceScores(
        cells=total,
        average_precision=ranking.average_precision(total),
        recall=Proportion(found, total),
        precision=Proportion(found, counted),
        ignored=int((ignored & over).sum()),
        ranking=ranking,
        intervals=over_pictures(
            lambda weights: _weighted(ranking, tallies, weights), len(cells)
        ),
    )


def _weighted(
    ranking: Ranking, tallies: NDArray[np.int64], weights: NDArray[np.intp]
) -> dict[str, float | None]:
    """The figures if each picture counted `weights` (P,) times."""
    total, found, counted = (int(n) for n in tallies @ weights)
    recall, precision = _share(found, total), _share(found, counted)
    area = ranking.average_precision(total, weights)
    values = (area, recall, precision, f1_score(precision, recall))
    return dict(zip(FIGURES, values, strict=True))


def average_precision(
    scores: NDArray[np.floating], hits: NDArray[np.bool_], *, cells: int
) -> float | None:
    """Area under the precision-recall curve, precision made monotone.

    All points, as in Pascal VOC since 2010. Equal scores are one point of the curve,
    so their order does not matter. None when there are no cells.
    """
    return Ranking.of(scores, hits).average_precision(cells)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _end_to_end(
    arrays: Sequence[NDArray[np.generic]], kind: type[np.generic]
) -> NDArray:
    return np.concatenate([*arrays, np.zeros(0, kind)]).astype(kind)


def _recall_by_class(
    pictures: Sequence[PictureTruth],
    scores: Sequence[NDArray[np.floating]],
    matches: Sequence[Matches],
    *,
    threshold: float,
) -> dict[str, Proportion]:
    total: dict[str, int] = {}
    found: dict[str, int] = {}
    for picture, score, matched in zip(pictures, scores, matches, strict=True):
        hit = set(matched.cell[(matched.cell != NOBODY) & (score >= threshold)])
        for cell, name in enumerate(picture.classes):
            total[name] = total.get(name, 0) + 1
            found[name] = found.get(name, 0) + (cell in hit)
    return {name: Proportion(found[name], total[name]) for name in sorted(total)}
