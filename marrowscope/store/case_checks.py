"""Unflagged cells drawn to be read blind: each draw is kept with its seed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.store import journal


def add(connection: sqlite3.Connection, check: UnflaggedCheck) -> None:
    """Keep a draw; it replaces an earlier one of its lineage, which stays stored."""
    cursor = connection.execute(
        "INSERT INTO unflagged_checks (lineage, seed, unflagged, who, at)"
        " VALUES (?, ?, ?, ?, ?)",
        (check.lineage, str(check.seed), check.unflagged, check.who, check.at),
    )
    connection.executemany(
        "INSERT INTO unflagged_check_cells (drawing, cell) VALUES (?, ?)",
        [(cursor.lastrowid, cell) for cell in check.cells],
    )
    said = f"{len(check.cells)} of {check.unflagged} cells, seed {check.seed}"
    what = f"unflagged {check.lineage} cells drawn"
    journal.note(connection, what, became=said, who=check.who, at=check.at)


def stored(connection: sqlite3.Connection) -> tuple[UnflaggedCheck, ...]:
    """The newest draw of each lineage, its cells as they were drawn."""
    newest: dict[str, tuple[int, UnflaggedCheck]] = {}
    for number, lineage, seed, unflagged, who, at in connection.execute(
        "SELECT number, lineage, seed, unflagged, who, at FROM unflagged_checks"
        " ORDER BY number"
    ):
        check = UnflaggedCheck(lineage, int(seed), unflagged, who, at, ())
        newest[lineage] = number, check
    return tuple(
        replace(check, cells=_cells(connection, number))
        for number, check in newest.values()
    )


def _cells(connection: sqlite3.Connection, number: int) -> tuple[int, ...]:
    rows = connection.execute(
        "SELECT cell FROM unflagged_check_cells WHERE drawing = ? ORDER BY place",
        (number,),
    )
    return tuple(cell for (cell,) in rows)
