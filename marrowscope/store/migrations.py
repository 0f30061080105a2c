"""From any older case file to the newest version, one step per version.

A step is written once and never edited: cases of that age are out there.
`tests/golden/case_v1.marrow` is such a case and must open for ever.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

import numpy as np

from marrowscope.store import faults, schema

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


def _room_for_fields_of_cells(connection: sqlite3.Connection) -> None:
    """Version 9: the cells of a field in one row; nothing refers to rows of cells."""
    for statement in schema.CELLS:
        connection.execute(statement)
    insert = f"INSERT INTO cells_of_fields VALUES ({', '.join('?' * 14)})"
    connection.executemany(insert, _fields_of_cells(connection))
    connection.execute("ALTER TABLE seen_again RENAME TO old_seen_again")
    connection.execute(
        "CREATE TABLE seen_again (cell INTEGER PRIMARY KEY, standing INTEGER NOT NULL)"
    )
    connection.execute("INSERT INTO seen_again SELECT * FROM old_seen_again")
    connection.execute("DROP TABLE old_seen_again")
    connection.execute("DROP TABLE cells")


def _fields_of_cells(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """The old rows of each field together, cut where their ids have a gap."""
    rows = connection.execute(
        "SELECT run, field, id, box, detection_score, cut, probabilities, grades, fine,"
        " strangeness, saliency, outline FROM cells ORDER BY id"
    )
    numbered = enumerate(rows)
    for _, together in groupby(numbered, lambda one: (*one[1][:2], one[1][2] - one[0])):
        run, field, ids, *columns = zip(*(row for _, row in together), strict=True)
        box, scores, cut, chances, grades, fine, strange, saliency, outline = columns
        yield (
            ids[0],
            len(ids),
            run[0],
            field[0],
            b"".join(box),
            np.asarray(scores, "<f4").tobytes(),
            bytes(cut),
            b"".join(chances),
            b"".join(grades),
            b"".join(fine),
            np.asarray(strange, "<f4").tobytes(),  # NULL becomes NaN
            b"".join(saliency),
            np.asarray(
                [-1 if o is None else len(o) // 8 for o in outline], "<i4"
            ).tobytes(),
            b"".join(o for o in outline if o is not None),
        )


def _room_for_keyed_cells(connection: sqlite3.Connection) -> None:
    """Version 9: cells counted beside a microscope."""
    for statement in schema.KEYED:
        connection.execute(statement)


def _room_for_chosen_cells(connection: sqlite3.Connection) -> None:
    """Version 9: calls of cells not met by chance, and checks of unflagged cells."""
    for statement in schema.CHOSEN:
        connection.execute(statement)


def _room_for_signing(connection: sqlite3.Connection) -> None:
    """Version 9: signatures, second readings, earlier marrows."""
    for statement in schema.NEWEST:
        connection.execute(statement)


def _to_version_9(connection: sqlite3.Connection) -> None:
    _room_for_fields_of_cells(connection)
    _room_for_keyed_cells(connection)
    _room_for_chosen_cells(connection)
    _room_for_signing(connection)
    connection.execute(schema.BLIND)


def _to_version_10(connection: sqlite3.Connection) -> None:
    """Slides keep whether their file is built as a scanner's is, regions the class
    that another program gave them.
    """
    connection.execute("ALTER TABLE slides ADD COLUMN scanned INTEGER")
    connection.execute(schema.REGION_CLASSES)


# STEPS[n] takes a case of version n to version n + 1.
STEPS: Mapping[int, Step] = {
    1: _room_for_finer_outputs,
    2: _room_for_strangeness,
    3: _room_for_places,
    4: _room_for_searches,
    5: _room_for_regions,
    6: _room_for_steps,
    7: _room_for_counts,
    8: _to_version_9,
    9: _to_version_10,
}


def version_of(connection: sqlite3.Connection) -> int:
    """The version a case file says it has."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def sound_version(connection: sqlite3.Connection, name: str) -> int:
    """The version of a case that is whole and not newer than this program.

    Raises UnusableCase, with `name`, for any other.
    """
    version = version_of(connection)
    if version > schema.VERSION:
        raise faults.too_new(name)
    # The list of tables makes SQLite compare the file's length with its header.
    if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise faults.damaged(name)
    return version


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
