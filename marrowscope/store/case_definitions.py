"""By which of the laboratory's definitions a case was counted last."""

from __future__ import annotations

import sqlite3

from marrowscope.store import journal

_FACT = "definitions"


def stored(connection: sqlite3.Connection) -> str:
    """As formulas; "" for a case nobody has counted."""
    query = "SELECT value FROM facts WHERE name = ?"
    known = connection.execute(query, (_FACT,)).fetchone()
    return known[0] if known else ""


def put(connection: sqlite3.Connection, words: str, *, who: str) -> None:
    """Keep and journal them where they are others than those kept before."""
    was = stored(connection)
    if words == was:
        return
    connection.execute(
        "INSERT INTO facts VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_FACT, words),
    )
    journal.note(connection, _FACT, was=was, became=words, who=who)
