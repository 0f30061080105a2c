"""Second readings: which cells, in which order, and which of them were settled."""

from __future__ import annotations

import sqlite3

from marrowscope.domain.second_reading import SecondReading
from marrowscope.store import case_steps, journal


def begin(connection: sqlite3.Connection, reading: SecondReading) -> int:
    """The number of a new reading."""
    cursor = connection.execute(
        "INSERT INTO second_readings (reader, seed, of, at) VALUES (?, ?, ?, ?)",
        (reading.reader, str(reading.seed), reading.of, reading.at),
    )
    assert cursor.lastrowid is not None
    connection.executemany(
        "INSERT INTO second_reading_cells (reading, cell) VALUES (?, ?)",
        [(cursor.lastrowid, cell) for cell in reading.cells],
    )
    said = f"{len(reading.cells)} of {reading.of}, seed {reading.seed}"
    what, who = "second reading begun", reading.reader
    journal.note(connection, what, became=said, who=who, at=reading.at)
    return cursor.lastrowid


def stored(connection: sqlite3.Connection) -> list[SecondReading]:
    """All second readings, oldest first, the cells as they were drawn."""
    cells: dict[int, list[int]] = {}
    for reading, cell in connection.execute(
        "SELECT reading, cell FROM second_reading_cells ORDER BY place"
    ):
        cells.setdefault(reading, []).append(cell)
    rows = connection.execute(
        "SELECT number, reader, seed, of, at FROM second_readings ORDER BY number"
    )
    return [
        SecondReading(number, reader, int(seed), of, at, tuple(cells.get(number, ())))
        for number, reader, seed, of, at in rows
    ]


def settled(connection: sqlite3.Connection, reading: int) -> frozenset[int]:
    """The cells whose disagreement was settled, by steps in force."""
    undone = case_steps.undone(connection)
    rows = connection.execute(
        "SELECT s.number, cell FROM steps AS s JOIN verdicts AS v ON v.step = s.number"
        " WHERE settles = ?",
        (reading,),
    )
    return frozenset(cell for step, cell in rows if step not in undone)
