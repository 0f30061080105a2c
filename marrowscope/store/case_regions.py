"""Regions that a reader drew: the file holds the last state, the journal every one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from marrowscope.domain.regions import Region, RegionKind, of_bytes, to_bytes
from marrowscope.store import journal

_COLUMNS = "slide, name, kind, shape, id"
_WORDS = {RegionKind.INCLUDE: "counted", RegionKind.EXCLUDE: "left out"}


def stored(connection: sqlite3.Connection) -> tuple[Region, ...]:
    """Every region, in the order they were drawn in."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM regions ORDER BY number")
    return tuple(_region(*row) for row in rows)


def _region(slide: int, name: str, kind: str, shape: bytes, number: str) -> Region:
    return Region(slide, name, RegionKind(kind), of_bytes(shape), number)


def change(
    connection: sqlite3.Connection,
    put: Iterable[Region],
    removed: Iterable[str],
    *,
    who: str,
    at: str | None = None,
) -> None:
    """Add or alter the regions `put`, drop those whose ids are in `removed`."""
    known = {region.id: region for region in stored(connection)}
    for name in removed:
        if (old := known.pop(name, None)) is not None:
            connection.execute("DELETE FROM regions WHERE id = ?", (name,))
            what = f"{_named(old)} removed"
            journal.note(connection, what, was=_said(old), who=who, at=at)
    for region in put:
        old = known.get(region.id)
        if old != region:
            _put(connection, region)
            _note(connection, old, region, who=who, at=at)


def _put(connection: sqlite3.Connection, region: Region) -> None:
    connection.execute(
        f"INSERT INTO regions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET slide = excluded.slide, name = excluded.name,"
        " kind = excluded.kind, shape = excluded.shape",
        (
            region.slide,
            region.name,
            region.kind.value,
            to_bytes(region.shape),
            region.id,
        ),
    )


def _note(
    connection: sqlite3.Connection,
    old: Region | None,
    region: Region,
    *,
    who: str,
    at: str | None,
) -> None:
    verb = "added" if old is None else "changed"
    was = "" if old is None else _said(old)
    what = f"{_named(old or region)} {verb}"
    journal.note(connection, what, was=was, became=_said(region), who=who, at=at)


def _named(region: Region) -> str:
    return f"slide {region.slide}: region “{region.name}”"


def _said(region: Region) -> str:
    box, corners = region.box, sum(map(len, region.rings))
    place = f"{box.width:.0f} × {box.height:.0f} px at x {box.x:.0f}, y {box.y:.0f}"
    kind = _WORDS[region.kind]
    return f"“{region.name}”, {kind}, {place}, {corners} corners"
