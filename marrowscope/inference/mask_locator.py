"""A U-Net as a Locator: shrink to its scale, maps, separate cells, scale back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from marrowscope.domain.geometry import Pixels
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.postprocess import Maps, MapThresholds, cells_from_maps
from marrowscope.inference.preprocess import (
    Normalisation,
    normalise,
    padded_to_multiple,
)
from marrowscope.inference.reader import Located

STRIDE = 32
SHAPES = {"maps": (3, None, None)}


class MaskLocator:
    """Finds cells in pictures at `mpp` with a network trained at `network_mpp`."""

    def __init__(
        self,
        model: OnnxModel,
        *,
        mpp: float,
        network_mpp: float,
        normalisation: Normalisation,
        thresholds: MapThresholds,
    ) -> None:
        self._model = model
        self._shrink = mpp / network_mpp
        self._mpp = network_mpp
        self._normalisation = normalisation
        self._thresholds = thresholds

    def locate(self, fields: Sequence[Pixels]) -> list[list[Located]]:
        """Cells of each field, in pixels of the field as given."""
        return [self._locate(pixels) for pixels in fields]

    def maps(self, pixels: Pixels) -> Maps:
        """Cell, nucleus and core maps (3, h, w) at the network's scale."""
        height, width = pixels.shape[:2]
        size = self._scaled(width), self._scaled(height)
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        fed = padded_to_multiple(small.astype(np.uint8, copy=False), STRIDE)
        answer = self._model.run(normalise([fed], self._normalisation))["maps"][0]
        return answer[:, : size[1], : size[0]]

    def _scaled(self, length: int) -> int:
        return max(1, round(length * self._shrink))

    def _locate(self, pixels: Pixels) -> list[Located]:
        maps = self.maps(pixels)
        back = pixels.shape[1] / maps.shape[2]
        cells = cells_from_maps(maps, mpp=self._mpp, thresholds=self._thresholds)
        return [_scaled_back(cell, back) for cell in cells]


def _scaled_back(cell: Located, factor: float) -> Located:
    outline = None
    if cell.outline is not None:
        outline = cell.outline * np.float32(factor)
    return replace(cell, box=cell.box.scaled(factor), outline=outline)
