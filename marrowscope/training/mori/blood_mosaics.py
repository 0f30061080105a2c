"""Mosaics of whole TXL-PBC pictures: every white cell, red cell and platelet boxed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marrowscope.training.locator.field import FIELD_MPP
from marrowscope.training.locator.sources import (
    WHITE_CELL,
    BloodField,
    at_mpp,
    read_rgb,
)
from marrowscope.training.mori.boxed_field import INTEREST, REST, BoxedField


@dataclass(frozen=True)
class Tile:
    """One picture at 0.5 µm per pixel with its boxes (N, 4) x, y, right, bottom."""

    image: np.ndarray
    boxes: np.ndarray
    kinds: np.ndarray


def tile_of(field: BloodField) -> Tile:
    """The picture shrunk to the detector's scale."""
    image = read_rgb(field.path)
    small = at_mpp(image, field.mpp, FIELD_MPP)
    factor = np.array(small.shape[1::-1]) / np.array(image.shape[1::-1])
    low = field.boxes[:, :2] * factor
    high = (field.boxes[:, :2] + field.boxes[:, 2:]) * factor
    kinds = np.where(field.kinds == WHITE_CELL, INTEREST, REST)
    return Tile(small, np.hstack([low, high]), kinds.astype(np.int64))


def mosaic(tiles: list[Tile], rng: np.random.Generator, *, size: int) -> BoxedField:
    """Random tiles side by side until the field (size, size) is full.

    Gaps are a plain grey, as at the edge of a photo that was padded. Cells cut by a
    tile's edge stay boxed, as they are in the pictures themselves.
    """
    image = np.full((size, size, 3), rng.integers(200, 250), np.uint8)
    boxes, kinds = [], []
    top = 0
    while top < size:
        left, tallest = 0, 1
        while left < size:
            tile = _turned(tiles[int(rng.integers(len(tiles)))], rng)
            height = min(tile.image.shape[0], size - top)
            width = min(tile.image.shape[1], size - left)
            image[top : top + height, left : left + width] = tile.image[:height, :width]
            boxes.append(_within(tile.boxes, width, height) + (left, top, left, top))
            kinds.append(tile.kinds)
            left += tile.image.shape[1]
            tallest = max(tallest, tile.image.shape[0])
        top += tallest
    found, names = np.concatenate(boxes), np.concatenate(kinds)
    whole = (found[:, 2:] - found[:, :2] >= 3).all(axis=1)
    return BoxedField(image, found[whole].astype(np.float32), names[whole])


def _within(boxes: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.clip(boxes, 0, (width, height, width, height))


def _turned(tile: Tile, rng: np.random.Generator) -> Tile:
    """The tile mirrored and turned by half at random."""
    image, boxes = tile.image, tile.boxes
    height, width = image.shape[:2]
    if rng.random() < 0.5:
        image = image[:, ::-1]
        boxes = np.column_stack(
            [width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]]
        )
    if rng.random() < 0.5:
        image = image[::-1]
        boxes = np.column_stack(
            [boxes[:, 0], height - boxes[:, 3], boxes[:, 2], height - boxes[:, 1]]
        )
    return Tile(image, boxes, tile.kinds)
