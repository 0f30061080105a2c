"""The zones of slides, worked out from their low levels."""

from __future__ import annotations

import json
import sqlite3

import numpy as np

from marrowscope.imaging.counting_zone.zone_map import ZoneMap


def stored(connection: sqlite3.Connection, slide: int) -> ZoneMap | None:
    """The zone map of a slide; None before it was looked for, or where none is."""
    row = connection.execute(
        "SELECT patch, rows, columns, names, zones, quality FROM zone_maps"
        " WHERE slide = ?",
        (slide,),
    ).fetchone()
    if row is None:
        return None
    patch, rows, columns, names, zones, quality = row
    shape = rows, columns
    return ZoneMap(
        patch,
        np.frombuffer(bytearray(zones), np.uint8).reshape(shape),
        np.frombuffer(bytearray(quality), np.uint8).reshape(shape),
        tuple(json.loads(names)),
    )


def put(connection: sqlite3.Connection, slide: int, zones: ZoneMap) -> None:
    """Keep the zone map of a slide in place of an earlier one."""
    rows, columns = zones.zones.shape
    connection.execute(
        "INSERT OR REPLACE INTO zone_maps VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            slide,
            zones.patch,
            rows,
            columns,
            json.dumps(zones.names),
            np.ascontiguousarray(zones.zones, np.uint8).tobytes(),
            np.ascontiguousarray(zones.quality, np.uint8).tobytes(),
        ),
    )
