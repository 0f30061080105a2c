"""A training field: pixels with everything that is known of each."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

FIELD_MPP = 0.5
# Planes of a packed field (H, W, 7): RGB, then the four below.
CELL, NUCLEUS, CORE, IGNORE = 3, 4, 5, 6


@dataclass
class Field:
    """An RGB field at 0.5 µm per pixel and its labels, all (H, W)."""

    image: np.ndarray  # uint8 (H, W, 3)
    cells: np.ndarray  # int32, 0 is none
    nucleus: np.ndarray  # bool
    ignore: np.ndarray  # bool

    def packed(self) -> np.ndarray:
        """(H, W, 7) uint8: RGB, cell 0/1, nucleus 0/1, core 0..255, ignore 0/1."""
        cell = self.cells > 0
        labels = (
            cell,
            self.nucleus & cell,
            core_of(self.cells),
            self.ignore & ~cell,
        )
        return np.dstack([self.image, *(plane.astype(np.uint8) for plane in labels)])


def core_of(cells: np.ndarray) -> np.ndarray:
    """Depth of each pixel in its own cell, 0..255 with 255 at the deepest point.

    The picture's edge is no border of a cell: a cut cell goes on outside it.
    """
    core = np.zeros(cells.shape, np.uint8)
    for label in np.unique(cells[cells > 0]):
        rows, columns = np.nonzero(cells == label)
        top, left = max(rows.min() - 1, 0), max(columns.min() - 1, 0)
        window = np.s_[top : rows.max() + 2, left : columns.max() + 2]
        inside = (cells[window] == label).astype(np.uint8)
        padded = cv2.copyMakeBorder(inside, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0)
        _open_picture_edges(padded, cells.shape, window, inside)
        depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[8:-8, 8:-8]
        depth = depth * inside
        deepest = max(float(depth.max()), 1e-6)
        core[window] += (depth / deepest * 255 * inside).astype(np.uint8)
    return core


def _open_picture_edges(
    padded: np.ndarray,
    shape: tuple[int, ...],
    window: tuple[slice, slice],
    inside: np.ndarray,
) -> None:
    rows, columns = window
    if rows.start == 0:
        padded[:8, 8:-8] = inside[0]
    if rows.stop > shape[0]:
        padded[-8:, 8:-8] = inside[-1]
    if columns.start == 0:
        padded[8:-8, :8] = inside[:, :1]
    if columns.stop > shape[1]:
        padded[8:-8, -8:] = inside[:, -1:]
