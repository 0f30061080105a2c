"""Who changed what, when, from what to what. Only ever added to."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

PROGRAM = "MarrowScope"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change. `at` is UTC, ISO 8601; `was` and `became` are empty for nothing."""

    at: str
    who: str
    what: str
    was: str
    became: str


def now() -> str:
    """The moment, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def note(
    connection: sqlite3.Connection,
    what: str,
    *,
    was: str = "",
    became: str = "",
    who: str = PROGRAM,
    at: str | None = None,
) -> None:
    """Add a line inside the transaction that makes the change."""
    connection.execute(
        "INSERT INTO journal (at, who, what, was, became) VALUES (?, ?, ?, ?, ?)",
        (at or now(), who, what, was, became),
    )


def entries(connection: sqlite3.Connection) -> list[JournalEntry]:
    """Every change, oldest first."""
    rows = connection.execute(
        "SELECT at, who, what, was, became FROM journal ORDER BY number"
    )
    return [JournalEntry(*row) for row in rows]
