"""How like the training pictures a cell looks: colour and sharpness, nothing learned.

A distance of a crop's look to each set the model was trained on; the nearest counts. It
says that a picture is unlike, never what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

# Radii in shares of the crop's half width: nucleus, cytoplasm, surroundings.
CENTRE, MIDDLE, AROUND = 0.31, 0.62, 0.87
FINE_SIGMA = 1.0
LOWEST_DETAIL = 1e-4


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Means (S, D) and inverse covariances (S, D, D) of the looks of S training sets.

    Crops farther than `limit` (Mahalanobis) from every set are unlike all of them.
    """

    means: NDArray[np.float64]
    precisions: NDArray[np.float64]
    limit: float

    @classmethod
    def load(cls, path: Path) -> Familiarity:
        """Read what training wrote. Raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["means"], stored["precisions"], float(stored["limit"]))

    def distances(self, crops: Sequence[Pixels]) -> NDArray[np.float64]:
        """(N,) distance of each crop to the nearest training set."""
        looks = np.stack([look(crop) for crop in crops])  # (N, D)
        away = looks[:, None] - self.means[None]  # (N, S, D)
        squares = np.einsum("nsd,sde,nse->ns", away, self.precisions, away)
        return np.sqrt(squares.min(axis=1))

    def unlike(self, crops: Sequence[Pixels]) -> NDArray[np.bool_]:
        """(N,) True for crops unlike everything the model was trained on."""
        if not len(crops):
            return np.zeros(0, np.bool_)
        return self.distances(crops) > self.limit


def look(crop: Pixels) -> NDArray[np.float64]:
    """A crop (size, size, 3) in 13 numbers.

    Mean optical density of red, green and blue in nucleus, cytoplasm and surroundings,
    the lightest tenth of the surroundings, and how much fine detail there is.
    """
    density = -np.log((crop.astype(np.float32) + 8) / 263)
    half = crop.shape[0] / 2
    rows, columns = np.ogrid[: crop.shape[0], : crop.shape[1]]
    away = np.hypot(rows + 0.5 - half, columns + 0.5 - half) / half
    rings = (away < CENTRE, (away >= CENTRE) & (away < MIDDLE), away >= AROUND)
    means = [density[ring].mean(axis=0) for ring in rings]
    light = np.percentile(density[away >= AROUND], 10, axis=0)
    fine = np.abs(density - cv2.GaussianBlur(density, (0, 0), FINE_SIGMA)).mean()
    return np.concatenate([*means, light, [np.log(LOWEST_DETAIL + fine)]])
