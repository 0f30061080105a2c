"""A network that names crops, with grades and Grad-CAM in the same pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cells import Identity
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import DeviceUse
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.saliency import stored_map

AVERAGED = {"probabilities", "fine", "grades"}
BATCH = 8  # larger batches are slower on a processor (performance.md, B)


class CropClassifier:
    """Names crops; the last batch is the only smaller one.

    `views`: 1 looks at each crop as it is; 2 averages with the crop's mirror image, for
    twice the time.
    """

    def __init__(
        self, model: OnnxModel, normalisation: Normalisation, *, views: int = 1
    ) -> None:
        self._model = model
        self._normalisation = normalisation
        self._views = views

    @property
    def device(self) -> DeviceUse:
        """Where and in which precision the network runs."""
        return self._model.device

    def identify(self, crops: Sequence[Pixels]) -> list[Identity]:
        """One answer for each crop (size, size, 3); the map is that of the crop."""
        return [
            identity for batch in _batches(crops) for identity in self._named(batch)
        ]

    def _named(self, crops: Sequence[Pixels]) -> Iterator[Identity]:
        pictures = normalise(crops, self._normalisation)
        answers = self._model.run(pictures)
        if self._views == 2:
            mirrored = self._model.run(np.ascontiguousarray(pictures[:, :, ::-1]))
            for name in AVERAGED & answers.keys():
                answers[name] = np.float32(0.5) * (answers[name] + mirrored[name])
        fine = answers.get("fine", [None] * len(crops))
        rows = zip(
            answers["probabilities"],
            answers["grades"],
            answers["saliency"],
            fine,
            strict=True,
        )
        for probabilities, grades, maps, finer in rows:
            first = stored_map(maps[int(probabilities.argmax())])
            yield Identity(_normed(probabilities), np.clip(grades, 0, 3), first, finer)


def _normed(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    return (probabilities / probabilities.sum()).astype(np.float32)


def _batches(crops: Sequence[Pixels]) -> Iterator[Sequence[Pixels]]:
    return (crops[i : i + BATCH] for i in range(0, len(crops), BATCH))
