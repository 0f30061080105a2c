"""From any older case file to the newest version, one step per version.

A step is written once and never edited: cases of that age are out there.
`tests/golden/case_v1.marrow` is such a case and must open for ever.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping

from marrowscope.store import schema

log = logging.getLogger(__name__)
Step = Callable[[sqlite3.Connection], None]


def _room_for_finer_outputs(connection: sqlite3.Connection) -> None:
    """Version 2: cells keep what a model says beneath its classes."""
    connection.execute("ALTER TABLE cells ADD COLUMN fine BLOB NOT NULL DEFAULT x''")


def _room_for_strangeness(connection: sqlite3.Connection) -> None:
    """Version 3: cells keep how unlike the training pictures they look."""
    connection.execute("ALTER TABLE cells ADD COLUMN strangeness REAL")


def _room_for_places(connection: sqlite3.Connection) -> None:
    """Version 4: how photos lie, cells seen again, zones of a slide."""
    for table in schema.PLACES:
        connection.execute(table)


def _room_for_searches(connection: sqlite3.Connection) -> None:
    """Version 5: megakaryocytes sought over a whole smear."""
    connection.execute(schema.SEARCHES)


def _room_for_regions(connection: sqlite3.Connection) -> None:
    """Version 6: regions that are counted or left out."""
    connection.execute(schema.REGIONS)


def _room_for_steps(connection: sqlite3.Connection) -> None:
    """Version 7: steps that can be undone, boxes drawn by hand, words about those."""
    connection.execute("ALTER TABLE verdicts RENAME TO old_verdicts")
    for trigger in ("verdicts_stay", "verdicts_remain"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in (*schema.STEPS, *schema.VERDICTS):
        connection.execute(statement)
    columns = "number, cell, lines, dysplastic, grades, reader, at, withdrawn"
    connection.execute(
        f"INSERT INTO verdicts ({columns}) SELECT {columns} FROM old_verdicts"
    )
    connection.execute("DROP TABLE old_verdicts")


def _room_for_counts(connection: sqlite3.Connection) -> None:
    """Version 8: formal counts."""
    for statement in schema.COUNTS:
        connection.execute(statement)


# STEPS[n] takes a case of version n to version n + 1.
STEPS: Mapping[int, Step] = {
    1: _room_for_finer_outputs,
    2: _room_for_strangeness,
    3: _room_for_places,
    4: _room_for_searches,
    5: _room_for_regions,
    6: _room_for_steps,
    7: _room_for_counts,
}


def version_of(connection: sqlite3.Connection) -> int:
    """The version a case file says it has."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def migrate(connection: sqlite3.Connection) -> None:
    """Take the case to the newest version; each step is one transaction."""
    for version in range(version_of(connection), schema.VERSION):
        log.info("case file goes from version %d to %d", version, version + 1)
        connection.execute("BEGIN IMMEDIATE")
        try:
            STEPS[version](connection)
            connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
