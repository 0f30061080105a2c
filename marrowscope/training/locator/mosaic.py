"""Mosaics: real pictures side by side in one field, seams left out of the learning."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.locator.draw_masks import read_scene
from marrowscope.training.locator.field import FIELD_MPP, Field
from marrowscope.training.locator.sources import at_mpp, read_rgb

SEAM = 2  # pixels either side of a seam that nobody learns from


@dataclass(frozen=True)
class Tile:
    """A listed picture and its mask."""

    picture: Path
    mask: Path
    dataset: str
    mpp: float


class Mosaics:
    """Makes fields of real pictures of one data set at a time."""

    def __init__(
        self,
        data: Path,
        masks: Path,
        *,
        index: str = "index_train.csv",
        size: int = 288,
    ) -> None:
        self.size = size
        self.tiles: dict[str, list[Tile]] = {}
        with (masks / index).open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                folder = data if row["dataset"] == "txl_pbc" else data / "cells"
                tile = Tile(
                    folder / row["path"],
                    masks / row["mask"],
                    row["dataset"],
                    float(row["mpp"]),
                )
                self.tiles.setdefault(tile.dataset, []).append(tile)

    def compose(self, rng: np.random.Generator) -> Field:
        """One field of tiles from one data set at one scale."""
        dataset = str(rng.choice(sorted(self.tiles)))
        scale = float(np.clip(np.exp(rng.normal(0, 0.1)), 0.8, 1.25))
        field = _unknown(self.size)
        top, label = 0, 0
        while top < self.size:
            left, tallest = 0, 0
            while left < self.size:
                tiles = self.tiles[dataset]
                piece = load_tile(tiles[rng.integers(len(tiles))], scale, rng)
                label = _lay(field, piece, top, left, label)
                left += piece.image.shape[1]
                tallest = max(tallest, piece.image.shape[0])
            top += tallest
        return field


def load_tile(tile: Tile, scale: float, rng: np.random.Generator) -> Field:
    """A picture with its labels at the field's scale, turned at random."""
    image = at_mpp(read_rgb(tile.picture), tile.mpp * scale, FIELD_MPP)
    scene = read_scene(tile.mask)
    size = image.shape[1], image.shape[0]
    planes = [
        cv2.resize(plane.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        for plane in (scene.cells, scene.nucleus, scene.ignore)
    ]
    turns, flip = int(rng.integers(4)), bool(rng.integers(2))
    image, *planes = [
        np.rot90(plane[:, ::-1] if flip else plane, turns) for plane in (image, *planes)
    ]
    cells, nucleus, ignore = planes
    return Field(image, cells.astype(np.int32), nucleus > 0, ignore > 0)


def _unknown(size: int) -> Field:
    shape = (size, size)
    return Field(
        np.full((*shape, 3), 220, np.uint8),
        np.zeros(shape, np.int32),
        np.zeros(shape, bool),
        np.ones(shape, bool),
    )


def _lay(field: Field, piece: Field, top: int, left: int, label: int) -> int:
    height = min(piece.image.shape[0], field.image.shape[0] - top)
    width = min(piece.image.shape[1], field.image.shape[1] - left)
    window = np.s_[top : top + height, left : left + width]
    cells = np.where(piece.cells > 0, piece.cells + label, 0)[:height, :width]
    ignore = piece.ignore.copy()
    seam = np.ones(ignore.shape, bool)
    seam[SEAM:-SEAM, SEAM:-SEAM] = False
    field.image[window] = piece.image[:height, :width]
    field.cells[window] = np.where(seam[:height, :width], 0, cells)
    field.nucleus[window] = piece.nucleus[:height, :width]
    field.ignore[window] = (ignore | seam)[:height, :width]
    return label + int(piece.cells.max()) + 1
