"""Are the cells that are found also named rightly, at a level both sides can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.crops import CropReport, evaluate_crops
from marrowscope.evaluation.detection import (
    NOTHING_FOUND,
    DetectionReport,
    PlaceScores,
    place_scores,
)
from marrowscope.evaluation.levels import (
    CommonLevel,
    Stands,
    answers_of,
    class_atoms,
    common_level,
    label_stands,
)
from marrowscope.evaluation.matching import NOBODY, Matches, Predictions, match
from marrowscope.evaluation.precision_recall import Ranking
from marrowscope.evaluation.proportion import Proportion
from marrowscope.evaluation.resampling import as_pair, over_pictures
from marrowscope.evaluation.truth import PictureTruth, Truth
from marrowscope.evaluation.words import Words


@dataclass(frozen=True, slots=True)
class NamedReport:
    """Naming of detected cells over the groups of `level`.

    `per_group`: a detection is right when place and group are. `found`: the naming
    of the cells that were found, as of ready-made crops; None where nothing compares.
    `left_out`: cells by label that no answer of the model could be right for.
    `average_precision`: mean over the groups that have cells.
    """

    level: CommonLevel
    per_group: Mapping[str, PlaceScores]
    found: CropReport | None
    left_out: Mapping[str, int]
    average_precision: float | None = None
    interval: Interval | None = None

    @property
    def agreement(self) -> Proportion | None:
        """Of the cells found, those in their true group."""
        if self.found is None or not self.found.accuracy.total:
            return None
        return self.found.accuracy

    def as_json(self) -> dict[str, object]:
        """Keys: groups, why_not, left_out, average_precision and its interval,
        per_group (see PlaceScores), found_cells (see CropReport)."""
        groups = self.per_group.items()
        return {
            "groups": list(self.level.groups),
            "why_not": self.level.why_not,
            "left_out": dict(self.left_out),
            "average_precision": self.average_precision,
            "average_precision_interval": as_pair(self.interval),
            "per_group": {
                name: {"cells": scores.cells, **scores.as_json()}
                for name, scores in groups
            },
            "found_cells": self.found.as_json() if self.found else None,
        }


@dataclass(frozen=True, slots=True)
class _Seen:
    """One picture: the group of each true cell ("" without one), what was found, with
    the chances (N, G) of the groups and the number of the group answered (N,)."""

    truth: PictureTruth
    groups: NDArray[np.str_]
    found: Predictions
    chances: NDArray[np.float64]
    answer: NDArray[np.intp]

    def of_group(self, number: int, name: str, iou: float) -> tuple[Matches, _Rows]:
        """The detections named so, against the true cells of that group."""
        rows = self.answer == number
        unknown = self.groups == ""
        own = self.truth.boxes[self.groups == name]
        beside = np.concatenate([self.truth.ignored, self.truth.boxes[unknown]])
        picture = PictureTruth(self.truth.file, own, (), beside)
        return match(picture, self.found.select(rows), iou=iou), rows


_Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FoundAndNamed:
    """Both questions about a set of pictures: found at all, and named rightly."""

    found: DetectionReport
    named: NamedReport

    def as_json(self) -> dict[str, object]:
        """Keys of DetectionReport, `class_agreement` (null where nothing compares) and
        `classes` (see NamedReport)."""
        agreement = self.named.agreement
        return {
            **self.found.as_json(),
            "class_agreement": agreement.as_json() if agreement else None,
            "classes": self.named.as_json(),
        }


def level_of(truth: Truth, words: Words) -> CommonLevel:
    """The groups that a truth's labels and a model's classes can both tell.

    Labels that are all the model's own classes are compared as they stand.
    """
    labels = sorted({label for p in truth.pictures for label in p.labels})
    answers = answers_of(words.vocabulary)
    own = {answer.name: answer.atoms for answer in answers}
    if truth.named and {name for name, _ in labels} <= set(own):
        stands = [Stands(_key(label), own[label[0]]) for label in labels]
    else:
        stands = [_stands(label, words) for label in labels]
    return common_level(stands, answers, words.taxonomy)


def _key(label: tuple[str, str]) -> str:
    return " ".join(label).strip()


def _stands(label: tuple[str, str], words: Words) -> Stands:
    """A label's line where it tells one, dysplastic if its class is; else its class."""
    name, line = label
    told = class_atoms(name, words.taxonomy)
    if not line:
        return Stands(name, told or _of_word(name, words))
    dysplastic = bool(told) and all(state for _, state in told)
    return Stands(_key(label), frozenset({(line, dysplastic)}))


def _of_word(word: str, words: Words) -> frozenset[tuple[str, bool]]:
    return label_stands(word, words.known, words.taxonomy).atoms


def evaluate_names(
    truth: Truth,
    predictions: Mapping[str, Predictions],
    level: CommonLevel,
    *,
    classes: Sequence[str],
    threshold: float = 0.0,
    iou: float = 0.5,
) -> NamedReport:
    """Set the groups of detections against those of the true cells.

    `classes`: the order of the predictions' probabilities. The answer is the group of
    the most probable class; a detection ranks by its score times the probability of
    that group. Cells without a group are neither to be found nor false.
    """
    if not level.groups:
        return NamedReport(level, {}, None, _left_out(truth, level))
    seen = [_seen(picture, predictions, level, classes) for picture in truth.pictures]
    per_group = {
        name: _group_scores(seen, number, name, iou=iou, threshold=threshold)
        for number, name in enumerate(level.groups)
        if any((one.groups == name).any() for one in seen)
    }
    mean, interval = _mean_precision(per_group, seen)
    return NamedReport(
        level=level,
        per_group=per_group,
        found=_naming_of_found(seen, level, threshold=threshold, iou=iou),
        left_out=_left_out(truth, level),
        average_precision=mean,
        interval=interval,
    )


def _seen(
    picture: PictureTruth,
    predictions: Mapping[str, Predictions],
    level: CommonLevel,
    classes: Sequence[str],
) -> _Seen:
    found = predictions.get(picture.file, NOTHING_FOUND)
    chances = found.probabilities
    if chances is None:
        if len(found.boxes):
            raise ValueError(f"{picture.file}: detections without probabilities")
        chances = np.zeros((0, len(classes)))
    groups = [level.of_label.get(_key(label), "") for label in picture.labels]
    answer = level.group_numbers(classes)[chances.argmax(axis=1)]
    return _Seen(
        picture, np.array(groups, str), found, level.sums(chances, classes), answer
    )


def _left_out(truth: Truth, level: CommonLevel) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label in (_key(one) for p in truth.pictures for one in p.labels):
        if label not in level.of_label:
            counts[label] = counts.get(label, 0) + 1
    return dict(sorted(counts.items()))


def _group_scores(
    seen: Sequence[_Seen], number: int, name: str, *, iou: float, threshold: float
) -> PlaceScores:
    pairs = [one.of_group(number, name, iou) for one in seen]
    scores = [
        one.found.scores[rows] for one, (_, rows) in zip(seen, pairs, strict=True)
    ]
    ranks = [
        one.found.scores[rows] * one.chances[rows, number]
        for one, (_, rows) in zip(seen, pairs, strict=True)
    ]
    return place_scores(
        [int((one.groups == name).sum()) for one in seen],
        scores,
        [matches for matches, _ in pairs],
        threshold=threshold,
        ranks=ranks,
    )


def _mean_precision(
    per_group: Mapping[str, PlaceScores], seen: Sequence[_Seen]
) -> tuple[float | None, Interval | None]:
    """Mean AP over the groups, and its interval by resampling pictures."""
    cells = {
        name: np.array([int((one.groups == name).sum()) for one in seen])
        for name in per_group
    }
    rankings: dict[str, Ranking] = {n: s.ranking for n, s in per_group.items()}

    def mean(weights: NDArray[np.intp]) -> dict[str, float | None]:
        areas = [
            rankings[name].average_precision(int(weights @ cells[name]), weights)
            for name in per_group
        ]
        known = [area for area in areas if area is not None]
        return {"mean": float(np.mean(known)) if known else None}

    whole = mean(np.ones(len(seen), np.intp))["mean"]
    return whole, over_pictures(mean, len(seen)).get("mean")


def _naming_of_found(
    seen: Sequence[_Seen], level: CommonLevel, *, threshold: float, iou: float
) -> CropReport:
    labels: list[str] = []
    chances, answers = [np.zeros((0, len(level.groups)))], [np.zeros(0, np.intp)]
    for one in seen:
        cell = match(one.truth, one.found, iou=iou).cell
        rows = np.flatnonzero((cell != NOBODY) & (one.found.scores >= threshold))
        rows = rows[one.groups[cell[rows]] != ""]
        labels += one.groups[cell[rows]].tolist()
        chances.append(one.chances[rows])
        answers.append(one.answer[rows])
    return evaluate_crops(
        labels,
        np.concatenate(chances),
        level.groups,
        answers=np.concatenate(answers),
    )
