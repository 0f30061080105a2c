"""How like the training pictures a cell looks: colour and sharpness, nothing learned.

The distance of a crop's look to the nearest looks of the training crops. It says that
a picture is unlike, never what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from marrowscope.domain.geometry import Pixels

SIDE_PX = 48  # of the crop looked at: about the coarsest scale that any family reads
NEIGHBOURS = 3  # one odd training crop alone makes nothing familiar
# Radii in shares of the crop's half width: nucleus, cytoplasm, surroundings.
CENTRE, MIDDLE, AROUND = 0.31, 0.62, 0.87
FINE_SIGMA = 1.0
LOWEST_DETAIL = 1e-4


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Looks (M, D) of training crops, after `centre` (D,) and `whitening` (D, D).

    `limit`: the distance to the third nearest of them that is still within their range.
    """

    looks: NDArray[np.float32]
    centre: NDArray[np.float64]
    whitening: NDArray[np.float64]
    limit: float

    @classmethod
    def load(cls, path: Path) -> Familiarity:
        """Read what training wrote. Raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as stored:
            looks = stored["looks"].astype(np.float32)
            centre, whitening = stored["centre"], stored["whitening"]
            return cls(looks, centre, whitening, float(stored["limit"]))

    def save(self, path: Path) -> None:
        """Write what `load` reads."""
        looks = self.looks.astype(np.float16)
        np.savez_compressed(
            path,
            looks=looks,
            centre=self.centre,
            whitening=self.whitening,
            limit=self.limit,
        )

    def strangeness(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        """(N,) distance of each crop to the training crops, in limits.

        Above 1 a crop is unlike everything the model was trained on.
        """
        if not len(crops):
            return np.zeros(0, np.float32)
        looks = np.stack([look(crop) for crop in crops])
        white = (looks - self.centre) @ self.whitening
        away, _ = KDTree(self.looks).query(white, k=NEIGHBOURS)
        return (away[:, -1] / self.limit).astype(np.float32)


def strangeness_of(
    crops: Sequence[Pixels], known: Familiarity | None
) -> NDArray[np.float32]:
    """(N,) as `Familiarity.strangeness`; NaN for a model that cannot tell."""
    if known is None:
        return np.full(len(crops), np.nan, np.float32)
    return known.strangeness(crops)


def look(crop: Pixels) -> NDArray[np.float64]:
    """A crop (size, size, 3) in 13 numbers.

    Mean optical density of red, green and blue in nucleus, cytoplasm and surroundings,
    the lightest tenth of the surroundings, and how much fine detail there is.
    """
    small = cv2.resize(crop, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    density = -np.log((small.astype(np.float32) + 8) / 263)
    half = SIDE_PX / 2
    rows, columns = np.ogrid[:SIDE_PX, :SIDE_PX]
    away = np.hypot(rows + 0.5 - half, columns + 0.5 - half) / half
    rings = (away < CENTRE, (away >= CENTRE) & (away < MIDDLE), away >= AROUND)
    means = [density[ring].mean(axis=0) for ring in rings]
    light = np.percentile(density[away >= AROUND], 10, axis=0)
    fine = np.abs(density - cv2.GaussianBlur(density, (0, 0), FINE_SIGMA)).mean()
    return np.concatenate([*means, light, [np.log(LOWEST_DETAIL + fine)]])
