"""The steps of a case: every edit, undo and redo, one row each, only ever added to.

A step that undoes another names it; a redo undoes an undo. What a step changed is in
force unless a step in force undoes it, so nothing stored is altered by any of this.
Each reader has a history of one's own: nobody undoes what another reader did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from marrowscope.domain.review import History, Step
from marrowscope.store import journal


def begin(
    connection: sqlite3.Connection,
    name: str,
    *,
    who: str,
    at: str,
    undoes: int | None = None,
    reading: int | None = None,
    settles: int | None = None,
) -> int:
    """The number of a new step, aside where it belongs to a second reading."""
    cursor = connection.execute(
        "INSERT INTO steps (name, who, at, undoes, reading, settles)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (name, who, at, undoes, reading, settles),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def undone(connection: sqlite3.Connection, before: int | None = None) -> frozenset[int]:
    """The numbers of all steps that are not in force, or were not `before` a step."""
    gone: set[int] = set()
    rows = connection.execute(
        "SELECT number, undoes FROM steps WHERE undoes IS NOT NULL"
        " AND (?1 IS NULL OR number < ?1) ORDER BY number DESC",
        (before,),
    )
    for number, undoes in rows:
        if number not in gone:
            gone.add(undoes)
    return frozenset(gone)


def silent_before(
    connection: sqlite3.Connection, reading: int
) -> frozenset[int | None]:
    """The steps that said nothing when a second reading had no answer yet."""
    query = "SELECT min(number) FROM steps WHERE reading = ?"
    first: int | None = connection.execute(query, (reading,)).fetchone()[0]
    rows = connection.execute(
        "SELECT number FROM steps WHERE reading IS NOT NULL OR number >= ?", (first,)
    )
    return undone(connection, first) | {number for (number,) in rows}


def silent(
    connection: sqlite3.Connection, reading: int | None
) -> frozenset[int | None]:
    """The steps that say nothing in a reading: undone ones, and those of others.

    None is the reading in force, which second readings are no part of.
    """
    others = "reading IS NOT NULL" if reading is None else "reading IS NOT ?1"
    rows = connection.execute(
        f"SELECT number FROM steps WHERE {others}",
        () if reading is None else (reading,),
    )
    return undone(connection) | {number for (number,) in rows}


def undo(
    connection: sqlite3.Connection, *, who: str, at: str, reading: int | None = None
) -> Step | None:
    """Take the last step of a reader back; None when there is none."""
    done, _ = _stacks(connection, who, reading)
    if not done:
        return None
    return _reverse(connection, done[-1], "undone", who, at, reading=reading)


def redo(
    connection: sqlite3.Connection, *, who: str, at: str, reading: int | None = None
) -> Step | None:
    """Do again what the reader undid last; None when something was done since."""
    _, back = _stacks(connection, who, reading)
    if not back:
        return None
    return _reverse(connection, back[-1], "done again", who, at, reading=reading)


def _reverse(
    connection: sqlite3.Connection,
    entry: tuple[int, int],
    verb: str,
    who: str,
    at: str,
    *,
    reading: int | None,
) -> Step:
    edit, latest = entry
    name = _name(connection, edit)
    number = begin(connection, name, who=who, at=at, undoes=latest, reading=reading)
    journal.note(connection, f"{verb}: {name}", who=who, at=at)
    return Step(number, name, *_about(connection, edit))


def stored(
    connection: sqlite3.Connection, number: int, name: str, added: Iterable[int]
) -> Step:
    """A step just stored, with the cells that it added."""
    return Step(number, name, *_about(connection, number), added=tuple(added))


def _about(connection: sqlite3.Connection, step: int) -> tuple[tuple[int, ...], bool]:
    """The cells that an edit was about, and whether it drew boxes of any."""
    rows = connection.execute(
        "SELECT cell, 0 FROM verdicts WHERE step = ?1"
        " UNION SELECT cell, 1 FROM drawn_boxes WHERE step = ?1 ORDER BY cell",
        (step,),
    ).fetchall()
    return tuple(dict.fromkeys(cell for cell, _ in rows)), any(d for _, d in rows)


def history(
    connection: sqlite3.Connection, who: str, reading: int | None = None
) -> History:
    """What a reader's next undo and redo would be called."""
    piles = _stacks(connection, who, reading)
    names = [_name(connection, pile[-1][0]) if pile else "" for pile in piles]
    return History(*names)


def _name(connection: sqlite3.Connection, step: int) -> str:
    query = "SELECT name FROM steps WHERE number = ?"
    return connection.execute(query, (step,)).fetchone()[0]


def _stacks(
    connection: sqlite3.Connection, who: str, reading: int | None
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Edits done and undone, newest last: each with the step that made it so."""
    done: list[tuple[int, int]] = []
    back: list[tuple[int, int]] = []
    rows = connection.execute(
        "SELECT number, undoes FROM steps WHERE who = ? AND reading IS ?"
        " ORDER BY number",
        (who, reading),
    )
    for number, undoes in rows:
        if undoes is None:
            done.append((number, number))
            back.clear()
        elif done and done[-1][1] == undoes:
            back.append((done.pop()[0], number))
        else:
            done.append((back.pop()[0], number))
    return done, back
