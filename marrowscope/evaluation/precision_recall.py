"""Precision against recall over every score, and the area below that curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """N answers, best score first. `hit`: right or not; `score` (N,), descending.

    `origin` (N,): the picture (or the row) each comes from, for resampling.
    """

    score: NDArray[np.float64]
    hit: NDArray[np.bool_]
    origin: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        score: NDArray[np.floating],
        hit: NDArray[np.bool_],
        origin: NDArray[np.intp] | None = None,
    ) -> Ranking:
        """The answers in the order of their scores; without `origin` each its own."""
        order = np.argsort(-score, kind="stable")
        rows = np.arange(len(score)) if origin is None else origin
        return cls(np.asarray(score, np.float64)[order], hit[order], rows[order])

    def curve(self, cells: float, weights: NDArray[np.integer] | None = None) -> Curve:
        """Recall and precision after each distinct score, of `cells` to be found.

        `weights`: how often each origin counts. Equal scores are one point of the
        curve, so their order does not matter.
        """
        if weights is None:
            each = np.ones(len(self.hit), np.int64)
        else:
            each = weights[self.origin]
        last = np.append(self.score[1:] != self.score[:-1], True)[: len(self.score)]
        found = np.cumsum(each * self.hit)[last]
        total = np.cumsum(each)[last]
        told = total > 0
        return found[told] / max(cells, 1), found[told] / total[told]

    def average_precision(
        self,
        cells: float,
        weights: NDArray[np.integer] | None = None,
        *,
        monotone: bool = True,
    ) -> float | None:
        """Area below the curve; None when there are no cells.

        `monotone`: precision made non-increasing first, all points, as in Pascal VOC
        since 2010 (detection); else as scikit-learn has it (naming).
        """
        if not cells:
            return None
        recall, precision = self.curve(cells, weights)
        if monotone:
            precision = np.maximum.accumulate(precision[::-1])[::-1]
        return float((np.diff(recall, prepend=0.0) * precision).sum())
