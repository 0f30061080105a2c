"""What people said of cells, beside the model's answers and never over them.

A verdict names the cell it was given on. When a newer run has read the slide again, the
verdict speaks for the new cell in the same place; where there is none, it is listed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Verdict
from marrowscope.store import case_cells, case_photos, journal
from marrowscope.store.same_place import partners

Stored = tuple[int, Verdict]  # number in the file, verdict on the cell it was given on


@dataclass(frozen=True, slots=True)
class UnmatchedVerdict:
    """A verdict whose cell the newest run does not show; `box` in level-0 pixels."""

    verdict: Verdict
    slide: int
    box: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """Where every verdict in force belongs now.

    `current`: by cell of the newest runs, the last verdict. `numbers`: all verdicts
    that speak for that cell, by their numbers in the file. `by_reader`: the last
    verdict of each reader, by cell.
    """

    current: Mapping[int, Verdict]
    numbers: Mapping[int, tuple[int, ...]]
    unmatched: tuple[UnmatchedVerdict, ...]
    by_reader: Mapping[str, Mapping[int, Verdict]]


def add(connection: sqlite3.Connection, verdicts: Iterable[Verdict]) -> None:
    """Store verdicts in the order given. KeyError: a cell the case does not have."""
    for verdict in verdicts:
        _require_cell(connection, verdict.cell)
        was = _last_said(connection, verdict.cell)
        said = _said(verdict.lines, verdict.dysplastic, verdict.grades)
        connection.execute(
            "INSERT INTO verdicts (cell, lines, dysplastic, grades, reader, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                verdict.cell,
                json.dumps(list(verdict.lines)),
                None if verdict.dysplastic is None else int(verdict.dysplastic),
                json.dumps(dict(verdict.grades)),
                verdict.reader,
                verdict.at,
            ),
        )
        _note(connection, verdict.cell, was, said, verdict.reader, verdict.at)


def _note(
    connection: sqlite3.Connection, cell: int, was: str, said: str, who: str, at: str
) -> None:
    what = f"cell {cell} called"
    journal.note(connection, what, was=was, became=said, who=who, at=at)


def _require_cell(connection: sqlite3.Connection, cell: int) -> None:
    known = connection.execute("SELECT 1 FROM cells WHERE id = ?", (cell,)).fetchone()
    if known is None:
        raise KeyError(cell)


def _said(
    lines: Iterable[str], dysplastic: bool | None, grades: Mapping[str, int]
) -> str:
    words = [" / ".join(lines)]
    if dysplastic is not None:
        words.append("dysplastic" if dysplastic else "not dysplastic")
    words += [f"{feature} {grade}" for feature, grade in sorted(grades.items())]
    return ", ".join(words)


def _last_said(connection: sqlite3.Connection, cell: int) -> str:
    row = connection.execute(
        "SELECT lines, dysplastic, grades FROM verdicts"
        " WHERE cell = ? AND withdrawn IS NULL ORDER BY number DESC LIMIT 1",
        (cell,),
    ).fetchone()
    if row is None:
        return ""
    lines, dysplastic, grades = row
    judged = None if dysplastic is None else bool(dysplastic)
    return _said(json.loads(lines), judged, json.loads(grades))


def withdraw(
    connection: sqlite3.Connection,
    numbers: Iterable[int],
    *,
    cell: int,
    reader: str,
    at: str,
) -> None:
    """Take back what `reader` said in these verdicts; they stay in the file."""
    for number in numbers:
        row = connection.execute(
            "UPDATE verdicts SET withdrawn = ? WHERE number = ? AND reader = ?"
            " AND withdrawn IS NULL RETURNING lines, dysplastic, grades",
            (at, number, reader),
        ).fetchone()
        if row is None:
            continue
        judged = None if row[1] is None else bool(row[1])
        was = _said(json.loads(row[0]), judged, json.loads(row[2]))
        what = f"cell {cell}: call withdrawn"
        journal.note(connection, what, was=was, who=reader, at=at)


def in_force(connection: sqlite3.Connection) -> list[Stored]:
    """Every verdict that was not withdrawn, oldest first, on its own cell."""
    rows = connection.execute(
        "SELECT number, cell, lines, dysplastic, reader, at, grades FROM verdicts"
        " WHERE withdrawn IS NULL ORDER BY number"
    )
    return [(number, _verdict(*said)) for number, *said in rows]


def _verdict(
    cell: int, lines: str, dysplastic: int | None, reader: str, at: str, grades: str
) -> Verdict:
    judged = None if dysplastic is None else bool(dysplastic)
    return Verdict(
        cell, tuple(json.loads(lines)), judged, reader, at, json.loads(grades)
    )


def place(connection: sqlite3.Connection, run_of_slide: Mapping[int, int]) -> Placement:
    """Bring every verdict in force to the cell that stands in its place now."""
    stored = in_force(connection)
    own = sorted({verdict.cell for _, verdict in stored})
    now = _cells_now(connection, own, run_of_slide)
    current: dict[int, Verdict] = {}
    numbers: dict[int, tuple[int, ...]] = {}
    by_reader: dict[str, dict[int, Verdict]] = {}
    for number, verdict in stored:
        cell = now.get(verdict.cell)
        if cell is not None:
            current[cell] = replace(verdict, cell=cell)
            by_reader.setdefault(verdict.reader, {})[cell] = current[cell]
            numbers[cell] = (*numbers.get(cell, ()), number)
    lost = [verdict for _, verdict in stored if verdict.cell not in now]
    return Placement(current, numbers, _unmatched(connection, lost), by_reader)


def _cells_now(
    connection: sqlite3.Connection, own: list[int], run_of_slide: Mapping[int, int]
) -> dict[int, int]:
    slides, boxes = case_cells.places(connection, own)
    runs = dict(
        connection.execute(
            "SELECT id, run FROM cells WHERE id IN (SELECT cell FROM verdicts)"
        )
    )
    now = {cell: cell for cell in own if runs[cell] in run_of_slide.values()}
    moved = np.asarray([cell not in now for cell in own], np.bool_)
    for slide, run in run_of_slide.items():
        rows = np.flatnonzero(moved & (slides == slide))
        if not len(rows):
            continue
        ids, found = case_cells.run_places(connection, run)
        # The oldest reading's cells come first; a cell called anew speaks for itself.
        for row, partner in zip(rows, partners(boxes[rows], found), strict=True):
            if partner >= 0:
                now[own[row]] = int(ids[partner])
    again = case_photos.seen_again(connection)
    return {cell: again.get(place, place) for cell, place in now.items()}


def _unmatched(
    connection: sqlite3.Connection, verdicts: list[Verdict]
) -> tuple[UnmatchedVerdict, ...]:
    last = {verdict.cell: verdict for verdict in verdicts}
    slides, boxes = case_cells.places(connection, last)
    return tuple(
        UnmatchedVerdict(verdict, int(slide), Box(*map(float, box)))
        for verdict, slide, box in zip(last.values(), slides, boxes, strict=True)
    )
