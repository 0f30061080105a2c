"""What people said of cells, beside the model's answers and never over them.

A verdict names the cell it was given on, and the step it belongs to: it is in force
while its step is. A row without any line takes back what its reader said before. Where
a verdict belongs when a newer run has read the slide again: see `case_places`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marrowscope.domain.review import Origin, Verdict
from marrowscope.store import case_steps, journal


@dataclass(frozen=True, slots=True)
class Said:
    """A row in force: what `reader` last said of a cell; None takes a call back."""

    cell: int
    reader: str
    verdict: Verdict | None


def add(
    connection: sqlite3.Connection,
    verdicts: Iterable[Verdict],
    *,
    step: int,
    reading: int | None = None,
) -> None:
    """Store verdicts in the order given."""
    undone = case_steps.silent(connection, reading)
    for one in verdicts:
        was = _last_said(connection, one.cell, undone)
        said = _said(one.lines, one.dysplastic, one.grades)
        judged = None if one.dysplastic is None else int(one.dysplastic)
        grades = json.dumps(dict(one.grades))
        row = (one.cell, json.dumps(list(one.lines)), judged, grades, one.reader)
        number = _insert(connection, (*row, one.at, step))
        if one.chosen:
            connection.execute(
                "INSERT INTO verdict_origins (verdict, origin) VALUES (?, ?)",
                (number, str(one.origin)),
            )
        what = f"cell {one.cell} called"
        journal.note(connection, what, was=was, became=said, who=one.reader, at=one.at)


def withdraw(
    connection: sqlite3.Connection,
    cells: Iterable[int],
    *,
    reader: str,
    at: str,
    step: int,
    reading: int | None = None,
) -> None:
    """From now on `reader` says nothing of these cells; what was said stays stored."""
    undone = case_steps.silent(connection, reading)
    for cell in cells:
        was = _last_said(connection, cell, undone)
        _insert(connection, (cell, "[]", None, "{}", reader, at, step))
        what = f"cell {cell}: call withdrawn"
        journal.note(connection, what, was=was, who=reader, at=at)


def _insert(connection: sqlite3.Connection, row: tuple[object, ...]) -> int:
    cursor = connection.execute(
        "INSERT INTO verdicts (cell, lines, dysplastic, grades, reader, at, step)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _said(
    lines: Iterable[str], dysplastic: bool | None, grades: Mapping[str, int]
) -> str:
    words = [" / ".join(lines)]
    if dysplastic is not None:
        words.append("dysplastic" if dysplastic else "not dysplastic")
    words += [f"{feature} {grade}" for feature, grade in sorted(grades.items())]
    return ", ".join(words)


def _last_said(
    connection: sqlite3.Connection, cell: int, undone: frozenset[int | None]
) -> str:
    rows = connection.execute(
        "SELECT step, lines, dysplastic, grades FROM verdicts"
        " WHERE cell = ? AND withdrawn IS NULL ORDER BY number DESC",
        (cell,),
    )
    for step, lines, dysplastic, grades in rows:
        if step not in undone:
            judged = None if dysplastic is None else bool(dysplastic)
            return _said(json.loads(lines), judged, json.loads(grades))
    return ""


def in_force(
    connection: sqlite3.Connection,
    reading: int | None = None,
    *,
    before: int | None = None,
) -> list[Said]:
    """Everything said and not undone, oldest first, on the cell it was said of.

    `reading`: said in that second reading, which is never in force itself.
    `before`: as it stood when that second reading had no answer yet.
    """
    if before is None:
        silent = case_steps.silent(connection, reading)
    else:
        silent = case_steps.silent_before(connection, before)
    if reading is not None:
        silent |= {None}  # said before there were steps, and second readings
    rows = connection.execute(
        "SELECT step, cell, lines, dysplastic, reader, at, grades, origin"
        " FROM verdicts LEFT JOIN verdict_origins ON verdict = number"
        " WHERE withdrawn IS NULL ORDER BY number"
    )
    return [_said_of(*said) for step, *said in rows if step not in silent]


def _said_of(
    cell: int,
    lines: str,
    dysplastic: int | None,
    reader: str,
    at: str,
    grades: str,
    origin: str | None,
) -> Said:
    if lines == "[]":
        return Said(cell, reader, None)
    judged = None if dysplastic is None else bool(dysplastic)
    named = tuple(json.loads(lines))
    why = Origin(origin or "")
    verdict = Verdict(cell, named, judged, reader, at, json.loads(grades), why)
    return Said(cell, reader, verdict)
