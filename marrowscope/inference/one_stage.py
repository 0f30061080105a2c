"""One network that boxes and names: its answers sorted out, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import (
    Normalisation,
    normalise,
    padded_to_multiple,
)
from marrowscope.inference.saliency import MAP_SIZE, stored_map

STRIDE = 128  # the deepest level of the pyramid
HEAD_STRIDES = (4, 8, 16)
LEAST_SHARE = 1e-9
EVIDENCE_STRIDE = 4
SAME_CELL = 0.45  # overlap from which two boxes are one cell
FAINTEST = 0.05  # objects below this are not looked at
MOST_CELLS = 1200  # of one field
NO_GRADES = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A field's answer: boxes (M, 4) x, y, right, bottom; object (M,); classes (M, C);
    evidence (C, h, w), a quarter of the field's size: where each class was seen.
    """

    boxes: NDArray[np.float32]
    object: NDArray[np.float32]
    classes: NDArray[np.float32]
    evidence: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Naming:
    """How the network's class shares are read; fitted on cells kept out of training.

    Their logarithms are divided by `temperature`, and `shift` (C,) is added. `views`: 1
    names cells on the field as it is; 2 averages with its mirror image, for twice the
    time. Boxes are those of the field as it is.
    """

    temperature: float = 1.0
    shift: tuple[float, ...] = ()
    views: int = 1

    @classmethod
    def of(cls, table: Mapping[str, Any], classes: int) -> Naming:
        """From `[bmsnet]`. Raises TypeError or ValueError for what cannot be."""
        shift = tuple(float(value) for value in table.get("shift", [0.0] * classes))
        naming = cls(
            float(table.get("temperature", 1.0)), shift, int(table.get("views", 1))
        )
        if len(shift) != classes or naming.temperature <= 0:
            raise ValueError(f"{len(shift)} shifts, temperature {naming.temperature}")
        if naming.views not in (1, 2):
            raise ValueError(f"{naming.views} views")
        return naming

    def read(self, shares: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Probabilities (M, C) from the shares of each view."""
        logs = np.mean([np.log(np.maximum(s, LEAST_SHARE)) for s in shares], axis=0)
        shift = np.asarray(self.shift or 0.0)
        return softmax(logs / self.temperature + shift, axis=1).astype(np.float32)


class OneStage:
    """Runs the network on fields of any size, one by one."""

    def __init__(
        self,
        model: OnnxModel,
        normalisation: Normalisation,
        naming: Naming = Naming(),
    ) -> None:
        self._model = model
        self._normalisation = normalisation
        self._naming = naming

    def raw(self, pixels: Pixels) -> RawAnswer:
        """Everything the network says of a field (H, W, 3) at its scale."""
        fed = normalise([padded_to_multiple(pixels, STRIDE)], self._normalisation)
        answer = self._model.run(fed)
        shares = [answer["classes"][0]]
        if self._naming.views == 2:
            mirrored = self._model.run(np.ascontiguousarray(fed[..., ::-1]))
            shares.append(unmirrored(mirrored["classes"][0], fed.shape[2:]))
        return RawAnswer(
            answer["boxes"][0],
            answer["object"][0],
            self._naming.read(shares),
            answer["evidence"][0],
        )

    def find(self, pixels: Pixels) -> list[Finding]:
        """The cells of a field, best first, in its pixels."""
        raw = self.raw(pixels)
        return [
            finding
            for row in kept_rows(raw)
            if (finding := finding_of(raw, row, pixels.shape)) is not None
        ]


def unmirrored(rows: NDArray[np.float32], field: Sequence[int]) -> NDArray[np.float32]:
    """What is said of each place (M, C) of a mirrored field, in the field's own order.

    Places come head by head, row by row; `field` is its height and width.
    """
    parts, first = [], 0
    for stride in HEAD_STRIDES:
        down, across = field[0] // stride, field[1] // stride
        maps = rows[first : first + down * across].reshape(down, across, -1)
        parts.append(maps[:, ::-1].reshape(down * across, -1))
        first += down * across
    return np.concatenate(parts)


def kept_rows(raw: RawAnswer) -> NDArray[np.intp]:
    """Rows of the boxes that stand for a cell each, best first."""
    order = np.argsort(-raw.object, kind="stable")
    order = order[raw.object[order] >= FAINTEST][: 4 * MOST_CELLS]
    kept: list[int] = []
    boxes = raw.boxes[order].astype(np.float64)
    alone = np.ones(len(order), bool)
    for i, row in enumerate(order):
        if alone[i]:
            kept.append(int(row))
            alone &= overlap(boxes[i], boxes) < SAME_CELL
    return np.asarray(kept[:MOST_CELLS], np.intp)


def overlap(
    box: NDArray[np.float64], boxes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(M,) intersection over union of one box (4,) with others (M, 4), as corners."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    whole = (box[2:] - box[:2]).prod() + areas - shared
    return shared / np.maximum(whole, 1e-9)


def finding_of(raw: RawAnswer, row: int, shape: Sequence[int]) -> Finding | None:
    """One row as a finding; None when hardly anything of it lies in the field."""
    x, y, right, bottom = (float(v) for v in raw.boxes[row])
    left, top = max(x, 0.0), max(y, 0.0)
    width, height = min(right, shape[1]) - left, min(bottom, shape[0]) - top
    if width < 2 or height < 2:
        return None
    cut = x < 0.5 or y < 0.5 or right > shape[1] - 0.5 or bottom > shape[0] - 0.5
    box = Box(left, top, width, height)
    return Finding(box, float(raw.object[row]), identity_of(raw, row, box), None, cut)


def identity_of(raw: RawAnswer, row: int, box: Box) -> Identity:
    """The classes of one row, and where in its box the likeliest one was seen."""
    chances = raw.classes[row] / raw.classes[row].sum()
    seen = raw.evidence[int(chances.argmax())]
    return Identity(chances, NO_GRADES, stored_map(_around(seen, box)))


def _around(seen: NDArray[np.float32], box: Box) -> NDArray[np.float32]:
    """The map over the square crop that shows the box, (8, 8), its maximum 1."""
    (x, y), side = box.centre, max(box.width, box.height)
    step = side / MAP_SIZE / EVIDENCE_STRIDE
    start = np.array([x, y]) / EVIDENCE_STRIDE - side / 2 / EVIDENCE_STRIDE
    matrix = np.array(
        [[step, 0, start[0] + step / 2 - 0.5], [0, step, start[1] + step / 2 - 0.5]]
    )
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = np.asarray(cv2.warpAffine(seen, matrix, (MAP_SIZE, MAP_SIZE), flags=way))
    return (part / max(float(part.max()), 1e-6)).astype(np.float32)
