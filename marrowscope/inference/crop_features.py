"""What a model's classifier makes of a crop just before it names it: its features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import normalise

ROLE, OUTPUT = "classifier", "embedding"
BATCH = 8


class CropFeatures:
    """The feature vectors of crops (size, size, 3) at the classifier's scale.

    Always computed in full precision on the processor, so that the cells of an atlas
    made on one machine can be compared on another. Raises UnusableModel for a model
    whose graph gives no features.
    """

    def __init__(self, bundle: Bundle, *, threads: int = 0) -> None:
        if ROLE not in bundle.files:
            raise UnusableModel(
                f"The model {bundle.name} gives no features to compare cells by.",
                "Choose a model that does, such as lee.",
            )
        self._normalisation = bundle.normalisation
        self._model = OnnxModel(
            bundle.files[ROLE],
            shapes={OUTPUT: (None,)},
            probe=(3, bundle.crop.size, bundle.crop.size),
            device="cpu",
            threads=threads,
        )

    def of(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        """(N, D) one vector of length 1 for each crop and its mirror image together."""
        parts = [self._of_batch(crops[i : i + BATCH]) for i in _starts(crops)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def _of_batch(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        pictures = normalise(crops, self._normalisation)
        mirrored = np.ascontiguousarray(pictures[:, :, :, ::-1])
        both = self._model.run(pictures)[OUTPUT] + self._model.run(mirrored)[OUTPUT]
        return both / np.linalg.norm(both, axis=1, keepdims=True).clip(1e-12)


def _starts(crops: Sequence[Pixels]) -> range:
    return range(0, len(crops), BATCH)
