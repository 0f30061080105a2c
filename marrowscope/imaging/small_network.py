"""A network of a few dozen units over measures, run by numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SmallNetwork:
    """`layers` of weights (in, out) and biases (out,), rectified in between.

    Its outputs are the chances of `names`; inputs are standardised with `mean` and
    `deviation` (K,).
    """

    names: tuple[str, ...]
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    layers: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]

    @classmethod
    def load(cls, path: Path) -> SmallNetwork:
        """From the .npz file that training wrote."""
        with np.load(path) as kept:
            count = sum(name.startswith("weights") for name in kept.files)
            pairs = [(kept[f"weights{i}"], kept[f"biases{i}"]) for i in range(count)]
            names = tuple(str(name) for name in kept["names"])
            return cls(names, kept["mean"], kept["deviation"], tuple(pairs))

    def chances(self, measured: NDArray[np.float32]) -> NDArray[np.float32]:
        """(..., names) that sum to one, of measures (..., K)."""
        values = np.clip((measured - self.mean) / self.deviation, -6, 6)
        for i, (weights, biases) in enumerate(self.layers):
            values = values @ weights + biases
            if i + 1 < len(self.layers):
                values = np.maximum(values, 0)
        values = np.exp(values - values.max(axis=-1, keepdims=True))
        return (values / values.sum(axis=-1, keepdims=True)).astype(np.float32)
