"""Pieces of a file read by many threads without waiting for one another."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from threading import Lock


class FilePieces:
    """An open file read at any place. Raises OSError when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._lock = Lock()
        weakref.finalize(self, self._file.close)

    def read(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes. Raises OSError when the file is gone or too short."""
        data = self._some(offset, count)
        if len(data) < count:
            raise OSError("the file ends before this piece")
        return data

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def _some(self, offset: int, count: int) -> bytes:
        if self._file.closed:
            raise OSError("the slide was closed")
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), count, offset)
        with self._lock:  # Windows has no read that leaves the place alone
            self._file.seek(offset)
            return self._file.read(count)
