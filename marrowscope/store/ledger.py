"""One connection to the case file, one transaction at a time.

Thread rule: any thread may call; a lock lets one in at a time, and a transaction keeps
the lock from its first statement to its last. The window still gives the case file one
worker of its own, because a caller waits for the disk. The write-ahead log is folded
into the file by a thread of its own: no edit waits for that.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock, Thread

from marrowscope.store import case_signing, faults

log = logging.getLogger(__name__)
_WAIT_SECONDS = 5.0
_FOLD_AFTER = 1000  # changed rows: a few megabytes of write-ahead log


class Ledger:
    """A SQLite connection that speaks UnusableCase."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool):
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._lock = RLock()
        self._folded = connection.total_changes
        self._folding: Thread | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Statements that only read, all of one state of the file."""
        with self._lock, faults.explained(self.path):
            yield self._connection

    @contextmanager
    def writing(self, *, though_signed: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction: durable when the block ends, undone when it raises.

        Raises SignedCase where the case is signed, unless what is written is no part
        of what was signed (`though_signed`).
        """
        if self.read_only:
            raise faults.reading_only(self.path.name)
        with self._lock, faults.explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if not though_signed and case_signing.is_signed(self._connection):
                    raise faults.signed(self.path.name)
                yield self._connection
                self._connection.execute("COMMIT")
                self._fold_in_time()
            except BaseException:
                # SQLite has already rolled back by itself after a full disk.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def _fold_in_time(self) -> None:
        busy = self._folding is not None and self._folding.is_alive()
        if not busy and self._connection.total_changes - self._folded >= _FOLD_AFTER:
            self._folded = self._connection.total_changes
            self._folding = Thread(target=_fold, args=(self.path,), name="fold")
            self._folding.start()

    def close(self) -> None:
        """Fold the write-ahead log into the file; harmless when done twice."""
        with self._lock, faults.explained(self.path):
            if self._folding is not None:
                self._folding.join()
            self._connection.close()


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection whose every commit is on the disk when it returns."""
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see `_fold`
    return connection


def _fold(path: Path) -> None:
    """Fold what nobody reads any more, while others go on reading and writing."""
    try:
        with closing(_connect(f"{path.absolute().as_uri()}?mode=rw")) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except sqlite3.Error:
        # The log stays as it is and is folded another time: nothing is lost.
        log.warning("the write-ahead log was not folded", exc_info=True)


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
