"""What the doctor writes about the specimen: site, ease, cellularity, conclusion …"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from marrowscope.store import journal


def stored(connection: sqlite3.Connection) -> dict[str, str]:
    """Every field that was filled."""
    return dict(connection.execute("SELECT field, value FROM specimen ORDER BY field"))


def fill(
    connection: sqlite3.Connection, fields: Mapping[str, str], *, who: str, at: str
) -> None:
    """Set these fields and leave the others; an empty text clears a field."""
    known = stored(connection)
    for field, value in fields.items():
        was = known.get(field, "")
        if value == was:
            continue
        if value:
            connection.execute(
                "INSERT INTO specimen VALUES (?, ?)"
                " ON CONFLICT (field) DO UPDATE SET value = excluded.value",
                (field, value),
            )
        else:
            connection.execute("DELETE FROM specimen WHERE field = ?", (field,))
        what = f"specimen: {field}"
        journal.note(connection, what, was=was, became=value, who=who, at=at)
