"""Mori's regressor as a Classifier: graded outputs of turned crops, then classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cells import Identity
from marrowscope.domain.geometry import Pixels
from marrowscope.inference.grade_scale import GradeScale
from marrowscope.inference.graded_classes import (
    Sharing,
    class_probabilities,
    fine_probabilities,
    telling_label,
)
from marrowscope.inference.graded_labels import LABELS, gated, index_of
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.rotations import Stopping, highest_of_turns
from marrowscope.inference.saliency import MAP_SIZE, stored_map

BATCH = 2  # cells; each becomes sixteen crops inside the graph
SHAPES = {
    "outputs": (len(LABELS),),
    "saliency": (len(LABELS), MAP_SIZE, MAP_SIZE),
}


class GradeRegressor:
    """Grades crops; `features` are the ids of the labels that are answered as grades.

    `scale` and `sharing`: how outputs are read as grades and as classes.
    `stopping`: stop turning a crop whose answer can no longer change.
    """

    def __init__(
        self,
        model: OnnxModel,
        *,
        features: Sequence[str],
        normalisation: Normalisation,
        scale: GradeScale,
        sharing: Sharing,
        stopping: Stopping | None = None,
    ) -> None:
        self._model = model
        self.device = model.device
        self._columns = [index_of(name) for name in features]
        self._normalisation = normalisation
        self._scale, self._sharing = scale, sharing
        self._stopping = stopping
        self.turns_made = 0

    def identify(self, crops: Sequence[Pixels]) -> list[Identity]:
        """One answer for each crop (size, size, 3)."""
        starts = range(0, len(crops), BATCH)
        return [
            identity for i in starts for identity in self._graded(crops[i : i + BATCH])
        ]

    def _graded(self, crops: Sequence[Pixels]) -> Iterator[Identity]:
        fed = normalise(crops, self._normalisation)
        raw, maps, made = highest_of_turns(self._ask, fed, self._stopping)
        self.turns_made += int(made.sum())
        outputs = self._scale.read(raw)
        chances = class_probabilities(outputs, self._sharing)
        fine = fine_probabilities(outputs, chances, self._sharing)
        grades = gated(outputs)[:, self._columns]
        for row, chance in enumerate(chances):
            label = telling_label(outputs[row], int(chance.argmax()))
            saliency = stored_map(maps[row, label])
            yield Identity(chance, grades[row], saliency, fine[row])

    def _ask(
        self, crops: NDArray[np.float32], turns: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        answers = self._model.run(crops, turns=turns)
        return answers["outputs"], answers["saliency"]
