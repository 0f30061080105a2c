"""One labelled cell as the workshop keeps it, and many of them in arrays.

A canvas is 1.2 crop windows wide (192 px where the crop takes 160 of them and scales
them to 128), so that scale, shift and rotation find pixels beyond the crop's edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from marrowscope.inference.graded_labels import IDS
from marrowscope.training.datasets.stain import StainFrame

CANVAS_PX = 192
WINDOW_PX = 160  # canvas pixels that become the 128 px of a crop
WINDOW_UM = 25.6
CONTEXT = 1.15  # a crop holds at least this multiple of the cell's longer side


@dataclass(frozen=True)
class CellPicture:
    """One cell: canvas, where it has real pixels, the cell on it and its labels."""

    canvas: np.ndarray  # (192, 192, 3) uint8 RGB
    valid: np.ndarray  # (192, 192) uint8, 0 where the source picture ended
    cell: np.ndarray  # (192, 192) uint8, > 0 on the whole cell
    label: int
    grades: np.ndarray  # (12,) float32
    frame: StainFrame


@dataclass
class CellArrays:
    """Many cells in arrays, one row each, as cached on disk (``.npz``)."""

    canvas: np.ndarray  # (N, 192, 192, 3) uint8
    marks: np.ndarray  # (N, 192, 192) uint8 bits: 1 valid, 2 cell, 4 nucleus
    label: np.ndarray  # (N,) int64
    grades: np.ndarray  # (N, 12) float32
    source: np.ndarray  # (N,) str: data set
    fine: np.ndarray  # (N,) str: the source's own label or the taxonomy line
    background: np.ndarray  # (N, 3) float32
    dyes: np.ndarray  # (N, 3, 3) float32
    # (N, 34) float32, Mori's labels as somebody graded them; nan where nobody did
    graded: np.ndarray = field(default_factory=lambda: np.zeros((0, len(IDS))))

    def __post_init__(self) -> None:
        if len(self.graded) != len(self.label):
            self.graded = np.full((len(self.label), len(IDS)), np.nan, np.float32)

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, index: int) -> CellPicture:
        marks = self.marks[index]
        return CellPicture(
            self.canvas[index],
            marks & 1,
            marks & 2,
            int(self.label[index]),
            self.grades[index],
            StainFrame(self.background[index], self.dyes[index]),
        )

    def take(self, rows: np.ndarray) -> CellArrays:
        """The given rows, as new arrays."""
        return CellArrays(**{k: v[rows] for k, v in vars(self).items()})


def join(parts: Sequence[CellArrays]) -> CellArrays:
    """Several sets as one."""
    names = vars(parts[0]).keys()
    return CellArrays(**{k: np.concatenate([vars(p)[k] for p in parts]) for k in names})


def save(cells: CellArrays, folder: Path) -> None:
    """One ``.npy`` per array, so that the pixels can be memory-mapped."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in vars(cells).items():
        np.save(folder / f"{name}.npy", values)


def load(folder: Path) -> CellArrays:
    """Arrays written by `save`, memory-mapped; older folders lack `graded`."""
    paths = {k: folder / f"{k}.npy" for k in CellArrays.__dataclass_fields__}
    told = {k: p for k, p in paths.items() if k != "graded" or p.is_file()}
    return CellArrays(**{k: np.load(p, mmap_mode="r") for k, p in told.items()})


def window_um(width_um: float, height_um: float) -> float:
    """Side of the square that a crop shows of a cell of this size, microns."""
    return max(WINDOW_UM, CONTEXT * max(width_um, height_um))


def canvas_of(
    pixels: np.ndarray, cell: np.ndarray, box: Sequence[float], *, mpp: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Canvas, valid and cell (see `CellPicture`) of the cell in `box` (x, y, w, h)."""
    x, y, width, height = box
    side = window_um(width * mpp, height * mpp) / mpp  # source pixels per window
    scale = WINDOW_PX / side
    shift = CANVAS_PX / 2 - scale * np.array([x + width / 2, y + height / 2])
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    size = (CANVAS_PX, CANVAS_PX)
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    if scale < 0.75:  # warpAffine does not average: blur first
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    canvas = cv2.warpAffine(
        pixels, matrix, size, flags=smooth, borderMode=cv2.BORDER_REFLECT_101
    )
    whole = np.ones(pixels.shape[:2], np.uint8)
    valid = cv2.warpAffine(whole, matrix, size, flags=cv2.INTER_NEAREST)
    cell = cv2.warpAffine(cell.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    return canvas, valid, cell
