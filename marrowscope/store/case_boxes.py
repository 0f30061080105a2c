"""Boxes that people drew: cells added, redrawn and taken away.

No row is ever altered; the last row in force of a cell says where it is. A cell that no
run has found is known here alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, MissedCell
from marrowscope.store import case_cells, case_steps, journal

_FLOAT = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """What people drew of one cell: its last box, and whether it was then removed."""

    slide: int
    box: Box
    removed: bool


def add(
    connection: sqlite3.Connection,
    cell: int,
    missed: MissedCell,
    edit: Edit,
    *,
    step: int,
) -> None:
    """A cell that no run found, under a number nothing else has."""
    _require_slide(connection, missed.slide)
    _insert(connection, step, cell, missed.slide, missed.box)
    _note(connection, cell, None, missed.box, edit)


def change(connection: sqlite3.Connection, edit: Edit, *, step: int) -> None:
    """Redraw cells, or take them away. KeyError: the case has no such cell."""
    for cell, box in edit.boxes.items():
        slide, was = _place_of(connection, cell)
        _insert(connection, step, cell, slide, box)
        _note(connection, cell, was, box, edit)


def require(connection: sqlite3.Connection, cells: Collection[int]) -> None:
    """Raises KeyError where a run never found a cell and no person ever drew it."""
    query = "SELECT 1 FROM drawn_boxes WHERE cell = ? LIMIT 1"
    for cell in case_cells.not_found(connection, cells):
        if not connection.execute(query, (cell,)).fetchone():
            raise KeyError(cell)


def _require_slide(connection: sqlite3.Connection, slide: int) -> None:
    query = "SELECT 1 FROM slides WHERE number = ?"
    if connection.execute(query, (slide,)).fetchone() is None:
        raise KeyError(slide)


def _insert(
    connection: sqlite3.Connection, step: int, cell: int, slide: int, box: Box | None
) -> None:
    stored = None if box is None else _bytes(box)
    connection.execute(
        "INSERT INTO drawn_boxes (step, cell, slide, box) VALUES (?, ?, ?, ?)",
        (step, cell, slide, stored),
    )


def _place_of(connection: sqlite3.Connection, cell: int) -> tuple[int, Box | None]:
    """Slide and box of a cell as they stand; box None when it was taken away.

    Raises KeyError for a cell the case never had.
    """
    undone = case_steps.undone(connection)
    rows = connection.execute(
        "SELECT step, slide, box FROM drawn_boxes WHERE cell = ? ORDER BY number DESC",
        (cell,),
    )
    for step, slide, box in rows:
        if step not in undone:
            return slide, None if box is None else _box(box)
    _, slide, box = case_cells.places(connection, [cell])[cell]
    return slide, box


def in_force(connection: sqlite3.Connection) -> dict[int, DrawnBox]:
    """By cell what people drew of it and did not undo, the latest drawn last."""
    undone = case_steps.undone(connection)
    found: dict[int, DrawnBox] = {}
    rows = connection.execute(
        "SELECT step, cell, slide, box FROM drawn_boxes ORDER BY number"
    ).fetchall()
    for step, cell, slide, box in rows:
        if step in undone:
            continue
        known = found.pop(cell, None)
        if box is not None:
            found[cell] = DrawnBox(slide, _box(box), removed=False)
        elif known is not None:
            found[cell] = DrawnBox(slide, known.box, removed=True)
        else:
            found[cell] = DrawnBox(slide, _read_box(connection, cell), removed=True)
    return found


def _read_box(connection: sqlite3.Connection, cell: int) -> Box:
    found = case_cells.places(connection, [cell])
    if found:
        return found[cell][2]
    # Added by one reader, removed by another, the adding undone.
    query = "SELECT box FROM drawn_boxes WHERE cell = ? AND box IS NOT NULL"
    return _box(connection.execute(query, (cell,)).fetchone()[0])


def _note(
    connection: sqlite3.Connection,
    cell: int,
    was: Box | None,
    became: Box | None,
    edit: Edit,
) -> None:
    verb = "removed" if became is None else "added" if was is None else "redrawn"
    what = f"cell {cell} {verb}"
    journal.note(
        connection,
        what,
        was=_said(was),
        became=_said(became),
        who=edit.who,
        at=edit.at,
    )


def _said(box: Box | None) -> str:
    if box is None:
        return ""
    return f"{box.width:.0f} × {box.height:.0f} px at x {box.x:.0f}, y {box.y:.0f}"


def _bytes(box: Box) -> bytes:
    return np.asarray([box.x, box.y, box.width, box.height], _FLOAT).tobytes()


def _box(stored: bytes) -> Box:
    return Box(*np.frombuffer(stored, _FLOAT).tolist())
