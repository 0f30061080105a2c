"""The orders that cells of a group may stand in: a name, and keys for every cell.

A new order is one more entry of ORDERS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.gallery.wall_cells import WallCells

BAND_UM = 250.0  # cells of a band of the smear follow each other from left to right


@dataclass(frozen=True, slots=True)
class Order:
    """`keys` (N,) of all cells, the lowest first; made on a worker.

    `tells`: who sees the order learns something of the model's answers, so it is not
    offered where they are hidden.
    """

    id: str
    name: str
    keys: Callable[[WallCells], NDArray[np.generic]]
    tells: bool = True


def _doubt(cells: WallCells) -> NDArray[np.generic]:
    return cells.table.class_score


def _confidence(cells: WallCells) -> NDArray[np.generic]:
    return -cells.table.class_score


def _grade(cells: WallCells) -> NDArray[np.generic]:
    """Dysplastic cells by grade, then the others by how near the model came to it."""
    grade = cells.vocabulary.grade(cells.table).astype(np.float32)
    bad = [known.dysplastic for known in cells.vocabulary.classes]
    near = cells.table.probabilities[:, np.flatnonzero(bad)].sum(axis=1)
    return -(np.where(cells.bad, np.maximum(grade, 1), 0) + 0.999 * near)


def _largest(cells: WallCells) -> NDArray[np.generic]:
    return -cells.length


def _smallest(cells: WallCells) -> NDArray[np.generic]:
    return cells.length


def _place(cells: WallCells) -> NDArray[np.generic]:
    """Slide by slide, in bands from the top, each from left to right."""
    table = cells.table
    side = np.maximum(table.box[:, 2], table.box[:, 3])
    mpp = np.divide(cells.length, side, out=np.ones_like(side), where=side > 0)
    band = np.floor(table.box[:, 1] * mpp / BAND_UM).astype(np.int64)
    across = (table.box[:, 0] * mpp).astype(np.int64)
    return (table.slide.astype(np.int64) << 48) + (band << 24) + across


ORDERS = (
    Order("doubt", "Least sure first", _doubt),
    Order("confidence", "Surest first", _confidence),
    Order("grade", "Most dysplastic first", _grade),
    Order("largest", "Largest first", _largest, tells=False),
    Order("smallest", "Smallest first", _smallest, tells=False),
    Order("place", "As they lie on the smear", _place, tells=False),
)
