"""What SQLite and the file system report, as sentences a user can act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from marrowscope.domain.errors import ProtectedCase, SignedCase, UnusableCase

_SAFE = "Everything stored before is safe."
_TROUBLE = (sqlite3.Error, OSError)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WRITE_FAILED = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn trouble with the case file at `path` into UnusableCase."""
    try:
        yield
    except _TROUBLE as error:
        raise _sentence(error, path.name) from error


def _sentence(error: sqlite3.Error | OSError, name: str) -> UnusableCase:
    if isinstance(error, OSError):
        return _of_file_system(error, name)
    # Only the primary result code decides; the extended ones tell where it happened.
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL or code in _WRITE_FAILED:
        return full(name)
    if primary == sqlite3.SQLITE_IOERR:
        return unreachable(name, "input or output error")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return in_use(name)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return not_writable(name)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return UnusableCase(
            f"The case file {name} cannot be opened where it lies.",
            "Check that its folder exists and that you may read it.",
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(name)
    return UnusableCase(
        f"The case file {name} could not do what was asked ({error}).", _SAFE
    )


def _of_file_system(error: OSError, name: str) -> UnusableCase:
    if error.errno in FULL:
        return full(name)
    if error.errno in _DENIED:
        return not_writable(name)
    if isinstance(error, FileNotFoundError):
        return UnusableCase(
            f"There is no case file {name} here.",
            "Check the name and the folder, or open the slide to begin a case.",
        )
    return unreachable(name, error.strerror or "no reason given")


def unreachable(name: str, reason: str) -> UnusableCase:
    return UnusableCase(
        f"The case file {name} cannot be reached ({reason}).",
        f"Check the disk or the network folder it lies on. {_SAFE}",
    )


def full(name: str) -> UnusableCase:
    return UnusableCase(
        f"The disk took no more while the case file {name} was being written.",
        f"Free some space and go on. {_SAFE}",
    )


def in_use(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case {name} is already open in another window.",
        "Close it there, then open it here.",
    )


def not_readable(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case file {name} may not be read by you.",
        "Ask whoever owns it, or the administrator of the folder it lies in.",
    )


def never_still(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case {name} is being written to at this moment.",
        "Open it again in a minute.",
    )


def no_room_for_copy(name: str) -> UnusableCase:
    return UnusableCase(
        f"This computer has no room for the copy that the case {name} is shown from.",
        f"Make room in {gettempdir()}; the file itself is as it was.",
    )


def not_writable(name: str) -> ProtectedCase:
    return ProtectedCase(
        f"The case file {name} or its folder may not be written to.",
        "Copy it to a folder of your own and open it there.",
    )


def damaged(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case file {name} is damaged or not complete.",
        "Take it from a backup copy; the file has been left as it is.",
    )


def not_a_case(name: str) -> UnusableCase:
    return UnusableCase(
        f"{name} is not a MarrowScope case.", "Choose a file that ends in .marrow."
    )


def too_new(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case {name} was written by a newer MarrowScope.",
        "Open it with that version; the file has been left as it is.",
    )


def signed(name: str) -> SignedCase:
    return SignedCase(
        f"The case {name} is signed, so nothing in it is changed.",
        "Amend it to go on; the signed version is kept.",
    )


def not_signed(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case {name} is not signed, so there is nothing to amend.",
        "Change what you wish, then sign it.",
    )


def changed_meanwhile(name: str) -> UnusableCase:
    return UnusableCase(
        f"The case {name} changed while it was being signed, so it is not signed.",
        "Look at the report again and sign it then.",
    )


def reading_only(name: str) -> ProtectedCase:
    return ProtectedCase(
        f"The case {name} can only be looked at, so nothing is stored in it.",
        "Make a copy to work on (File menu).",
    )
