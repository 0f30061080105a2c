"""Which cells stand on the wall, in which groups and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.decision_impact import ReviewOrder
from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.gallery.orders import IMPACT, Order
from marrowscope.gui.gallery.wall_cells import NOBODY, Lines, WallCells
from marrowscope.report.wording import left_open_text

WALL_UM = 24.0  # a tile shows so much of the smear
MOST_SPAN = 3  # tiles that a group of giant cells takes
LARGE = 0.95  # so many of a group's cells are to fit into their tiles
NOT_CALLED = "Not yet called"


class Grouping(StrEnum):
    """What has a heading of its own."""

    CLASS = "class"
    LINEAGE = "lineage"
    NOTHING = "nothing"


class Show(StrEnum):
    """Which cells stand on the wall. READ: those that are read one after another."""

    ALL = "all"
    NOT_CALLED = "not called"
    CALLED = "called"
    READ = "read"


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """How the wall shall be. `blind`: nothing tells what the model says.

    `read` (M,): ids of the cells that are read one after another. `impact`: which are
    most likely to change the result; no IMPACT without it.
    """

    grouping: Grouping
    order: Order
    show: Show
    blind: bool
    read: NDArray[np.int64]
    impact: ReviewOrder | None = None

    @property
    def listed(self) -> NDArray[np.int64]:
        """(M,) ids of the cells that the order goes by."""
        if self.order is IMPACT and self.impact is not None:
            return self.impact.cells
        return self.read

    @property
    def decisive(self) -> float:
        """Cells whose key is below are most likely to change the result."""
        if self.order is IMPACT and self.impact is not None:
            return self.impact.first
        return -np.inf


@dataclass(frozen=True, slots=True)
class Group:
    """Cells under one heading: places `first` to `first + count` of the wall.

    `lines`: what a cell is called that is drawn here, none where that says nothing;
    `note`: what the name leaves open.
    `span`: how many tiles a cell's side takes, so that the largest are seen whole.
    `decisive`: of its cells, those most likely to change the result, where the order
    is by that.
    """

    id: str
    name: str
    note: str
    lineage: str
    lines: Lines
    first: int
    count: int
    called: int
    span: int
    decisive: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """The wall: `rows` (M,) of the table in their order, `place` (N,) the way back.

    A place is an index into `rows`, -1 for a cell that is not on the wall. `left_out`:
    cells that regions keep out of it. `wish`: what it came of; None for no wall.
    """

    rows: NDArray[np.intp]
    place: NDArray[np.int32]
    groups: tuple[Group, ...]
    left_out: int
    wish: Wish | None = None

    def group_of(self, place: int) -> int:
        """The number of the group that a place is in."""
        firsts = [group.first for group in self.groups]
        return int(np.searchsorted(firsts, place, side="right")) - 1


NOTHING = Arrangement(np.zeros(0, np.intp), np.zeros(0, np.int32), (), 0)


def arrange(cells: WallCells, wish: Wish) -> Arrangement:
    """Group and sort: a tenth of a second for half a million cells, on a worker."""
    rows = np.flatnonzero(_shown(cells, wish))
    kinds = cells.kind(blind=wish.blind)[rows]
    named = _named(cells, wish.grouping)
    rank = np.asarray([one.rank for one in named], np.int16)[kinds]
    keys = wish.order.keys(cells, wish.listed)[rows]
    decisive = np.less(keys, wish.decisive)
    order = np.argsort(keys, kind="stable")
    order = order[np.argsort(rank[order], kind="stable")]
    rows = rows[order]
    place = np.full(len(cells), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    groups = _groups(cells, rows, rank[order], named, decisive[order])
    left_out = int(np.count_nonzero(~cells.counted))
    return Arrangement(rows, place, groups, left_out, wish)


def _shown(cells: WallCells, wish: Wish) -> NDArray[np.bool_]:
    called = cells.called != NOBODY
    if wish.show is Show.NOT_CALLED:
        return cells.counted & ~called
    if wish.show is Show.CALLED:
        return cells.counted & called
    if wish.show is Show.READ:
        shown = np.zeros(len(cells), np.bool_)
        shown[cells.rows.of(wish.read)] = True
        return shown
    return cells.counted


@dataclass(frozen=True, slots=True)
class _Named:
    """The heading that cells of a kind stand under; equal ranks share one."""

    rank: int
    name: str
    lineage: str
    lines: Lines
    note: str = ""


def _named(cells: WallCells, grouping: Grouping) -> list[_Named]:
    """The heading of every kind, in maturation order."""
    if grouping is Grouping.NOTHING:
        return [_Named(0, "All cells", "none", ())] * len(cells.kinds)
    taxonomy = cells.taxonomy
    if grouping is Grouping.LINEAGE:
        return [_of_lineage(taxonomy.lineage_of(k) if k else "") for k in cells.kinds]
    ranks = _maturation(cells)
    return [_of_kind(cells, lines, ranks.index(lines)) for lines in cells.kinds]


def _maturation(cells: WallCells) -> list[Lines]:
    """Kinds as a report orders them: a series before its stages, a mixture last."""
    order = [line.id for line in cells.taxonomy.lines]

    def rank(lines: Lines) -> tuple[int, int]:
        if not lines:
            return -1, 0
        mixed = len(lines) > 1 and cells.taxonomy.lineage_of(lines) == "other"
        return order.index(lines[-1 if mixed else 0]), -len(lines)

    return sorted(cells.kinds, key=rank)


def _of_lineage(lineage: str) -> _Named:
    if not lineage:
        return _Named(-1, NOT_CALLED, "none", ())
    name = {"blast": "Blasts", "none": "No nucleated cells"}.get(lineage)
    return _Named(LINEAGES.index(lineage), name or lineage.capitalize(), lineage, ())


def _of_kind(cells: WallCells, lines: Lines, rank: int) -> _Named:
    if not lines:
        return _Named(rank, NOT_CALLED, "none", ())
    taxonomy = cells.taxonomy
    name, lineage = taxonomy.name_of(lines), taxonomy.lineage_of(lines)
    known = [c.name for c in cells.vocabulary.classes if set(c.lines) == set(lines)]
    if " / " in name and known:
        name = known[0]
    series = len(lines) > 1 and lineage != "other"
    note = left_open_text(lines, taxonomy) if series else ""
    return _Named(rank, name, lineage, lines, note)


def _groups(
    cells: WallCells,
    rows: NDArray[np.intp],
    rank: NDArray[np.int16],
    named: Sequence[_Named],
    decisive: NDArray[np.bool_],
) -> tuple[Group, ...]:
    by_rank = {one.rank: one for one in named}
    found, starts = np.unique(rank, return_index=True)
    called = cells.called[rows] != NOBODY
    ends = [*starts[1:].tolist(), len(rows)]
    groups = list[Group]()
    for number, first, end in zip(found.tolist(), starts.tolist(), ends, strict=True):
        one, part = by_rank[number], slice(first, end)
        groups.append(
            Group(
                id="/".join(one.lines) or one.name,
                name=one.name,
                note=one.note,
                lineage=one.lineage,
                lines=one.lines,
                first=first,
                count=end - first,
                called=int(np.count_nonzero(called[part])),
                span=_span(cells.length[rows[part]]),
                decisive=int(np.count_nonzero(decisive[part])),
            )
        )
    return tuple(groups)


def _span(lengths: NDArray[np.float32]) -> int:
    last = int(LARGE * (len(lengths) - 1))
    length = float(np.partition(lengths, last)[last])
    return min(max(1, int(np.ceil(length / WALL_UM))), MOST_SPAN)
