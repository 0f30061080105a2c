"""Make a case file, or open one after looking whether it is one.

Nothing is written into a file before it has proved to be a case this version can read.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import tempfile
from contextlib import closing
from pathlib import Path

from marrowscope.store import faults, migrations, reclaiming, schema
from marrowscope.store.ledger import (
    connect_to_read,
    connect_to_still_file,
    connect_to_write,
)

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_APPLICATION_ID_AT = 68


def make(path: Path, facts: dict[str, str]) -> None:
    """Write an empty case at `path`; it appears there complete or not at all."""
    if path.exists():
        raise faults.UnusableCase(
            f"There is already a file {path.name} in this folder.",
            "Open it, or choose another name.",
        )
    draft = path.with_name(f".{path.name}.new")
    with faults.explained(path):
        draft.unlink(missing_ok=True)
        try:
            _write_empty(draft, facts)
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
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def look(path: Path) -> None:
    """Raise UnusableCase unless the file begins as a case file does."""
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
        _refuse_read_only(path)
        _refuse_damage(path)
        connection = connect_to_write(path)
        try:
            migrations.migrate(connection)
            reclaiming.reclaim(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def _refuse_read_only(path: Path) -> None:
    # SQLite would open a protected file in silence and fail at the first change.
    if not os.access(path, os.W_OK):
        raise faults.not_writable(path.name)


def to_read(path: Path) -> sqlite3.Connection:
    """Open for reading only; an older or half-folded case is read from a copy."""
    with faults.explained(path):
        version = _refuse_damage(path)
        if version < schema.VERSION:
            return _of_copy(path)
        connection = connect_to_read(path)
        try:
            migrations.version_of(connection)
        except sqlite3.OperationalError:
            connection.close()
            return _in_closed_folder(path)
        return connection


def _in_closed_folder(path: Path) -> sqlite3.Connection:
    # The write-ahead log needs side files, which a read-only folder refuses.
    return _of_copy(path) if _log_of(path).exists() else connect_to_still_file(path)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _of_copy(path: Path) -> sqlite3.Connection:
    """A migrated copy in memory: the file itself stays as it is."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with tempfile.TemporaryDirectory(prefix="marrowscope-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        if _log_of(path).exists():
            shutil.copyfile(_log_of(path), _log_of(copy))
        with closing(sqlite3.connect(copy)) as connection:
            connection.backup(memory)
    migrations.migrate(memory)
    return memory


def _refuse_damage(path: Path) -> int:
    """The version of a case that is whole; looking leaves no side files behind."""
    if not _log_of(path).exists():
        return _checked(connect_to_still_file(path), path)
    if os.access(path.parent, os.W_OK):
        return _checked(connect_to_read(path), path)
    return _checked(_of_copy(path), path)


def _checked(connection: sqlite3.Connection, path: Path) -> int:
    with closing(connection):
        version = migrations.version_of(connection)
        if version > schema.VERSION:
            raise faults.too_new(path.name)
        # The list of tables makes SQLite compare the file's length with its header.
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise faults.damaged(path.name)
    return version
