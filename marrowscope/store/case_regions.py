"""Regions that a reader drew: the file holds the last state, the journal every one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from marrowscope.domain.regions import (
    ForeignClass,
    Region,
    RegionKind,
    of_bytes,
    to_bytes,
)
from marrowscope.store import journal

_COLUMNS = "slide, name, kind, shape, id"
_CLASSED = "regions.name, kind, shape, id, region_classes.name, colour"
_WORDS = {RegionKind.INCLUDE: "counted", RegionKind.EXCLUDE: "left out"}


def stored(connection: sqlite3.Connection) -> tuple[Region, ...]:
    """Every region, in the order they were drawn in."""
    rows = connection.execute(
        f"SELECT slide, {_CLASSED} FROM regions"
        " LEFT JOIN region_classes ON region = id ORDER BY number"
    )
    return tuple(_region(*row) for row in rows)


def _region(
    slide: int,
    name: str,
    kind: str,
    shape: bytes,
    number: str,
    classed: str | None,
    colour: int | None,
) -> Region:
    known = None
    if classed is not None:
        parts = None if colour is None else tuple(colour.to_bytes(3, "big"))
        known = ForeignClass(classed, parts)  # type: ignore[arg-type]
    return Region(slide, name, RegionKind(kind), of_bytes(shape), number, known)


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
            _unclass(connection, name)
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
    _unclass(connection, region.id)
    if (classed := region.classed) is not None:
        colour = None if classed.colour is None else bytes(classed.colour)
        packed = None if colour is None else int.from_bytes(colour, "big")
        connection.execute(
            "INSERT INTO region_classes VALUES (?, ?, ?)",
            (region.id, classed.name, packed),
        )


def _unclass(connection: sqlite3.Connection, region: str) -> None:
    connection.execute("DELETE FROM region_classes WHERE region = ?", (region,))


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
    classed = f", class {region.classed.name}" if region.classed else ""
    return f"“{region.name}”, {kind}{classed}, {place}, {corners} corners"
