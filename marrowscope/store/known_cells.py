"""The cells of a case as they were read, brought up to date row by row.

Reading half a million cells takes half a second; a reader draws one at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.drawn_cells import Drawn, drawn_anew, drawn_over
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store import case_cells, case_photos, case_places
from marrowscope.store.case_boxes import DrawnBox

Runs = dict[int, int]  # by slide


@dataclass(frozen=True, slots=True)
class Found:
    """What models found: the runs that count, the last cells that any stored, and by
    look at a cell the one that counts in its stead. No cell stored is ever altered.
    """

    runs: Mapping[int, int]
    last: int
    seen_again: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class KnownCells:
    """A table without contours, and what it was made from."""

    table: CellTable
    found: Found
    drawn: Drawn


def drawn_now(
    connection: sqlite3.Connection, boxes: Mapping[int, DrawnBox], runs: Runs
) -> Drawn:
    """Boxes by cell of now, told apart by whether one of these runs found the cell."""
    places = case_cells.places(connection, boxes)
    own = {cell for cell, (run, *_) in places.items() if run in runs.values()}
    kept = {cell: one for cell, one in boxes.items() if not one.removed}
    return Drawn(
        removed=frozenset(boxes.keys() - kept.keys()),
        boxes={cell: one.box for cell, one in kept.items() if cell in own},
        missed={c: (one.slide, one.box) for c, one in kept.items() if c not in own},
    )


def known_now(
    connection: sqlite3.Connection,
    runs: Runs,
    vocabulary: ModelVocabulary,
    before: KnownCells | None,
) -> KnownCells:
    """The cells as they stand; only rows that differ from `before` are read."""
    again = case_photos.seen_again(connection)
    found = Found(runs, case_cells.next_found(connection), again)
    boxes = case_places.drawn(connection, runs)
    drawn = drawn_now(connection, boxes, runs)
    if before is None or before.found != found:
        table = case_cells.table(connection, runs, vocabulary, outlines=False)
        return KnownCells(drawn_over(table, drawn), found, drawn)
    differing = before.drawn.differing(drawn)
    own = case_cells.found(connection, runs, vocabulary, differing)
    table = drawn_anew(before.table, before.drawn, drawn, own=own)
    return KnownCells(table, found, drawn)


def changed_rows(
    before: KnownCells, now: KnownCells
) -> tuple[CellTable, CellTable] | None:
    """The rows that are no more, and those that have come; a cell may be in both.

    Both stand in the order of their table.

    None where models have found others since: then any row may be another one.
    """
    if before.found != now.found:
        return None
    cells = list(before.drawn.differing(now.drawn))
    return _rows(before.table, cells), _rows(now.table, cells)


def _rows(table: CellTable, cells: list[int]) -> CellTable:
    return table.select(np.sort(CellRows(table.id).of(cells)))
