"""Cells as they are stored: all those of a field in one row, column by column.

So no cell becomes a Python object: half a million cells are read in a fifth of a
second. The cells of a row have ids without a gap.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box, Boxes, Outline
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_searches import SOUGHT

_CHUNK = 8  # fields: their columns stay in the processor's cache while put together
_FLOAT, _COUNT = np.dtype("<f4"), np.dtype("<i4")
_COLUMNS = {
    "box": _FLOAT,
    "detection_score": _FLOAT,
    "cut": np.dtype(np.uint8),
    "probabilities": _FLOAT,
    "grades": _FLOAT,
    "fine": np.dtype("<f2"),
    "strangeness": _FLOAT,
    "saliency": np.dtype(np.uint8),
}
_INSERT = (
    f"INSERT INTO cells_of_fields (first, count, run, field, {', '.join(_COLUMNS)},"
    f" points, outline) VALUES (?, ?, ?, ?, {'?, ' * len(_COLUMNS)}?, ?)"
)
_OF_RUN = "FROM cells_of_fields WHERE run = ? ORDER BY first"


def next_id(connection: sqlite3.Connection) -> int:
    """The id of the next cell to be stored or drawn by hand."""
    return connection.execute(
        "SELECT 1 + max(coalesce((SELECT first + count - 1 FROM cells_of_fields"
        " ORDER BY first DESC LIMIT 1), 0),"
        " coalesce((SELECT max(cell) FROM drawn_boxes), 0))"
    ).fetchone()[0]


def next_found(connection: sqlite3.Connection) -> int:
    """The id behind that of the last cell that a run found."""
    query = "SELECT first + count FROM cells_of_fields ORDER BY first DESC LIMIT 1"
    row = connection.execute(query).fetchone()
    return 1 if row is None else row[0]


def insert(
    connection: sqlite3.Connection, table: CellTable, *, run: int, field: int
) -> None:
    """Write the cells of a table that was numbered without a gap."""
    if not len(table):
        return
    columns = [
        np.ascontiguousarray(getattr(table, name), stored).tobytes()
        for name, stored in _COLUMNS.items()
    ]
    points = [-1 if one is None else len(one) for one in table.outline]
    outlines = [np.asarray(o, _FLOAT).tobytes() for o in table.outline if o is not None]
    connection.execute(
        _INSERT,
        (
            int(table.id[0]),
            len(table),
            run,
            field,
            *columns,
            np.asarray(points, _COUNT).tobytes(),
            b"".join(outlines),
        ),
    )


def kept_boxes(
    connection: sqlite3.Connection, run: int, done: Iterable[int]
) -> dict[int, Boxes]:
    """Boxes (N, 4) of a run's cells by field; fields without a cell are there too."""
    found: dict[int, Boxes] = {number: _boxes(b"") for number in done}
    for number, box in connection.execute(f"SELECT field, box {_OF_RUN}", (run,)):
        if number != SOUGHT:
            found[number] = _boxes(box)
    return found


def table(
    connection: sqlite3.Connection,
    run_of_slide: dict[int, int],
    vocabulary: ModelVocabulary,
    *,
    every: bool = False,
    outlines: bool = True,
) -> CellTable:
    """Every cell of these runs, by slide and then in the order they were stored.

    With `every`, also looks at a cell that another photo shows as well; without
    `outlines`, which take more room than all else, no contours.
    """
    runs = sorted(run_of_slide.items())
    # Filled in place: tables put together would need the room of two.
    found = _room(vocabulary, sum(_cells_in(connection, run) for _, run in runs))
    filled = 0
    for slide, run in runs:
        query = f"SELECT first, count, field, {', '.join(_COLUMNS)} {_OF_RUN}"
        cursor = connection.execute(query, (run,))
        while fields := cursor.fetchmany(_CHUNK):
            filled = _fill(found, filled, fields, slide)
    if outlines:
        found = replace(found, outline=_outlines(connection, [run for _, run in runs]))
    return found if every else _once(connection, found)


def found(
    connection: sqlite3.Connection,
    run_of_slide: dict[int, int],
    vocabulary: ModelVocabulary,
    cells: Collection[int],
) -> CellTable:
    """Those of these cells that their runs found, as `table` orders them, no contours.

    None of them may be a further look at a cell: `case_places.drawn` names none.
    """
    query = (
        f"SELECT first, count, field, {', '.join(_COLUMNS)} FROM cells_of_fields"
        " WHERE run = ? AND first IN (SELECT (SELECT max(first) FROM cells_of_fields"
        " WHERE first <= value) FROM json_each(?)) ORDER BY first"
    )
    listed = json.dumps(list(cells))
    parts = [
        (slide, connection.execute(query, (run, listed)).fetchall())
        for slide, run in sorted(run_of_slide.items())
    ]
    found = _room(vocabulary, sum(row[1] for _, fields in parts for row in fields))
    filled = 0
    for slide, fields in parts:
        filled = _fill(found, filled, fields, slide) if fields else filled
    return found.select(np.isin(found.id, list(cells)))


def _room(vocabulary: ModelVocabulary, rows: int) -> CellTable:
    return CellTable.empty(
        vocabulary.class_ids,
        vocabulary.feature_ids,
        fine=len(vocabulary.fine),
        rows=rows,
    )


def _cells_in(connection: sqlite3.Connection, run: int) -> int:
    query = "SELECT coalesce(sum(count), 0) FROM cells_of_fields WHERE run = ?"
    return connection.execute(query, (run,)).fetchone()[0]


def _fill(
    found: CellTable, start: int, fields: Sequence[Sequence[object]], slide: int
) -> int:
    """Put the cells of some fields into the rows from `start`; the row behind them."""
    first, count, field, *blobs = (list(column) for column in zip(*fields, strict=True))
    ids, sought = _ids(first, count), np.asarray(field) == SOUGHT
    rows = slice(start, start + len(ids))
    found.id[rows], found.slide[rows] = ids, slide
    found.sought[rows] = np.repeat(sought, count)
    for (name, stored), parts in zip(_COLUMNS.items(), blobs, strict=True):
        column = getattr(found, name)[rows]
        column[...] = np.frombuffer(b"".join(parts), stored).reshape(column.shape)
    return rows.stop


def _ids(first: Sequence[int], count: Sequence[int]) -> NDArray[np.int64]:
    """(N,) the ids of cells that are stored `count` by `count`."""
    ends = np.cumsum(count, dtype=np.int64)
    starts = np.asarray(first, np.int64) - ends + count
    return np.repeat(starts, count) + np.arange(ends[-1] if len(ends) else 0)


def _once(connection: sqlite3.Connection, found: CellTable) -> CellTable:
    """The table without further looks at cells that it holds already."""
    again = [cell for (cell,) in connection.execute("SELECT cell FROM seen_again")]
    return found.select(~np.isin(found.id, again)) if again else found


def _outlines(
    connection: sqlite3.Connection, runs: Sequence[int]
) -> tuple[Outline | None, ...]:
    query = f"SELECT points, outline {_OF_RUN}"
    fields = (connection.execute(query, (run,)) for run in runs)
    return tuple(
        outline for row in chain.from_iterable(fields) for outline in _parted(*row)
    )


def _parted(points: bytes, joined: bytes) -> Iterable[Outline | None]:
    """The outlines of one field; None: of this cell none is known."""
    lengths = np.frombuffer(points, _COUNT)
    # Through a bytearray, so that they are writable like any other array.
    flat = np.frombuffer(bytearray(joined), _FLOAT).reshape(-1, 2)
    ends = np.cumsum(lengths.clip(0))
    for length, end in zip(lengths.tolist(), ends.tolist(), strict=True):
        yield None if length < 0 else flat[end - length : end]


def _boxes(stored: bytes) -> Boxes:
    """(N, 4)."""
    return np.frombuffer(stored, _FLOAT).reshape(-1, 4)


def run_places(
    connection: sqlite3.Connection, run: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Id (N,) and box (N, 4) of every cell of a run."""
    fields = connection.execute(f"SELECT first, count, box {_OF_RUN}", (run,))
    rows = fields.fetchall()
    ids = _ids([first for first, *_ in rows], [count for _, count, _ in rows])
    return ids, _boxes(b"".join(box for *_, box in rows))


def not_found(connection: sqlite3.Connection, cells: Iterable[int]) -> list[int]:
    """Those of these cells that no run found."""
    rows = connection.execute(
        "SELECT value FROM json_each(?) WHERE value >= coalesce((SELECT first + count"
        " FROM cells_of_fields WHERE first <= value ORDER BY first DESC LIMIT 1),"
        " value)",
        (json.dumps(list(cells)),),
    )
    return [cell for (cell,) in rows]


def places(
    connection: sqlite3.Connection, cells: Iterable[int]
) -> dict[int, tuple[int, int, Box]]:
    """By cell its run, slide and the model's own box; without cells no run found."""
    rows = connection.execute(
        "SELECT value, run, slide, substr(box, 1 + 16 * (value - first), 16)"
        " FROM json_each(?) JOIN cells_of_fields ON first ="
        " (SELECT max(first) FROM cells_of_fields WHERE first <= value)"
        " JOIN runs ON runs.number = run WHERE value < first + count",
        (json.dumps(list(cells)),),
    )
    return {
        cell: (run, slide, Box(*_boxes(box)[0].tolist()))
        for cell, run, slide, box in rows
    }
