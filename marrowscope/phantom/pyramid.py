"""The levels of a tiled JPEG TIFF that OpenSlide opens."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import imagecodecs
import numpy as np
import tifffile

TILE = 256
_QUALITY = 88


def encode(pixels: np.ndarray) -> bytes:
    """Return the JPEG of the upper left tile of ``pixels`` (H, W, 3), filled up."""
    tile = pixels[:TILE, :TILE]
    short = (TILE - tile.shape[0], TILE - tile.shape[1])
    if any(short):
        tile = np.pad(tile, ((0, short[0]), (0, short[1]), (0, 0)), mode="edge")
    return bytes(
        imagecodecs.jpeg8_encode(
            np.ascontiguousarray(tile),
            level=_QUALITY,
            colorspace="rgb",
            outcolorspace="ycbcr",
            subsampling="420",
        )
    )


def write_level(
    tiff: tifffile.TiffWriter,
    tiles: Iterator[bytes],
    size: tuple[int, int],
    *,
    mpp: float,
    reduced: bool = False,
) -> None:
    """Write one level of ``size`` (H, W) from its JPEG tiles, row by row."""
    tiff.write(
        tiles,
        shape=(*size, 3),
        dtype=np.uint8,
        tile=(TILE, TILE),
        photometric="ycbcr",
        compression="jpeg",
        subsampling=(2, 2),
        subfiletype=1 if reduced else 0,
        resolution=(1e4 / mpp, 1e4 / mpp),
        resolutionunit="CENTIMETER",
        software="MarrowScope phantom",
        metadata=None,
    )


def write_reduced(
    tiff: tifffile.TiffWriter, picture: np.ndarray, *, mpp: float, factor: int
) -> None:
    """Write ``picture`` (H, W, 3) and ever smaller copies until one tile holds it."""
    while True:
        write_level(tiff, _tiles(picture), picture.shape[:2], mpp=mpp, reduced=True)
        if max(picture.shape[:2]) <= TILE:
            return
        picture, mpp = _shrink(picture, factor), mpp * factor


def _tiles(picture: np.ndarray) -> Iterator[bytes]:
    for row in range(0, picture.shape[0], TILE):
        for column in range(0, picture.shape[1], TILE):
            yield encode(picture[row : row + TILE, column : column + TILE])


def _shrink(picture: np.ndarray, factor: int) -> np.ndarray:
    """Return a smaller copy made strip by strip, so that memory stays small."""
    high, wide = -(-picture.shape[0] // factor), -(-picture.shape[1] // factor)
    small = np.empty((high, wide, 3), np.uint8)
    step = 256
    for row in range(0, high, step):
        rows = min(step, high - row)
        source = np.asarray(picture[row * factor : (row + rows) * factor])
        small[row : row + rows] = cv2.resize(
            source, (wide, rows), interpolation=cv2.INTER_AREA
        )
    return small
