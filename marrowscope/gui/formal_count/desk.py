"""A formal count in hand: drawn on a worker, read from lists, noted as it is read."""

from __future__ import annotations

from collections.abc import Callable, Container
from itertools import compress

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.domain.count_state import CountState, count_state
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.domain.sorted_calls import confirmed_giants
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import all_said
from marrowscope.gui.formal_count.blind_calls import BlindCalls
from marrowscope.gui.formal_count.jobs import (
    DrawRequest,
    GiantsRequest,
    count_now,
    draw_count,
    giants,
)
from marrowscope.gui.formal_count.lists import (
    COUNT,
    GIANTS_UM_PER_PIXEL,
    TITLES,
    UM_PER_PIXEL,
    Scope,
    cells_of,
)
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.formal_count import CellsOfCase

SCOPE = Changes.CASE | Changes.CELLS | Changes.REGIONS


class FormalCountDesk(QObject):
    """`state` follows every call; `changed` says so. `reading`: cells are read now, or
    no more.

    `going_on`: the next cell comes by itself when the one in hand was called. `blind`:
    how the next list is read.
    """

    changed = Signal()
    reading = Signal(bool)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state: CountState | None = None
        self.drawing, self.blind, self.going_on = False, True, True
        self.which = ""  # the list that is read
        self._scope = Scope(frozenset())
        self._blind_calls = BlindCalls(session)
        self._void: set[int] = set()
        self._just_called: set[int] = set()
        self._reads_when_drawn = self._was_running = False
        self._follow_soon = QTimer(self)
        self._follow_soon.setSingleShot(True)
        self._follow_soon.timeout.connect(self._on_follow)
        session.changed.connect(self._on_changed)

    # What a reader wants ---------------------------------------------------------

    @property
    def possible(self) -> bool:
        """True when cells were read and none are being read or drawn now."""
        session = self._session
        if session.aside:
            return False
        read = session.table is not None and len(session.table) > 0
        return read and not session.run.active and not self.drawing

    @property
    def in_hand(self) -> str:
        """The list that is being read; "" for none, or a list of somebody else's."""
        reading = self._session.reading
        mine = reading.active and reading.title == TITLES.get(self.which)
        return self.which if mine else ""

    def fix(self, target: int, seed: int | None = None) -> None:
        """Fix the count and draw its cells; reading begins when they are there."""
        self._reads_when_drawn = True
        self._draw(target, seed)

    def read(self, which: str = COUNT) -> None:
        """Read a list from its first cell that nobody has called."""
        count = self._session.formal.count
        if count is None or self._session.aside:
            return
        if which == LINEAGE:
            self._look_for_giants(count.seed)
        else:
            self._begin(which, cells_of(which, self._session, count, self._scope))

    def _look_for_giants(self, seed: int) -> None:
        cells = self._cells()
        if cells is not None:
            job = Job(GiantsRequest(cells, seed), giants)
            job.answered.connect(self._on_giants)
            job.failed.connect(self._on_failure)
            self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_giants(self, answer: Answer) -> None:
        session, found = self._session, answer.value
        if answer.request.cells.table is session.table:
            kept = compress(found, session.in_count(found).tolist())
            self._begin(LINEAGE, list(kept))

    def _begin(self, which: str, cells: list[int]) -> None:
        session = self._session
        self.which = which
        large = which == LINEAGE
        session.reading.begin(
            TITLES[which],
            cells,
            blind=self.blind,
            um_per_pixel=GIANTS_UM_PER_PIXEL if large else UM_PER_PIXEL,
            again=large,
        )
        current = session.reading.current
        if current is not None and session.reading.open(current, session.verdicts):
            session.select_cell(current, reveal=True)
        else:
            session.go_on()
        self.reading.emit(True)

    def end(self) -> None:
        """Look around again; the count is gone on with later."""
        if self.in_hand:
            self._session.reading.end()
            self.reading.emit(False)

    def see(self, *, blind: bool) -> None:
        """Hide the model's class of cells not yet called, or show it; journalled."""
        if blind == self.blind or self._session.aside:
            return
        self.blind = blind
        self._session.reading.see(blind=blind)
        self._blind_calls.note_way(blind=blind)
        self.changed.emit()

    @Slot(bool)
    def let_go_on(self, wanted: bool) -> None:
        """Whether the next cell comes by itself after a call."""
        self.going_on = wanted

    # Drawing ---------------------------------------------------------------------

    def _draw(self, target: int | None = None, seed: int | None = None) -> None:
        session = self._session
        case, cells = session.opened_case, self._cells()
        closed = session.aside or session.fixed is not None
        if case is None or cells is None or self.drawing or closed:
            return
        request = DrawRequest(case, cells, session.reader, target, seed)
        self.drawing = True
        self._start(Job(request, draw_count), self._on_count)
        self.changed.emit()

    def _cells(self) -> CellsOfCase | None:
        session = self._session
        if session.table is None:
            return None
        said = dict(session.verdicts)
        return CellsOfCase(session.table, session.vocabulary, said)

    def _look_again(self) -> None:
        """Newer runs and corrections give cells other ids."""
        case = self._session.opened_case
        if case is not None and self._session.formal.count is not None:
            self._start(Job(case, count_now), self._on_count)

    def _start(self, job: Job, then: Callable[[Answer], None]) -> None:
        job.answered.connect(then)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, Lane.CASE)

    @Slot(object)
    def _on_count(self, answer: Answer) -> None:
        asked = answer.request
        case = getattr(asked, "case", asked)
        if isinstance(asked, DrawRequest):
            self.drawing = False
        if case is not self._session.opened_case:
            return
        self._session.formal.take(answer.value)
        self._look_around()
        self._void = self._void_now()
        self._refresh()
        if not isinstance(asked, DrawRequest) and self.state and self.state.missing:
            self._draw()  # newer fields may hold what there was too little of
        if self._reads_when_drawn:
            self._reads_when_drawn = False
            self.read()

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        if isinstance(failure.request, DrawRequest):
            self.drawing = self._reads_when_drawn = False
        self._session.tell_failure(failure)
        self.changed.emit()

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        running, self._was_running = self._was_running, self._session.run.active
        if self._session.aside and not change & Changes.CASE:
            return  # what a second reader says is no part of the count
        if change & Changes.CASE:
            self.which, self.drawing, self.blind = "", False, True
            self._blind_calls.forget()
        elif not self._was_running and (running or change & Changes.CELLS):
            self._look_again()
        self._blind_calls.look_in_hand()
        if change & Changes.VERDICTS:
            # Storing an earlier call may name that one before the next comes.
            self._just_called.update(self._session.called_last.tolist())
            self._blind_calls.note()
        if change & (Changes.VERDICTS | Changes.REGIONS | Changes.COUNTS):
            self._follow_soon.start(0)
        if change & SCOPE:
            self._look_around()
        if change & Changes.CASE:
            self._void = self._void_now()
        if change & (SCOPE | Changes.VERDICTS | Changes.COUNTS):
            self._refresh()
        elif change & (Changes.READING | Changes.RUN):
            self.changed.emit()

    def _look_around(self) -> None:
        """Which cells of the count can be read now; the list in hand follows."""
        session, count = self._session, self._session.formal.count
        if count is None:
            self._scope = Scope(frozenset())
            return
        self._scope = Scope.of(session, count)
        reading, mine = session.reading, self.in_hand
        if mine and mine != LINEAGE:
            fresh = cells_of(mine, session, count, self._scope)
            if fresh != reading.cells.tolist():
                reading.renew(fresh)

    @Slot()
    def _on_follow(self) -> None:
        """Another cell for one that is none; after a call the next in hand."""
        session = self._session
        just_called, self._just_called = self._just_called, set()
        if session.formal.count is None:
            return
        void = self._void_now()
        # Cells come and go while a smear is read; what is missing is drawn after it.
        if void - self._void and not (self.drawing or session.run.active):
            self._void = void
            self._draw()
        if self.going_on and self.in_hand and self._is_called(just_called):
            session.go_on()

    def _void_now(self) -> set[int]:
        """Drawn cells that others stand in for: no cells, or there no more."""
        count = self._session.formal.count
        return set() if count is None else self._scope.void(self._session, count)

    def _is_called(self, just_called: Container[int]) -> bool:
        """Nothing more is to be said of the cell being read than was said just now."""
        session, cell = self._session, self._session.reading.current
        verdict = None if cell is None else session.verdicts.get(cell)
        if cell is None or verdict is None or cell not in just_called:
            return False
        looked_at = session.selected
        here = looked_at is not None and looked_at.id == cell
        return here and all_said(verdict, session.criteria)

    def _refresh(self) -> None:
        count = self._session.formal.count
        self.state = None if count is None else self._state(count)
        self._blind_calls.watch(() if count is None else count.drawn)
        self.changed.emit()

    def _state(self, count: FormalCount) -> CountState:
        session = self._session
        return count_state(
            count,
            session.verdicts,
            session.criteria,
            void=self._scope.void(session, count),
            giants=confirmed_giants(session.verdicts, session.taxonomy),
            names={slide.number: slide.name for slide in session.slides},
        )
