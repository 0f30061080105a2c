"""Which detection stands for which true cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Boxes, iou_matrix
from marrowscope.evaluation.truth import PictureTruth, centred_inside

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a reader found in one picture: boxes (N, 4), scores (N,), class names (N,).

    Boxes are full-size pixels. `classes` may be empty when only places are judged;
    `probabilities` (N, C) over the reader's classes, None where they are not known.
    """

    boxes: Boxes
    scores: NDArray[np.float32]
    classes: tuple[str, ...] = ()
    probabilities: NDArray[np.float32] | None = None

    def select(self, rows: NDArray[np.bool_]) -> Predictions:
        """Places and scores of the detections in `rows` (N,)."""
        return Predictions(self.boxes[rows], self.scores[rows])


@dataclass(frozen=True, slots=True)
class Matches:
    """For each detection of a picture, in the order given.

    `cell`: the true cell it stands for, or -1. `ignored`: it does not count.
    """

    cell: NDArray[np.intp]
    ignored: NDArray[np.bool_]


def match(truth: PictureTruth, found: Predictions, *, iou: float = 0.5) -> Matches:
    """Give each true cell to the highest-scoring detection that covers it.

    Greedy, best score first: a detection takes the free cell it overlaps most, if
    their intersection over union reaches `iou`. What is left over is ignored when it
    is centred in a place that does not count or covers one as well as a cell.
    """
    overlap = iou_matrix(found.boxes, truth.boxes)  # (N, M)
    cell = np.full(len(found.boxes), NOBODY, np.intp)
    free = np.ones(len(truth.boxes), np.bool_)
    for row in np.argsort(-found.scores, kind="stable"):
        candidates = np.where(free, overlap[row], 0)
        best = int(candidates.argmax()) if len(candidates) else NOBODY
        if best != NOBODY and candidates[best] >= iou:
            cell[row], free[best] = best, False
    beside = centred_inside(found.boxes, truth.ignored)
    if len(truth.ignored):
        beside |= iou_matrix(found.boxes, truth.ignored).max(axis=1) >= iou
    return Matches(cell, beside & (cell == NOBODY))
