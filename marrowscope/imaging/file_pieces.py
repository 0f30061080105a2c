"""Pieces of a file read by many threads without waiting for one another."""

from __future__ import annotations

import os
import weakref
from io import FileIO
from pathlib import Path
from threading import Lock

_KEPT = 3  # open at most: another thread may still be reading from a spoiled one


class FilePieces:
    """An open file read at any place. Raises OSError when it cannot be opened.

    A network share that was gone spoils what was open on it: after a failed read the
    file is opened anew, and read on if it still is the same (in size and date).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._closed = False
        self._opened = [path.open("rb", buffering=0)]
        self._same = _print_of(self._opened[0])
        weakref.finalize(self, _close_all, self._opened)

    def read(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes. Raises OSError when the file is gone or too short."""
        data = bytearray(count)
        self.read_into(memoryview(data), offset)
        return bytes(data)

    def read_into(self, piece: memoryview, offset: int) -> None:
        """The bytes from `offset` on, as many as `piece` has. Raises as `read` does."""
        if self._closed:
            raise OSError("the slide was closed")
        if offset + len(piece) > self._same[0]:
            raise OSError("the file ends before this piece")
        file = self._opened[-1]
        try:
            self._fill(file, piece, offset)
        except OSError:
            self._fill(self._anew(file), piece, offset)

    def close(self) -> None:
        """Let the file go."""
        self._closed = True
        _close_all(self._opened)

    def _fill(self, file: FileIO, piece: memoryview, offset: int) -> None:
        if self._some(file, piece, offset) < len(piece):
            raise OSError("the file ends before this piece")

    def _some(self, file: FileIO, piece: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(file.fileno(), [piece], offset)
        with self._lock:  # Windows has no read that leaves the place alone
            file.seek(offset)
            return file.readinto(piece)

    def _anew(self, spoiled: FileIO) -> FileIO:
        """The file opened again, unless another thread has done so."""
        with self._lock:
            if self._opened[-1] is spoiled and not self._closed:
                fresh = self._path.open("rb", buffering=0)
                if _print_of(fresh) != self._same:
                    fresh.close()
                    raise OSError("another file lies in its place")
                self._opened.append(fresh)
                if len(self._opened) > _KEPT:
                    self._opened.pop(0).close()
            return self._opened[-1]


def _print_of(file: FileIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _close_all(files: list[FileIO]) -> None:
    for file in files:
        file.close()
