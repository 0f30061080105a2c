"""Slides to measure on: stained-looking noise, easy and hard to decode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

TILE = 256


@dataclass(frozen=True)
class Coding:
    """How a slide is written; `grain` sets how many bits a pixel takes."""

    quality: int
    subsampling: tuple[int, int]
    grain: float


# As in shared/docs/performance.md: 1.17 and 4.32 bits per pixel.
SLIDES = {
    "easy (Q85 4:2:0)": Coding(85, (2, 2), 0.0137),
    "hard (Q92 4:4:4)": Coding(92, (1, 1), 0.0150),
}


def texture(side: int, grain: float) -> np.ndarray:
    """Stained-looking noise (side, side, 3): smooth blobs under fine grain."""
    rng = np.random.default_rng(5)
    coarse = rng.random((side // 32, side // 32, 3))
    blobs = np.kron(coarse, np.ones((32, 32, 1)))
    noise = rng.normal(0, grain, (side, side, 1))
    return np.clip(255 * (0.45 + 0.4 * blobs + noise), 0, 255).astype(np.uint8)


def write_slide(path: Path, side: int, coding: Coding) -> None:
    """A pyramidal tiled JPEG TIFF of `side` pixels, the texture rolled about."""
    piece = texture(min(side, 4096), coding.grain)
    with tifffile.TiffWriter(path, bigtiff=True) as file:
        for step in (1, 2, 4, 8):
            shape = (side // step, side // step, 3)
            file.write(
                _tiles(piece[::step, ::step], shape[0]),
                shape=shape,
                dtype=np.uint8,
                tile=(TILE, TILE),
                photometric="ycbcr",
                subsampling=coding.subsampling,
                compression="jpeg",
                compressionargs={"level": coding.quality},
                subfiletype=int(step > 1),
            )


def _tiles(piece: np.ndarray, side: int) -> Iterator[np.ndarray]:
    height, width = piece.shape[:2]
    for y in range(0, side, TILE):
        for x in range(0, side, TILE):
            top, left = (y + 31 * (x // width)) % height, (x + 17 * y) % width
            rows = np.arange(top, top + TILE) % height
            columns = np.arange(left, left + TILE) % width
            yield piece[rows][:, columns]
