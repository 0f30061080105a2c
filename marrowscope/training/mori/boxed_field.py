"""A training field for the detector: pixels and boxes of three kinds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from marrowscope.training.locator.field import Field

# Kinds of box. Ignored ones are neither right nor wrong.
INTEREST, REST, IGNORED = 1, 2, 3
SMALLEST_IGNORED = 12  # pixels


@dataclass(frozen=True)
class BoxedField:
    """An RGB field (H, W, 3) uint8 at 0.5 µm per pixel and what lies on it.

    boxes: (N, 4) float32 x, y, right, bottom in pixels. kinds: (N,) of INTEREST (whole
    nucleated cells), REST (red cells, platelets, trash) and IGNORED.
    """

    image: np.ndarray
    boxes: np.ndarray
    kinds: np.ndarray


def boxed(field: Field, rest: np.ndarray | None = None) -> BoxedField:
    """Boxes of a field labelled pixel by pixel; `rest` (M, 4) from who laid it."""
    parts = [
        (_extents(field.cells), INTEREST),
        (np.zeros((0, 4)) if rest is None else rest, REST),
        (_ignored(field.ignore & (field.cells == 0)), IGNORED),
    ]
    boxes = np.concatenate([part for part, _ in parts]).astype(np.float32)
    kinds = np.concatenate([np.full(len(p), k, np.int64) for p, k in parts])
    return BoxedField(field.image, boxes, kinds)


def _extents(labels: np.ndarray) -> np.ndarray:
    """(N, 4) x, y, right, bottom of each label present."""
    found = [
        (columns.start, rows.start, columns.stop, rows.stop)
        for rows, columns in filter(None, ndimage.find_objects(labels))
    ]
    return np.array(found, np.float64).reshape(-1, 4)


def _ignored(mask: np.ndarray) -> np.ndarray:
    parts, _ = ndimage.label(mask)
    sizes = np.bincount(parts.ravel())
    boxes = _extents(parts)
    return boxes[sizes[1:] >= SMALLEST_IGNORED]
