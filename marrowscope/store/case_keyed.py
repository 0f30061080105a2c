"""Cells counted by keys beside a microscope: known by number and smear alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from marrowscope.domain.review import is_keyed
from marrowscope.store import case_steps


def add(connection: sqlite3.Connection, cells: Mapping[int, str], *, step: int) -> None:
    """New cells, by number, each with its smear.

    Raises KeyError for a number that is no keyed cell's or was given before.
    """
    lowest = last_number(connection)
    for cell, smear in cells.items():
        if not is_keyed(cell) or cell >= lowest:
            raise KeyError(cell)
        connection.execute(
            "INSERT INTO keyed_cells (cell, step, smear) VALUES (?, ?, ?)",
            (cell, step, smear),
        )


def require(connection: sqlite3.Connection, cells: Iterable[int]) -> None:
    """Raises KeyError for a cell that nobody keyed."""
    query = "SELECT 1 FROM keyed_cells WHERE cell = ?"
    for cell in cells:
        if connection.execute(query, (cell,)).fetchone() is None:
            raise KeyError(cell)


def last_number(connection: sqlite3.Connection) -> int:
    """The lowest number ever given, also to a cell that was undone; 0 before any."""
    (lowest,) = connection.execute("SELECT min(cell) FROM keyed_cells").fetchone()
    return lowest or 0


def in_force(connection: sqlite3.Connection) -> dict[int, str]:
    """By cell its smear, in the order they were counted."""
    undone = case_steps.undone(connection)
    rows = connection.execute("SELECT cell, step, smear FROM keyed_cells")
    found = {cell: smear for cell, step, smear in rows if step not in undone}
    return dict(sorted(found.items(), reverse=True))
