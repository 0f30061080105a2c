"""Ready-made pictures of one cell: find cell and scale, then name it at true size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.calibration import propose_crop_mpp
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.crop_classifier import CropClassifier
from marrowscope.inference.mask_locator import MaskLocator
from marrowscope.inference.preprocess import cut_crop
from marrowscope.inference.reader import Located

TYPICAL_CELL_UM = 13.0
ZOOMS = (0.9, 1.0, 1.12)
GIVEN, RED_CELLS, ASSUMED = "given", "red cells", "assumed from the cell's size"


@dataclass(frozen=True, slots=True)
class CropAnswer:
    """The answer about one picture.

    `probabilities` (C,) in the model's order. `in_range` is False when the scale is
    only assumed, or no cell was found in the middle.
    """

    class_id: str
    probabilities: NDArray[np.float32]
    grades: NDArray[np.float32]
    in_range: bool
    mpp_used: float
    mpp_source: str


class ReadyMadeNamer:
    """Names the cell in the middle of pictures whose scale may be unknown."""

    def __init__(
        self, bundle: Bundle, locator: MaskLocator, classifier: CropClassifier
    ) -> None:
        self._bundle = bundle
        self._locator = locator
        self._classifier = classifier

    def name(self, pixels: Pixels, mpp: float | None) -> CropAnswer:
        """Average over turns, mirrors and slight zooms of the crop at true scale."""
        mpp, source = self._scale(pixels, mpp)
        scale = mpp / self._bundle.crop.mpp
        sized = _resized(pixels, scale)
        cell = self._middle_cell(sized)
        box = cell.box if cell else Box(0, 0, sized.shape[1], sized.shape[0])
        crops = list(self._variants(sized, box))
        answers = self._classifier.identify(crops)
        mean = np.mean([a.probabilities for a in answers], axis=0)
        return CropAnswer(
            class_id=self._bundle.vocabulary.class_ids[int(mean.argmax())],
            probabilities=mean / mean.sum(),
            grades=np.mean([a.grades for a in answers], axis=0),
            in_range=source != ASSUMED and cell is not None,
            mpp_used=mpp,
            mpp_source=source,
        )

    def _scale(self, pixels: Pixels, mpp: float | None) -> tuple[float, str]:
        if mpp is not None:
            return mpp, GIVEN
        proposal = propose_crop_mpp(pixels)
        if proposal is not None:
            return proposal.mpp, RED_CELLS
        return self._assumed(pixels), ASSUMED

    def _assumed(self, pixels: Pixels) -> float:
        """The scale at which the middle cell has a usual size, found in two steps."""
        mpp = 2 * TYPICAL_CELL_UM / max(pixels.shape[:2])
        cell = self._middle_cell(_resized(pixels, mpp / self._bundle.crop.mpp))
        if cell is None:
            return mpp
        found_um = max(cell.box.width, cell.box.height) * self._bundle.crop.mpp
        return mpp * TYPICAL_CELL_UM / found_um

    def _middle_cell(self, sized: Pixels) -> Located | None:
        middle = np.asarray([sized.shape[1] / 2, sized.shape[0] / 2])
        cells = self._locator.locate([sized])[0]
        inside = [c for c in cells if c.box.contains(*middle)]
        return min(inside or cells, key=lambda c: _distance(c, middle), default=None)

    def _variants(self, sized: Pixels, box: Box) -> Iterator[Pixels]:
        spec, (x, y) = self._bundle.crop, box.centre
        for zoom in ZOOMS:
            around = _resized(sized, zoom)
            placed = Box(
                x * zoom - box.width * zoom / 2,
                y * zoom - box.height * zoom / 2,
                box.width * zoom,
                box.height * zoom,
            )
            crop = cut_crop(around, placed, mpp=spec.mpp, spec=spec)
            yield crop
            yield np.ascontiguousarray(crop[:, ::-1])
            yield np.ascontiguousarray(np.rot90(crop))


def _distance(cell: Located, middle: Sequence[float] | NDArray[np.float64]) -> float:
    x, y = cell.box.centre
    return float(np.hypot(x - middle[0], y - middle[1]))


def _resized(pixels: Pixels, scale: float) -> Pixels:
    if abs(scale - 1) < 1e-3:
        return pixels
    size = (
        max(1, round(pixels.shape[1] * scale)),
        max(1, round(pixels.shape[0] * scale)),
    )
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)
