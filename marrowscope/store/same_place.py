"""Which cell of a new run is the cell a person called before: the one in its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from marrowscope.domain.geometry import Boxes

SAME_CELL_IOU = 0.5
_NEIGHBOURS = 8


def partners(called: Boxes, found: Boxes) -> NDArray[np.int64]:
    """(N,) for each called box (N, 4) its partner's row in `found` (M, 4), else -1.

    Partners share at least half of their union. Each found cell is given once, to the
    box that fits it best. Only the nearest centres are compared, since boxes that
    share half their union have centres close together.
    """
    partner = np.full(len(called), -1, np.int64)
    if not len(called) or not len(found):
        return partner
    here = _about(called, found)
    near = min(_NEIGHBOURS, len(here))
    if not near:
        return partner
    _, rows = KDTree(_centres(found[here])).query(_centres(called), k=near)
    rows = here[np.asarray(rows).reshape(len(called), near)]
    fit = _row_iou(np.repeat(called, near, axis=0), found[rows.ravel()])
    pairs = np.flatnonzero(fit >= SAME_CELL_IOU)
    taken: set[int] = set()
    for pair in pairs[np.argsort(-fit[pairs], kind="stable")]:
        one, other = int(pair) // near, int(rows.ravel()[pair])
        if partner[one] < 0 and other not in taken:
            partner[one] = other
            taken.add(other)
    return partner


def _about(called: Boxes, found: Boxes) -> NDArray[np.intp]:
    """Rows of the found boxes that can be partners of any: a few of half a million.

    A box that shares half of the union with another has its centre within that one, so
    in the square of its centre, as wide as the widest of all, or in one beside it.
    """
    side = max(float(called[:, 2:].max()), 1.0)
    column, line = np.floor(_centres(found) / side).astype(np.int64).T
    across = int(column.max()) + 1
    own_column, own_line = np.floor(_centres(called) / side).astype(np.int64).T
    own = own_line * across + own_column
    around = [
        own + down * across + right for down in (-1, 0, 1) for right in (-1, 0, 1)
    ]
    return np.flatnonzero(np.isin(line * across + column, np.unique(around)))


def neighbours(boxes: Boxes, found: Boxes) -> Boxes:
    """(M, 4) of `found` those whose centres are nearest to any of `boxes`, once."""
    if not len(boxes) or not len(found):
        return found[:0]
    near = min(_NEIGHBOURS, len(found))
    _, rows = KDTree(_centres(found)).query(_centres(boxes), k=near)
    return found[np.unique(rows)]


def _centres(boxes: Boxes) -> NDArray[np.float32]:
    return (boxes[:, :2] + boxes[:, 2:] / 2).astype(np.float32)


def _row_iou(one: Boxes, other: Boxes) -> NDArray[np.float32]:
    low = np.maximum(one[:, :2], other[:, :2])
    high = np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    union = one[:, 2:].prod(axis=1) + other[:, 2:].prod(axis=1) - shared
    return (shared / np.maximum(union, 1e-9)).astype(np.float32)
