"""The patient's earlier marrow that a case is compared with: the newest kept."""

from __future__ import annotations

import sqlite3

from marrowscope.domain.serial import Marrow
from marrowscope.store import journal
from marrowscope.store.marrow_text import from_text, to_text


def stored(connection: sqlite3.Connection) -> Marrow | None:
    """As its own case said it was then; None: compared with none."""
    row = connection.execute(
        "SELECT content FROM earlier_marrows ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return from_text(row[0]) if row and row[0] else None


def put(
    connection: sqlite3.Connection, marrow: Marrow | None, *, who: str, at: str
) -> None:
    """Compare with this one from now on; None: with none any more."""
    before = stored(connection)
    was, name = (m.name if m else "" for m in (before, marrow))
    content = to_text(marrow) if marrow else ""
    connection.execute(
        "INSERT INTO earlier_marrows (name, content, who, at) VALUES (?, ?, ?, ?)",
        (name, content, who, at),
    )
    journal.note(connection, "compared with", was=was, became=name, who=who, at=at)
