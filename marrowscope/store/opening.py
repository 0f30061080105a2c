"""Make a case file, or open one after looking whether it is one.

Nothing is written into a file before it has proved to be a case this version can read.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from marrowscope.store import faults, journal, migrations, reclaiming, schema
from marrowscope.store.ledger import (
    connect_to_read,
    connect_to_still_file,
    connect_to_write,
)
from marrowscope.store.private_copy import connect_to_copy, log_of

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_APPLICATION_ID_AT = 68


def make(path: Path, facts: dict[str, str]) -> None:
    """Write an empty case at `path`; it appears there complete or not at all."""
    appear(path, lambda draft: _write_empty(draft, facts))


def appear(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a draft beside `path`; never over another file."""
    if path.exists():
        raise faults.UnusableCase(
            f"There is already a file {path.name} in this folder.",
            "Open it, or choose another name.",
        )
    draft = path.with_name(f".{path.name}.new")
    with faults.explained(path):
        draft.unlink(missing_ok=True)
        try:
            write(draft)
            os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _write_empty(path: Path, facts: dict[str, str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A draft that a crash leaves is thrown away: the disk is waited for once.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.executescript(f"BEGIN; {schema.TABLES} COMMIT;")
        connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        connection.execute("PRAGMA journal_mode = WAL")
    _on_the_disk(path)


def write_copy(path: Path, original: sqlite3.Connection, *, of: Path, who: str) -> None:
    """Fill `path` with all that `original`, open at `of`, holds, and journal that."""
    with closing(sqlite3.connect(path)) as connection:
        original.backup(connection)
        with connection:
            # A name of an older encoding holds characters that UTF-8 does not know.
            where = str(of).encode("utf-8", "replace").decode("utf-8")
            journal.note(connection, "copied", was=where, who=who)
    _on_the_disk(path)


def _on_the_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def look(path: Path) -> None:
    """Raise UnusableCase unless the file begins as a case file does."""
    if path.is_file() and not os.access(path, os.R_OK):
        raise faults.not_readable(path.name)
    with faults.explained(path), path.open("rb") as file:
        header = file.read(_HEADER)
    if not header.startswith(_MAGIC):
        raise faults.not_a_case(path.name)
    if len(header) < _HEADER:
        raise faults.damaged(path.name)
    if struct.unpack_from(">I", header, _APPLICATION_ID_AT)[0] != schema.APPLICATION_ID:
        raise faults.not_a_case(path.name)


def to_write(path: Path) -> sqlite3.Connection:
    """Open for writing, brought to the newest version."""
    with faults.explained(path):
        _refuse_damage(path)
        connection = connect_to_write(path)
        try:
            migrations.migrate(connection)
            reclaiming.reclaim(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def refuse_protected(path: Path) -> None:
    """Raise ProtectedCase for a file that may not be written to.

    SQLite would open it in silence and fail at the first change; and whoever may not
    write to it is not kept from it by a colleague who does.
    """
    if not os.access(path, os.W_OK):
        raise faults.not_writable(path.name)


def to_read(path: Path) -> sqlite3.Connection:
    """Open for reading only: where it lies, else from a copy as `to_look_at`."""
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return to_look_at(path)
    with faults.explained(path):
        try:
            return _in_place(path)
        except sqlite3.OperationalError:
            # A share that says it may be written to, and refuses it.
            return connect_to_copy(path)


def to_look_at(path: Path) -> sqlite3.Connection:
    """As it stands now, from a copy: what is written to it later is not seen."""
    with faults.explained(path):
        return connect_to_copy(path)


def _in_place(path: Path) -> sqlite3.Connection:
    if _refuse_damage(path) < schema.VERSION:
        return connect_to_copy(path)
    connection = connect_to_read(path)
    try:
        migrations.version_of(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_damage(path: Path) -> int:
    """The version of a case that is whole; looking leaves no side files behind."""
    connect = connect_to_read if log_of(path).exists() else connect_to_still_file
    with closing(connect(path)) as connection:
        return migrations.sound_version(connection, path.name)
