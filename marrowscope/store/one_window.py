"""One writing window per case: a lock that dies with its process.

An advisory lock of the operating system on a side file, never on the case itself (that
would disturb SQLite's own locks). Nothing has to be cleaned up after a crash.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from marrowscope.store import faults

log = logging.getLogger(__name__)


class OneWindow:
    """Held from construction to `release`. Raises UnusableCase when held elsewhere."""

    def __init__(self, case: Path) -> None:
        self._side = case.with_name(f".{case.name}.open")
        with faults.explained(case):
            self._file = self._acquire(case)

    def _acquire(self, case: Path) -> int:
        while True:
            held = os.open(self._side, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _lock(held)
            except BlockingIOError:
                os.close(held)
                raise faults.in_use(case.name) from None
            except OSError:
                os.close(held)
                raise
            if self._still_there(held):
                return held
            # Its last owner removed the side file between our open and our lock.
            os.close(held)

    def _still_there(self, held: int) -> bool:
        try:
            return os.path.samestat(os.fstat(held), os.stat(self._side))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let the next window in; harmless when done twice."""
        if self._file < 0:
            return
        # Windows refuses to remove an open file; the empty side file then stays.
        with suppress(OSError):
            self._side.unlink()
        os.close(self._file)
        self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(held: int) -> None:
        try:
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error

else:
    import errno
    import fcntl

    def _lock(held: int) -> None:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
                raise
            log.warning("this folder knows no locks; a second window is not noticed")
