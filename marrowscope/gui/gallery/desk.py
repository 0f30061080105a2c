"""The wall kept up to date with the session: columns and arrangement, on workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.focus import ASSUMED_MPP
from marrowscope.gui.gallery.arranging import (
    NOTHING,
    Group,
)
from marrowscope.gui.gallery.jobs import Arranged, ArrangeRequest, build, put_in_order
from marrowscope.gui.gallery.orders import IMPACT
from marrowscope.gui.gallery.wall_cells import (
    NOBODY,
    WallCells,
    WallRequest,
    with_calls,
)
from marrowscope.gui.gallery.wishing import GalleryWishing
from marrowscope.gui.jobs import Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.review.impact import DecisionImpact
from marrowscope.gui.session import CaseSession

PIECE = 4096  # cells


def _pieces(groups: Iterable[Group], start: int) -> Iterator[tuple[int, int]]:
    """Places of groups from `start` to the end, then those before, some at a time.

    Mostly the next cell is near, and half a million are not to be looked through.
    """
    parts = [(group.first, group.first + group.count) for group in groups]
    after = [(max(low, start), high) for low, high in parts]
    before = [(low, min(high, start)) for low, high in parts]
    for low, high in (*after, *before):
        for first in range(low, high, PIECE):
            yield first, min(first + PIECE, high)


class GalleryDesk(GalleryWishing):
    """What stands on the wall, and how it is wished.

    `arranged`: cells stand otherwise; `marked`: they say otherwise, or others are
    selected; `renewed`: pictures are others. Nothing is done while it is not `active`.
    """

    arranged = Signal()
    marked = Signal()
    renewed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.folded: frozenset[str] = frozenset()  # ids of groups, as long as the case
        self.cells: WallCells | None = None
        self._fresh: WallCells | None = None  # ahead of `cells` until arranged
        self.selected = np.zeros(0, np.bool_)
        self._active, self._stale = False, True
        self._called: dict[int, None] = {}
        self._list = (session.reading.cells, session.reading.blind)
        self._cells = LatestJob(session.runner, Lane.CELLS, build, self)
        self._order = LatestJob(session.runner, Lane.CELLS, put_in_order, self)
        # A call is painted before half a million cells are put in order again.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._put_in_order)
        self._cells.answered.connect(self._on_cells)
        self._order.answered.connect(self._on_arranged)
        session.changed.connect(self._on_changed)
        self.wished.connect(self._arrange)

    def take(self, impact: DecisionImpact) -> None:
        """Who says which cells are most likely to change the result."""
        self.impact = impact
        impact.renewed.connect(self._on_impact)
        self._arrange()

    def set_active(self, active: bool) -> None:
        """The wall is looked at, or not any more."""
        self._active = active
        if active and self._stale:
            self._build()
        elif active:
            self._arrange()
        elif self.impact is not None:
            self.impact.want(self, False)

    @property
    def idle(self) -> bool:
        """True when no other wall is to come."""
        still = self._cells.idle and self._order.idle and not self._soon.isActive()
        return still and not self.renews_impact

    # What stands where -----------------------------------------------------------

    def ids(self, places: ArrayLike) -> NDArray[np.int64]:
        """(n,) the cells at these places."""
        if self.cells is None:
            return np.zeros(0, np.int64)
        return self.cells.table.id[self.wall.rows[np.asarray(places, np.intp)]]

    def place_of(self, cell: int) -> int | None:
        """Where a cell stands; None when it is not on the wall."""
        row = None if self.cells is None else self.cells.rows.row(cell)
        if row is None or row >= len(self.wall.place):
            return None
        place = int(self.wall.place[row])
        return place if place >= 0 else None

    def places_selected(self) -> NDArray[np.intp]:
        """Places of the selected cells that stand on the wall, ascending."""
        if self.cells is None or not len(self.wall.place):
            return np.zeros(0, np.intp)
        places = self.wall.place[self.cells.rows.of(self.session.selection)]
        return np.sort(places[places >= 0]).astype(np.intp)

    def current(self) -> int | None:
        """The place of the cell that is looked at."""
        chosen = self.session.selection
        return self.place_of(int(chosen[-1])) if len(chosen) else None

    def group(self) -> Group | None:
        """The group of the cell that is looked at."""
        place = self.current()
        return None if place is None else self.wall.groups[self.wall.group_of(place)]

    @property
    def unfolded(self) -> tuple[Group, ...]:
        """The groups whose cells stand on the wall."""
        return tuple(one for one in self.wall.groups if one.id not in self.folded)

    def open_places(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of these places that are not folded away, in their order."""
        return places[self._in_open_groups()[places]]

    def without_folded(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of these cells that are not folded away."""
        if self.cells is None or not len(self.wall.place):
            return ids
        rows = self.cells.rows.of(ids)
        places = self.wall.place[rows]
        away = (places >= 0) & ~np.append(self._in_open_groups(), False)[places]
        return self.cells.table.id[rows[~away]]

    def _in_open_groups(self) -> NDArray[np.bool_]:
        shown = np.zeros(len(self.wall.rows), np.bool_)
        for group in self.unfolded:
            shown[group.first : group.first + group.count] = True
        return shown

    def next_uncalled(self, place: int) -> int | None:
        """The next cell in sight of the wall nobody has called, by id, round the end.

        Cells that are folded away are passed by.
        """
        if self.cells is None or not len(self.wall.rows):
            return None
        rows = self.wall.rows
        for first, end in _pieces(self.unfolded, place + 1):
            free = self.cells.called[rows[first:end]] == NOBODY
            if free.any():
                return int(self.cells.table.id[rows[first + int(free.argmax())]])
        return None

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._forget()
        seldom = Changes.CASE | Changes.CELLS | Changes.REGIONS | Changes.CALIBRATION
        if change & seldom:
            self._build()
        elif change & Changes.VERDICTS:
            self._take_calls(self.session.called_last)
        if change & Changes.READING:
            self._take_list()
        if change & Changes.SELECTION:
            self._select()
            self.marked.emit()
        if change & (Changes.CASE | Changes.COLOURS | Changes.CALIBRATION):
            self.renewed.emit()

    def _take_list(self) -> None:
        reading, (cells, blind) = self.session.reading, self._list
        self._list = (reading.cells, reading.blind)
        if reading.cells is not cells or reading.blind != blind:
            self.wished.emit()

    def _forget(self) -> None:
        self._cells.drop()
        self._order.drop()
        self.cells, self._fresh, self.wall = None, None, NOTHING
        self.selected = np.zeros(0, np.bool_)
        self.folded = frozenset()
        self._called.clear()
        self.arranged.emit()

    def _build(self) -> None:
        session = self.session
        self._stale = not self._active
        if self._stale or session.table is None or session.vocabulary is None:
            return
        mpp = {one.number: one.working_mpp or ASSUMED_MPP for one in session.slides}
        self._called.clear()
        self._cells.ask(
            WallRequest(
                session.table,
                session.vocabulary,
                session.taxonomy,
                dict(session.verdicts),
                mpp,
                session.counted,
            )
        )

    @Slot(object)
    def _on_cells(self, cells: WallCells) -> None:
        touched = list(self._called)
        self._fresh = with_calls(cells, self.session.verdicts, touched=touched)
        self._arrange()

    def _take_calls(self, touched: NDArray[np.int64]) -> None:
        called, verdicts = touched.tolist(), self.session.verdicts
        if not self._cells.idle:
            self._called.update(dict.fromkeys(called))
        before, shown = self._fresh, self.cells
        if before is not None:
            self._fresh = with_calls(before, verdicts, touched=called)
            self._arrange()
        if shown is not None:
            same = shown is before
            new = self._fresh if same else with_calls(shown, verdicts, touched=called)
            self.cells = new
            self.marked.emit()

    def _select(self) -> None:
        if self.cells is not None:
            self.selected = np.zeros(len(self.cells), np.bool_)
            self.selected[self.cells.rows.of(self.session.selection)] = True

    @Slot()
    def _arrange(self) -> None:
        self._soon.start()

    @Slot()
    def _put_in_order(self) -> None:
        if self._fresh is None or not self._active:
            return
        self._order.ask(ArrangeRequest(self._fresh, self.wish_at_hand()))

    @Slot()
    def _on_impact(self) -> None:
        if self.order is IMPACT:
            self._arrange()

    @Slot(object)
    def _on_arranged(self, arranged: Arranged) -> None:
        if self._fresh is None or arranged.table is not self._fresh.table:
            return
        new, self.cells = self.cells is not self._fresh, self._fresh
        self.wall = arranged.wall
        if new:
            self._select()
        self.arranged.emit()
