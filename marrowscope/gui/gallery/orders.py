"""The orders that cells of a group may stand in: a name, and keys for every cell.

A new order is one more entry of ORDERS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.review import Origin
from marrowscope.gui.gallery.wall_cells import WallCells

Ids, Keys = NDArray[np.int64], NDArray[np.generic]
BAND_UM = 250.0  # cells of a band of the smear follow each other from left to right


@dataclass(frozen=True, slots=True)
class Order:
    """`keys` (N,) of all cells, the lowest first; made on a worker.

    They are asked for with the ids (M,) of a list: cells that are read one after
    another, or for IMPACT those most likely to change the result.
    `tells`: who sees the order learns something of the model's answers, so it is not
    offered where they are hidden; `of_list`: it means something only while a list is
    read. `origin`: why a cell is looked at that stands first by its looks or by doubt;
    only who goes along the smear meets cells by chance.
    """

    id: str
    name: str
    keys: Callable[[WallCells, Ids], Keys]
    tells: bool = True
    of_list: bool = False
    origin: Origin = Origin.SORTED


def _doubt(cells: WallCells, read: Ids) -> Keys:
    return cells.table.class_score


def _confidence(cells: WallCells, read: Ids) -> Keys:
    return -cells.table.class_score


def _grade(cells: WallCells, read: Ids) -> Keys:
    """Dysplastic cells by grade, then the others by how near the model came to it."""
    grade = cells.vocabulary.grade(cells.table).astype(np.float32)
    bad = [known.dysplastic for known in cells.vocabulary.classes]
    near = cells.table.probabilities[:, np.flatnonzero(bad)].sum(axis=1)
    return -(np.where(cells.bad, np.maximum(grade, 1), 0) + 0.999 * near)


def _largest(cells: WallCells, read: Ids) -> Keys:
    return -cells.length


def _smallest(cells: WallCells, read: Ids) -> Keys:
    return cells.length


def _place(cells: WallCells, read: Ids) -> Keys:
    """Slide by slide, in bands from the top, each from left to right."""
    table = cells.table
    side = np.maximum(table.box[:, 2], table.box[:, 3])
    mpp = np.divide(cells.length, side, out=np.ones_like(side), where=side > 0)
    band = np.floor(table.box[:, 1] * mpp / BAND_UM).astype(np.int64)
    across = (table.box[:, 0] * mpp).astype(np.int64)
    return (table.slide.astype(np.int64) << 48) + (band << 24) + across


def _listed(cells: WallCells, listed: Ids) -> Keys:
    """As the list has them, all others after them."""
    place, rows = np.full(len(cells), len(listed), np.int32), cells.rows.of(listed)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    return place


PLACE = Order(
    "place", "As they lie on the smear", _place, tells=False, origin=Origin.MET
)
IMPACT = Order("impact", "Most decisive first", _listed, origin=Origin.QUEUE)
ORDERS = (
    PLACE,
    IMPACT,
    Order("doubt", "Least sure first", _doubt),
    Order("confidence", "Surest first", _confidence),
    Order("grade", "Most dysplastic first", _grade),
    Order("largest", "Largest first", _largest, tells=False),
    Order("smallest", "Smallest first", _smallest, tells=False),
    Order(
        *("reading", "As they are read", _listed),
        tells=False,
        of_list=True,
        origin=Origin.MET,
    ),
)
