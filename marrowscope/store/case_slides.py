"""Slides of a case, known by their content."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.provenance import SlideIdentity
from marrowscope.store import journal


@dataclass(frozen=True, slots=True)
class StoredSlide:
    """A slide of the case; `path` is where it was seen last."""

    number: int
    identity: SlideIdentity
    path: Path


def add(connection: sqlite3.Connection, identity: SlideIdentity, path: Path) -> int:
    """The slide's number; one seen before keeps it, its calibration and its kind."""
    row = connection.execute(
        "SELECT number, path FROM slides WHERE content = ?", (identity.content,)
    ).fetchone()
    if row is None:
        return _insert(connection, identity, path)
    number, known_path = row[0], _path(row[1])
    if known_path != path:
        connection.execute(
            "UPDATE slides SET path = ? WHERE number = ?", (_stored_path(path), number)
        )
        what = f"slide {number} found elsewhere"
        was, became = _storable(str(known_path)), _storable(str(path))
        journal.note(connection, what, was=was, became=became)
    return number


def _storable(text: str) -> str:
    # A file name of an older encoding holds characters that UTF-8 does not know.
    return text.encode("utf-8", "replace").decode("utf-8")


def _stored_path(path: Path) -> str | bytes:
    # Such a name must still find its file again, so its own bytes are kept.
    text = str(path)
    return text if text == _storable(text) else os.fsencode(path)


def _path(stored: str | bytes) -> Path:
    return Path(os.fsdecode(stored))


def _insert(connection: sqlite3.Connection, identity: SlideIdentity, path: Path) -> int:
    number = connection.execute(
        "INSERT INTO slides (content, name, path, width, height, mpp, mpp_source,"
        " scanned) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        (
            identity.content,
            _storable(identity.name),
            _stored_path(path),
            identity.width,
            identity.height,
            identity.mpp,
            identity.mpp_source,
            identity.scanned,
        ),
    ).fetchone()[0]
    journal.note(connection, f"slide {number} added", became=_storable(identity.name))
    return number


def calibrate(
    connection: sqlite3.Connection,
    number: int,
    mpp: float | None,
    source: str,
    *,
    who: str = journal.PROGRAM,
) -> None:
    """Believe `mpp` microns per level-0 pixel from now on. KeyError: no such slide."""
    row = connection.execute(
        "SELECT mpp, mpp_source FROM slides WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        raise KeyError(number)
    if row == (mpp, source):
        return
    connection.execute(
        "UPDATE slides SET mpp = ?, mpp_source = ? WHERE number = ?",
        (mpp, source, number),
    )
    journal.note(
        connection,
        f"slide {number} calibrated",
        was=_scale_text(*row),
        became=_scale_text(mpp, source),
        who=who,
    )


def _scale_text(mpp: float | None, source: str) -> str:
    return "uncalibrated" if mpp is None else f"{mpp:g} µm per pixel ({source})"


def stored(connection: sqlite3.Connection) -> list[StoredSlide]:
    """All slides by number."""
    rows = connection.execute(
        "SELECT number, path, scanned, content, name, width, height, mpp, mpp_source"
        " FROM slides ORDER BY number"
    )
    return [
        StoredSlide(
            number, SlideIdentity(*identity, scanned=bool(scanned)), _path(path)
        )
        for number, path, scanned, *identity in rows
    ]
