"""Cells that are shown already, with the few changed that a person drew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.gui.slide_view.shown_cells import CellsOfSlide, ShownCells, looks_of


def redrawn_cells(
    shown: ShownCells, cells: CellsOfSlide, changed: tuple[CellTable, CellTable]
) -> ShownCells:
    """What `shown_cells` gives, made from the cells shown before.

    `changed`: the rows of the table that are no more, and those that have come, by
    their order. Who called them is forgotten, and squares of the grid stay as wide.
    """
    gone, come = changed
    come = come.select(come.slide == cells.slide)
    squares = [shown.grid.square_of(box) for box in come.box]
    come = come.select(np.argsort(np.asarray(squares, np.intp), kind="stable"))
    source = _source(shown, shown.rows.of(gone.id), come, CellRows(cells.table.id))
    ids = _taken(shown.id, come.id, source)
    boxes = _taken(shown.grid.boxes, come.box, source)
    kinds, unsure = looks_of(come, cells.vocabulary)
    kind = _taken(shown.own_kind, kinds, source)
    return ShownCells(
        id=ids,
        rows=shown.rows.rearranged(ids, source),
        grid=shown.grid.rearranged(boxes, source),
        kind=kind,
        confirmed=np.zeros(len(ids), np.bool_),
        unsure=_taken(shown.unsure, unsure, source),
        classes=shown.classes,
        own_kind=kind,
    )


def _taken(old: NDArray, new: NDArray, source: NDArray[np.intp]) -> NDArray:
    """(N, …) row by row from the old column, or from the new behind its end."""
    return np.concatenate([old, new]).take(source, axis=0)


def _source(
    shown: ShownCells, gone: NDArray[np.intp], come: CellTable, rows: CellRows
) -> NDArray[np.intp]:
    """(N,) the shown row of each cell, or one behind the last for those that come."""
    kept = np.ones(len(shown), np.bool_)
    kept[gone] = False
    stay = np.flatnonzero(kept)
    before = [
        _place(shown, kept, shown.grid.square_of(box), row, rows)
        for box, row in zip(come.box, rows.of(come.id).tolist(), strict=True)
    ]
    new = len(shown) + np.arange(len(come))
    return np.insert(stay, np.searchsorted(stay, np.asarray(before, np.intp)), new)


def _place(
    shown: ShownCells, kept: NDArray[np.bool_], square: int, row: int, rows: CellRows
) -> int:
    """The shown row that a cell stands before: those of a square stand by the table."""
    there = np.asarray(shown.grid.rows_of(square), np.intp)
    later = there[kept[there]]
    later = later[rows.of(shown.id[later]) > row]
    return int(later[0]) if len(later) else shown.grid.rows_of(square).stop
