"""A Faster R-CNN as a Locator: boxes of cells of interest, the rest left out.

Proposals, pooling and suppression are inside the graph, which takes one field at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import (
    Normalisation,
    background_of,
    normalise,
    padded_to_multiple,
)
from marrowscope.inference.reader import Located

STRIDE = 32
SMALLEST_PX = 128  # below it there are fewer anchors than the graph ranks
SHAPES = {"boxes": (None, 4), "scores": (None, 2)}
INTEREST, REST = 0, 1
# Pixels of the network from the picture's edge within which a box is cut by it.
AT_EDGE = 1.5
LEAST_SCORE = 0.02
SMALLEST_UM = 2.0


class BoxDetector:
    """Finds cells in pictures at `mpp` with a network trained at `network_mpp`."""

    def __init__(
        self,
        model: OnnxModel,
        *,
        mpp: float,
        network_mpp: float,
        normalisation: Normalisation,
    ) -> None:
        self._model = model
        self._mpp = mpp
        self._network_mpp = network_mpp
        self._normalisation = normalisation

    def locate(self, fields: Sequence[Pixels]) -> list[list[Located]]:
        """Cells of each field, in pixels of the field as given, best first."""
        return [self._locate(pixels) for pixels in fields]

    def _locate(self, pixels: Pixels) -> list[Located]:
        small = self._shrunk(pixels)
        height, width = small.shape[:2]
        answers = self._model.run(normalise([_grown(small)], self._normalisation))
        boxes = answers["boxes"][0].clip(0, (width, height, width, height))
        back = np.asarray(
            [pixels.shape[1] / width, pixels.shape[0] / height], np.float64
        )
        found = _cells(boxes, answers["scores"][0], SMALLEST_UM / self._network_mpp)
        return [
            Located(_scaled(box, back), score, None, _cut(box, width, height))
            for box, score in found
        ]

    def _shrunk(self, pixels: Pixels) -> Pixels:
        factor = self._mpp / self._network_mpp
        height, width = pixels.shape[:2]
        size = max(1, round(width * factor)), max(1, round(height * factor))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        return small.astype(np.uint8, copy=False)


def _grown(pixels: Pixels) -> Pixels:
    """The picture in the top left of one large enough, in its own background."""
    down = max(SMALLEST_PX - pixels.shape[0], 0)
    across = max(SMALLEST_PX - pixels.shape[1], 0)
    if down or across:
        fill = background_of(pixels)
        way = cv2.BORDER_CONSTANT
        grown = cv2.copyMakeBorder(pixels, 0, down, 0, across, way, value=fill)
        pixels = grown.astype(np.uint8, copy=False)
    return padded_to_multiple(pixels, STRIDE)


def _cells(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], smallest: float
) -> Iterator[tuple[NDArray[np.float32], float]]:
    """Boxes (x, y, right, bottom) of interest with their scores; the rest is left."""
    sides = boxes[:, 2:] - boxes[:, :2]
    wanted = scores[:, INTEREST] >= np.maximum(scores[:, REST], LEAST_SCORE)
    wanted &= (sides >= smallest).all(axis=1)
    for row in np.flatnonzero(wanted):
        yield boxes[row], float(scores[row, INTEREST])


def _scaled(box: NDArray[np.float32], back: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = box[:2] * back, box[2:] * back
    return Box(float(left), float(top), float(right - left), float(bottom - top))


def _cut(box: NDArray[np.float32], width: int, height: int) -> bool:
    low, high = box[:2].min(), np.asarray([width, height]) - box[2:]
    return bool(low <= AT_EDGE or high.min() <= AT_EDGE)
