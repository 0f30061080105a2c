"""Signed versions of a report: what was signed is kept, and the case stands still."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Mapping

from marrowscope.domain.signing import Amendment, Signature, SigningState
from marrowscope.store import journal


def is_signed(connection: sqlite3.Connection) -> bool:
    """True while the newest signature is in force."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM signatures WHERE number NOT IN"
        " (SELECT signature FROM amendments))"
    ).fetchone()
    return bool(row[0])


def state(connection: sqlite3.Connection) -> SigningState:
    """All signed versions."""
    rows = connection.execute(
        "SELECT number, name, meaning, s.at, account, sha256, reason, who, a.at"
        " FROM signatures AS s LEFT JOIN amendments AS a ON a.signature = s.number"
        " ORDER BY number"
    )
    return SigningState(
        tuple(
            Signature(*signed, amended=None if why[0] is None else Amendment(*why))
            for *signed, why in ((*row[:6], row[6:]) for row in rows)
        )
    )


def sign(
    connection: sqlite3.Connection,
    signature: Signature,
    documents: Mapping[str, bytes],
) -> None:
    """Keep a signature, of number 0 so far, with the files that were signed."""
    one = signature
    cursor = connection.execute(
        "INSERT INTO signatures (name, meaning, at, account, sha256)"
        " VALUES (?, ?, ?, ?, ?)",
        (one.name, one.meaning, one.at, one.account, one.sha256),
    )
    connection.executemany(
        "INSERT INTO signed_documents (signature, name, content) VALUES (?, ?, ?)",
        [(cursor.lastrowid, n, zlib.compress(data)) for n, data in documents.items()],
    )
    said = f"{one.name}: {one.meaning}; content {one.sha256}"
    journal.note(connection, "signed", became=said, who=one.account, at=one.at)


def amend(connection: sqlite3.Connection, amendment: Amendment) -> None:
    """Open the newest signed version again; it stays readable."""
    (number,) = connection.execute("SELECT max(number) FROM signatures").fetchone()
    connection.execute(
        "INSERT INTO amendments (signature, reason, who, at) VALUES (?, ?, ?, ?)",
        (number, amendment.reason, amendment.who, amendment.at),
    )
    what, said = f"amendment of version {number} begun", amendment.reason
    journal.note(connection, what, became=said, who=amendment.who, at=amendment.at)


def documents(connection: sqlite3.Connection, number: int) -> dict[str, bytes]:
    """The files of a signed version, by name; none for a version there is not."""
    rows = connection.execute(
        "SELECT name, content FROM signed_documents WHERE signature = ? ORDER BY name",
        (number,),
    )
    return {name: zlib.decompress(content) for name, content in rows}
