"""Cells as rows, written field by field and read back as columns.

Blobs are fetched in chunks and joined, so that no cell becomes a Python object:
100,000 cells take well under half a second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import COLUMNS, SALIENCY_SIZE, CellTable
from marrowscope.domain.geometry import Boxes, Outline
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_searches import SOUGHT

_CHUNK = 20_000
_EVERY = (
    "SELECT id, detection_score, cut, box, probabilities, grades, saliency, outline,"
    " fine, strangeness, field FROM cells WHERE run = ?"
)
_ONCE = " AND id NOT IN (SELECT cell FROM seen_again)"
_FLOAT, _HALF = np.dtype("<f4"), np.dtype("<f2")


def next_id(connection: sqlite3.Connection) -> int:
    """The id of the next cell to be stored or drawn by hand."""
    return connection.execute(
        "SELECT 1 + max(coalesce((SELECT max(id) FROM cells), 0),"
        " coalesce((SELECT max(cell) FROM drawn_boxes), 0))"
    ).fetchone()[0]


def insert(
    connection: sqlite3.Connection, table: CellTable, *, run: int, field: int
) -> None:
    """Write the rows of a numbered table."""
    rows = zip(
        table.id.tolist(),
        repeat(run, len(table)),
        repeat(field),
        _row_bytes(table.box, _FLOAT),
        _row_bytes(table.probabilities, _FLOAT),
        _row_bytes(table.grades, _FLOAT),
        _row_bytes(table.saliency, np.dtype(np.uint8)),
        table.detection_score.tolist(),
        table.cut.astype(int).tolist(),
        (None if o is None else np.asarray(o, _FLOAT).tobytes() for o in table.outline),
        _row_bytes(table.fine, _HALF),
        table.strangeness.tolist(),  # SQLite stores NaN as NULL
        strict=False,
    )
    connection.executemany(
        "INSERT INTO cells (id, run, field, box, probabilities, grades, saliency,"
        " detection_score, cut, outline, fine, strangeness)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _row_bytes(column: NDArray[np.generic], dtype: np.dtype) -> Iterator[bytes]:
    return (row.tobytes() for row in np.ascontiguousarray(column, dtype))


def kept_boxes(
    connection: sqlite3.Connection, run: int, done: Iterable[int]
) -> dict[int, Boxes]:
    """Boxes (N, 4) of a run's cells by field; fields without a cell are there too."""
    found: dict[int, list[bytes]] = {number: [] for number in done}
    query = "SELECT field, box FROM cells WHERE run = ? AND field != ? ORDER BY id"
    for number, box in connection.execute(query, (run, SOUGHT)):
        found[number].append(box)
    return {
        number: np.frombuffer(b"".join(boxes), _FLOAT).reshape(-1, 4)
        for number, boxes in found.items()
    }


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
    which = "" if every else _ONCE
    query = (_EVERY if outlines else _EVERY.replace("outline", "NULL")) + which
    counting = f"SELECT count(*) FROM cells WHERE run = ?{which}"
    runs = sorted(run_of_slide.items())
    count = sum(connection.execute(counting, (r,)).fetchone()[0] for _, r in runs)
    # Filled in place: tables put together would need the room of two.
    found = CellTable.empty(
        vocabulary.class_ids,
        vocabulary.feature_ids,
        fine=len(vocabulary.fine),
        rows=count,
    )
    contours: list[Outline | None] = []
    for slide, run in runs:
        cursor = connection.execute(f"{query} ORDER BY id", (run,))
        while rows := cursor.fetchmany(_CHUNK):
            part = _columns(rows, slide, vocabulary)
            filled = slice(len(contours), len(contours) + len(part))
            for name in COLUMNS:
                getattr(found, name)[filled] = getattr(part, name)
            contours += part.outline
    return replace(found, outline=tuple(contours))


def _columns(
    rows: Sequence[Sequence[object]], slide: int, vocabulary: ModelVocabulary
) -> CellTable:
    count = len(rows)
    ids, scores, cut, box, probabilities, grades, saliency, *rest = zip(
        *rows, strict=True
    )
    outline, fine, strangeness, field = rest
    return CellTable(
        classes=vocabulary.class_ids,
        features=vocabulary.feature_ids,
        id=np.asarray(ids, np.int64),
        slide=np.full(count, slide, np.int32),
        box=_joined(box, 4),
        probabilities=_joined(probabilities, len(vocabulary.classes)),
        grades=_joined(grades, len(vocabulary.features), rows=count),
        detection_score=np.asarray(scores, np.float32),
        cut=np.asarray(cut, np.bool_),
        saliency=np.frombuffer(bytearray(b"".join(saliency)), np.uint8).reshape(
            count, SALIENCY_SIZE, SALIENCY_SIZE
        ),
        fine=_joined(fine, len(vocabulary.fine), rows=count, stored=_HALF),
        strangeness=np.asarray(strangeness, np.float32),  # NULL becomes NaN
        sought=np.asarray(field, np.int64) == SOUGHT,
        drawn=np.zeros(count, np.bool_),
        outline=_outlines(outline),
    )


def _joined(
    blobs: Iterable[bytes], width: int, *, rows: int = -1, stored: np.dtype = _FLOAT
) -> NDArray[np.float32]:
    """Blobs under one another, (N, width)."""
    # Through a bytearray, so that the columns are writable like any other array.
    flat = np.frombuffer(bytearray(b"".join(blobs)), stored)
    return flat.astype(np.float32, copy=False).reshape(rows, width)


def _outlines(blobs: Sequence[bytes | None]) -> tuple[Outline | None, ...]:
    points = _joined((blob for blob in blobs if blob), 2)
    ends = np.cumsum([len(b) // 8 if b else 0 for b in blobs]).tolist()
    starts = chain([0], ends)
    return tuple(
        None if blob is None else points[start:end]
        for blob, start, end in zip(blobs, starts, ends, strict=False)
    )


def run_places(
    connection: sqlite3.Connection, run: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Id (N,) and box (N, 4) of every cell of a run."""
    rows = connection.execute(
        "SELECT id, box FROM cells WHERE run = ? ORDER BY id", (run,)
    ).fetchall()
    ids = np.asarray([cell for cell, _ in rows], np.int64)
    return ids, _joined((box for _, box in rows), 4)
