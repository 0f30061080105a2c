"""What a model found (Finding) and what the case keeps of it (Cell)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Outline


@dataclass(frozen=True, slots=True)
class Identity:
    """A model's answer about one cell, kept for ever.

    `probabilities` (C,) over the reader's classes, summing to 1. `grades` (F,) from 0
    to 3, one per named feature, in the reader's order. `saliency` (h, w) uint8 with
    h, w >= 8: the class activation map of the first class, spread over the crop.
    `fine` (K,) over the finer outputs under the classes, None for a reader without any.
    """

    probabilities: NDArray[np.float32]
    grades: NDArray[np.float32]
    saliency: NDArray[np.uint8] | None = None
    fine: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One nucleated cell in a field, in field pixels.

    `box` holds the whole cell, nucleus and cytoplasm. `cut` says that the picture's
    edge cuts it. `score` from 0 to 1 ranks findings; it is not a probability.
    `strangeness`: how far its picture is from those the model was trained on, in
    multiples of the tested range: above 1 it is unlike all; NaN where not measured.
    """

    box: Box
    score: float
    identity: Identity
    outline: Outline | None = None
    cut: bool = False
    strangeness: float = math.nan


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a case, in level-0 pixels: a view of one row of a CellTable.

    A `drawn` one was found by a person alone: it has no class, and its score is 0.
    """

    id: int
    slide: int
    box: Box
    class_id: str
    class_score: float
    detection_score: float
    probabilities: NDArray[np.float32]
    grades: NDArray[np.float32]
    cut: bool
    outline: Outline | None = None
    saliency: NDArray[np.uint8] | None = None
    fine: NDArray[np.float32] | None = None
    strangeness: float = math.nan
    drawn: bool = False

    @property
    def veiled(self) -> Cell:
        """The same cell without anything that a model said of it."""
        return replace(
            self,
            class_id="",
            class_score=0.0,
            detection_score=0.0,
            grades=np.zeros_like(self.grades),
            saliency=None,
            fine=None,
            strangeness=math.nan,
            drawn=True,
        )
