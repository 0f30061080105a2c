"""Where what people said and drew belongs now: at the cell that stands in its place.

Words and boxes name the cell they were given on. When a newer run has read the slide
again, they go to the new cell in the same place; the words that find none are listed. A
box that a person drew needs no run: where none shows the cell, it stands by itself.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Boxes
from marrowscope.domain.review import Verdict
from marrowscope.store import (
    case_boxes,
    case_cells,
    case_keyed,
    case_photos,
    case_verdicts,
)
from marrowscope.store.case_boxes import DrawnBox
from marrowscope.store.case_verdicts import Said
from marrowscope.store.same_place import neighbours, partners

_BY_HAND = 0  # the run of cells that no run found
Places = Mapping[int, tuple[int, int, Box]]  # by cell: run, slide, box


@dataclass(frozen=True, slots=True)
class UnmatchedVerdict:
    """A verdict whose cell the newest run does not show; `box` in level-0 pixels."""

    verdict: Verdict
    slide: int
    box: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """Where all words in force belong now.

    `current`: by cell the last verdict of anybody; `by_reader`: of each reader.
    """

    current: Mapping[int, Verdict]
    by_reader: Mapping[str, Mapping[int, Verdict]]
    unmatched: tuple[UnmatchedVerdict, ...]


def drawn(
    connection: sqlite3.Connection, run_of_slide: Mapping[int, int]
) -> dict[int, DrawnBox]:
    """By cell of now what people drew of it; cells no run shows are among them."""
    boxes = case_boxes.in_force(connection)
    if not boxes:
        return {}
    known = case_cells.places(connection, boxes)
    now = _cells_now(connection, known, boxes, run_of_slide)
    return _moved(boxes, now)


def cells_now(
    connection: sqlite3.Connection,
    cells: Iterable[int],
    run_of_slide: Mapping[int, int],
) -> dict[int, int]:
    """By cell the one that stands in its place; cells that are nowhere are missing."""
    boxes = case_boxes.in_force(connection)
    known = case_cells.places(connection, dict.fromkeys([*cells, *boxes]))
    return _cells_now(connection, known, boxes, run_of_slide)


def _moved(
    boxes: Mapping[int, DrawnBox], now: Mapping[int, int]
) -> dict[int, DrawnBox]:
    return {now[cell]: one for cell, one in boxes.items() if cell in now}


def place(
    connection: sqlite3.Connection,
    run_of_slide: Mapping[int, int],
    said: Sequence[Said] | None = None,
) -> Placement:
    """Bring every verdict to the cell that stands in its place now.

    `said`: by default all that is in force.
    """
    said = case_verdicts.in_force(connection) if said is None else said
    boxes = case_boxes.in_force(connection)
    own = dict.fromkeys([*(one.cell for one in said), *boxes])
    known = case_cells.places(connection, own)
    now = _cells_now(connection, known, boxes, run_of_slide)
    now |= {cell: cell for cell in case_keyed.in_force(connection)}
    gone = {cell for cell, one in _moved(boxes, now).items() if one.removed}
    last: dict[tuple[str, int], Verdict] = {}
    for one in said:
        cell = now.get(one.cell)
        if cell is None or cell in gone:
            continue
        last.pop((one.reader, cell), None)  # the latest stands last
        if one.verdict is not None:
            last[one.reader, cell] = replace(one.verdict, cell=cell)
    by_reader: dict[str, dict[int, Verdict]] = {}
    for (reader, cell), verdict in last.items():
        by_reader.setdefault(reader, {})[cell] = verdict
    current = {verdict.cell: verdict for verdict in last.values()}
    return Placement(current, by_reader, _unmatched(said, known, boxes, now))


def _unmatched(
    said: Iterable[Said],
    known: Places,
    boxes: Mapping[int, DrawnBox],
    now: Mapping[int, int],
) -> tuple[UnmatchedVerdict, ...]:
    """The last call of each cell that a run found and the newest does not show."""
    calls: dict[tuple[str, int], Verdict] = {}
    for one in said:
        removed = one.cell in boxes and boxes[one.cell].removed
        if one.cell not in known or one.cell in now or removed:
            continue
        calls.pop((one.reader, one.cell), None)
        if one.verdict is not None:
            calls[one.reader, one.cell] = one.verdict
    last = {verdict.cell: verdict for verdict in calls.values()}
    return tuple(
        UnmatchedVerdict(verdict, *known[cell][1:]) for cell, verdict in last.items()
    )


def _cells_now(
    connection: sqlite3.Connection,
    known: Places,
    boxes: Mapping[int, DrawnBox],
    run_of_slide: Mapping[int, int],
) -> dict[int, int]:
    """By cell that a person spoke of its cell of now; those that are nowhere lack.

    `known`: those of them that a run found.
    """
    current = set(run_of_slide.values())
    now = {cell: cell for cell, (run, *_) in known.items() if run in current}
    now |= _carried(connection, known, boxes, run_of_slide)
    standing = (c for c, one in boxes.items() if c not in now and not one.removed)
    now |= {cell: cell for cell in standing}
    again = case_photos.seen_again(connection)
    return {cell: again.get(there, there) for cell, there in now.items()}


def _carried(
    connection: sqlite3.Connection,
    known: Places,
    boxes: Mapping[int, DrawnBox],
    run_of_slide: Mapping[int, int],
) -> dict[int, int]:
    """The partners of older runs' cells, and of cells drawn by hand, in runs of now."""
    groups: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for cell, (run, slide, _) in known.items():
        if run != run_of_slide.get(slide, run):
            groups[slide][run].append(cell)
    by_hand = [c for c in boxes if c not in known]
    for cell in by_hand:
        groups[boxes[cell].slide][_BY_HAND].append(cell)
    found: dict[int, int] = {}
    for slide, by_run in groups.items():
        if slide not in run_of_slide:
            continue
        ids, there = case_cells.run_places(connection, run_of_slide[slide])
        for run in sorted(by_run, reverse=True):  # cells drawn by hand come last
            cells = by_run[run]
            places = [_place(cell, known, boxes) for cell in cells]
            rivals = _rivals(connection, run, cells, boxes)
            rows = partners(np.concatenate([_stacked(places), rivals]), there)
            found |= _pairs(cells, ids, rows)
        _leave_removed(found, by_run[_BY_HAND], boxes)
    return found


def _place(cell: int, known: Places, boxes: Mapping[int, DrawnBox]) -> Box:
    return known[cell][2] if cell in known else boxes[cell].box


def _pairs(
    cells: Sequence[int], ids: NDArray[np.int64], rows: NDArray[np.int64]
) -> dict[int, int]:
    # Rivals stand behind the cells and get nothing.
    pairs = zip(cells, rows.tolist(), strict=False)
    return {cell: int(ids[row]) for cell, row in pairs if row >= 0}


def _rivals(
    connection: sqlite3.Connection,
    run: int,
    cells: Sequence[int],
    boxes: Mapping[int, DrawnBox],
) -> Boxes:
    """(N, 4) what stood beside removed cells, so that none of it is removed for them.

    Of two boxes on one cell a person takes one away; a newer run may draw one alone.
    """
    removed = [c for c in cells if c in boxes and boxes[c].removed]
    if run == _BY_HAND or not removed:
        return np.zeros((0, 4), np.float32)
    ids, there = case_cells.run_places(connection, run)
    known = np.isin(ids, cells)
    gone = there[np.isin(ids, removed)]
    return neighbours(gone, there[~known])


def _leave_removed(
    found: dict[int, int], by_hand: Iterable[int], boxes: Mapping[int, DrawnBox]
) -> None:
    """A cell drawn by hand stands by itself where a person removed what is there."""
    removed = {cell for cell, one in boxes.items() if one.removed}
    gone = {found.get(cell, cell) for cell in removed}
    for cell in by_hand:
        if found.get(cell) in gone and not boxes[cell].removed:
            del found[cell]


def _stacked(boxes: Iterable[Box]) -> Boxes:
    rows = [(box.x, box.y, box.width, box.height) for box in boxes]
    return np.asarray(rows, np.float32).reshape(-1, 4)
