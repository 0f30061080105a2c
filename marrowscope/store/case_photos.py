"""How the photos of a case lie, and which of their cells are looks at one cell.

Nothing here is a model's answer or a person's call: all of it is worked out from photos
and cells, and is replaced as a whole when photos are added or read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from marrowscope.imaging.overlap import Overlap
from marrowscope.store import journal

_DOUBLE = np.dtype("<f8")


def compared(connection: sqlite3.Connection) -> dict[int, int]:
    """By photo (slide number) the round it was last compared in; 0: unreadable."""
    return dict(connection.execute("SELECT slide, compared FROM photos ORDER BY slide"))


def overlaps(connection: sqlite3.Connection) -> list[Overlap]:
    """Every pair of photos known to show one place, by slide numbers."""
    rows = connection.execute(
        "SELECT first, second, transform, shared, likeness FROM photo_overlaps"
        " ORDER BY first, second"
    )
    return [
        Overlap(
            first,
            second,
            np.frombuffer(transform, _DOUBLE).reshape(2, 3).copy(),
            shared,
            likeness,
        )
        for first, second, transform, shared, likeness in rows
    ]


def set_overlaps(
    connection: sqlite3.Connection,
    found: Sequence[Overlap],
    *,
    photos: Collection[int],
    unreadable: Collection[int] = (),
) -> None:
    """What a comparison of `photos` found; pairs with a photo not among them stay."""
    turn = max(compared(connection).values(), default=0) + 1
    here = set(photos)
    for one in overlaps(connection):
        if one.first in here and one.second in here:
            connection.execute(
                "DELETE FROM photo_overlaps WHERE first = ? AND second = ?",
                (one.first, one.second),
            )
    connection.executemany(
        "INSERT INTO photo_overlaps VALUES (?, ?, ?, ?, ?)",
        [
            (
                o.first,
                o.second,
                np.ascontiguousarray(o.transform, _DOUBLE).tobytes(),
                o.shared,
                o.likeness,
            )
            for o in found
        ],
    )
    rounds = [*((p, turn) for p in photos), *((p, 0) for p in unreadable)]
    connection.executemany(
        "INSERT INTO photos VALUES (?, ?)"
        " ON CONFLICT (slide) DO UPDATE SET compared = max(compared,excluded.compared)",
        rounds,
    )
    what = f"{len(here)} photos compared"
    journal.note(connection, what, became=f"{len(found)} pairs show one place")


def seen_again(connection: sqlite3.Connection) -> dict[int, int]:
    """By cell the look at the same cell that counts in its stead."""
    return dict(connection.execute("SELECT cell, standing FROM seen_again"))


def set_seen_again(connection: sqlite3.Connection, standing: Mapping[int, int]) -> None:
    """From now on these cells are counted as the cell each of them stands for."""
    if seen_again(connection) == standing:
        return
    connection.execute("DELETE FROM seen_again")
    connection.executemany("INSERT INTO seen_again VALUES (?, ?)", standing.items())
    what = "cells seen again in another photo, counted once"
    journal.note(connection, what, became=str(len(standing)))


def copies(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Slide and name of every other file that held the same content."""
    return connection.execute(
        "SELECT slide, name FROM slide_copies ORDER BY slide, name"
    ).fetchall()


def add_copy(connection: sqlite3.Connection, slide: int, name: str) -> None:
    """Note that a file of this name holds the same as a slide of the case."""
    changed = connection.execute(
        "INSERT OR IGNORE INTO slide_copies VALUES (?, ?)", (slide, name)
    ).rowcount
    if changed:
        journal.note(connection, f"slide {slide}: the same file again", became=name)
