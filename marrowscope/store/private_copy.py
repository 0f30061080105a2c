"""A case as it stands at one moment, copied to where nobody else writes.

A case in a folder that may not be written to cannot be read where it lies: SQLite keeps
the newest changes in a log beside it, agrees with other readers through a third file,
and locks reach neither a disc nor most shares. So file and log are copied, and the copy
counts only where no colleague folded that log away meanwhile: then the file's half-new
pages are all in the log, whole (sqlite.org/wal.html, sqlite.org/walformat.html).
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from marrowscope.store import faults, migrations

_TRIES = 5
_PAUSE_SECONDS = 0.2
_LOG_HEADER = 32  # bytes; another salt in it is another log


class _CopyConnection(sqlite3.Connection):
    """Takes its folder with it when it closes, where the system keeps open files."""

    folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        super().close()
        if self.folder is not None:
            self.folder.cleanup()


def log_of(path: Path) -> Path:
    """The write-ahead log of a case: what is not yet folded into its file."""
    return path.with_name(f"{path.name}-wal")


def connect_to_copy(path: Path) -> sqlite3.Connection:
    """A copy of the newest version, gone when closed; the file itself stays as it is.

    Raises UnusableCase for a case that is damaged, of a newer version, or was folded
    again and again while it was copied.
    """
    folder = tempfile.TemporaryDirectory(
        prefix="marrowscope-", ignore_cleanup_errors=True
    )
    copy = Path(folder.name) / path.name
    try:
        _copy_still(path, copy)
        return _opened(copy, path.name, folder)
    except OSError as error:
        folder.cleanup()
        if error.errno in faults.FULL:
            raise faults.no_room_for_copy(path.name) from error
        raise
    except BaseException:
        folder.cleanup()
        raise


def _copy_still(path: Path, copy: Path) -> None:
    for _ in range(_TRIES):
        before = _marks(path)
        _copy_both(path, copy)
        if _marks(path) == before:
            return
        time.sleep(_PAUSE_SECONDS)
    raise faults.never_still(path.name)


def _copy_both(path: Path, copy: Path) -> None:
    log_of(copy).unlink(missing_ok=True)
    shutil.copyfile(path, copy)
    # The log comes after: it holds what was folded into the file meanwhile.
    with suppress(FileNotFoundError):
        shutil.copyfile(log_of(path), log_of(copy))


def _marks(path: Path) -> tuple[Any, ...]:
    """Equal before and after a copy that is of one moment."""
    with suppress(FileNotFoundError), log_of(path).open("rb") as log:
        if header := log.read(_LOG_HEADER):
            return (header,)
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _opened(
    copy: Path, name: str, folder: tempfile.TemporaryDirectory[str]
) -> sqlite3.Connection:
    connection = sqlite3.connect(
        copy,
        isolation_level=None,
        check_same_thread=False,
        factory=_CopyConnection,
    )
    try:
        # Nobody misses the copy after a crash: the disk is not waited for.
        connection.execute("PRAGMA synchronous = OFF")
        migrations.sound_version(connection, name)
        migrations.migrate(connection)
        connection.execute(
            "PRAGMA journal_mode = DELETE"
        )  # one file, and no side files
    except BaseException:
        connection.close()
        raise
    # Patients' data: but for Windows, nothing of it is left where a program is killed.
    folder.cleanup()
    connection.folder = folder
    return connection
