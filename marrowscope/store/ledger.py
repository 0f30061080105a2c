"""One connection to the case file, one transaction at a time.

Thread rule: any thread may call; a lock lets one in at a time, and a transaction keeps
the lock from its first statement to its last. The window still gives the case file one
worker of its own, because a caller waits for the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from marrowscope.store import faults

_WAIT_SECONDS = 5.0
_CHECKPOINT_PAGES = 2000


class Ledger:
    """A SQLite connection that speaks UnusableCase."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool):
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._lock = RLock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Statements that only read, all of one state of the file."""
        with self._lock, faults.explained(self.path):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: durable when the block ends, undone when it raises."""
        if self.read_only:
            raise faults.reading_only(self.path.name)
        with self._lock, faults.explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has already rolled back by itself after a full disk.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Fold the write-ahead log into the file; harmless when done twice."""
        with self._lock, faults.explained(self.path):
            self._connection.close()


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection whose every commit is on the disk when it returns."""
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that never writes into the case file."""
    return _connect(f"{path.absolute().as_uri()}?mode=ro")


def connect_to_still_file(path: Path) -> sqlite3.Connection:
    """As `connect_to_read`, for a file nobody writes and a folder nobody may write."""
    return _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri,
        uri=True,
        timeout=_WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
