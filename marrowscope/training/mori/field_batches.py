"""Batches of augmented windows of boxed fields, drawn from pools by share."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from marrowscope.training.locator.augmentation import restain
from marrowscope.training.mori.boxed_field import IGNORED, BoxedField
from marrowscope.training.mori.field_pool import FieldPool

LEFT_TO_BE_A_CELL = 0.3  # of its box that a window must show
SMALLEST_SIDE = 3.0


@dataclass(frozen=True)
class FieldBatch:
    """Pictures (3, H, W) in -1..1, torchvision's targets, and where each came from."""

    images: list[Tensor]
    targets: list[dict[str, Tensor]]
    names: list[str]


class FieldBatches:
    """The batch of a step, everything in it decided by seed and step."""

    def __init__(
        self,
        pools: dict[str, FieldPool],
        shares: dict[str, float],
        *,
        count: int,
        size: int,
        seed: int = 1,
    ) -> None:
        self.pools = [pools[name] for name in shares]
        total = sum(shares.values())
        self.shares = [share / total for share in shares.values()]
        self.count, self.size, self.seed = count, size, seed

    def __call__(self, step: int) -> FieldBatch:
        """Batch of one step, the same whenever asked for."""
        rng = np.random.default_rng([self.seed, step])
        images, targets, names = [], [], []
        for _ in range(self.count):
            pool = self.pools[int(rng.choice(len(self.pools), p=self.shares))]
            row = int(rng.integers(len(pool)))
            field = window_of(pool[row], rng, size=self.size)
            picture = restain(np.ascontiguousarray(field.image), rng)
            images.append(_tensor(picture))
            targets.append(_target(field))
            names.append(f"{pool.name}[{row}]")
        return FieldBatch(images, targets, names)


def _tensor(image: np.ndarray) -> Tensor:
    return torch.from_numpy(image).permute(2, 0, 1).float() / 127.5 - 1


def _target(field: BoxedField) -> dict[str, Tensor]:
    # Ignored boxes last: the heads count on it.
    order = np.argsort(field.kinds == IGNORED, kind="stable")
    return {
        "boxes": torch.from_numpy(field.boxes[order].astype(np.float32)),
        "labels": torch.from_numpy(field.kinds[order].astype(np.int64)),
    }


def window_of(field: BoxedField, rng: np.random.Generator, *, size: int) -> BoxedField:
    """A turned, flipped, scaled (0.66-1.4) window (size, size) of a field.

    Boxes cut by the window keep what shows; those hardly showing are ignored.
    """
    height, width = field.image.shape[:2]
    scale = float(np.clip(np.exp(rng.normal(-0.06, 0.17)), 0.66, 1.4))
    side = min(round(size / scale), height, width)
    top = int(rng.integers(0, height - side + 1))
    left = int(rng.integers(0, width - side + 1))
    image = field.image[top : top + side, left : left + side]
    boxes, kinds = cut_boxes(field.boxes - (left, top, left, top), field.kinds, side)
    image, boxes = _turned(image, boxes, rng)
    way = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    resized = cv2.resize(np.ascontiguousarray(image), (size, size), interpolation=way)
    return BoxedField(resized, (boxes * (size / side)).astype(np.float32), kinds)


def cut_boxes(
    boxes: np.ndarray, kinds: np.ndarray, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes clipped to a square of `side`, without those that lie outside."""
    clipped = np.clip(boxes, 0, side)
    shown = (clipped[:, 2:] - clipped[:, :2]).prod(axis=1)
    share = shown / np.maximum((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), 1e-6)
    named = np.where(share < LEFT_TO_BE_A_CELL, IGNORED, kinds)
    kept = ((clipped[:, 2:] - clipped[:, :2]) >= SMALLEST_SIDE).all(axis=1)
    return clipped[kept], named[kept]


def _turned(
    image: np.ndarray, boxes: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    side = image.shape[0]
    if rng.random() < 0.5:
        image = image[:, ::-1]
        mirrored = [side - boxes[:, 2], boxes[:, 1], side - boxes[:, 0], boxes[:, 3]]
        boxes = np.column_stack(mirrored)
    for _ in range(int(rng.integers(4))):
        image = np.rot90(image)
        # A quarter turn to the left takes (x, y) to (y, side - x).
        corners = [boxes[:, 1], side - boxes[:, 2], boxes[:, 3], side - boxes[:, 0]]
        boxes = np.column_stack(corners)
    return image, boxes
