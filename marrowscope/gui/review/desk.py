"""The review in hand: the order made anew after calls, and unflagged cells read blind.

The queue lists the cells most likely to move a reported line; the check lists cells
drawn at random from those nothing was suspected of. Neither is a sample of the smear:
their calls carry their origin, and no percentage counts them.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.domain.decision_impact import ReviewOrder
from marrowscope.domain.review import Origin
from marrowscope.gui.actions import Actions
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import all_said
from marrowscope.gui.jobs import Answer
from marrowscope.gui.review.again import SecondLooks
from marrowscope.gui.review.impact import DecisionImpact
from marrowscope.gui.review.jobs import CheckRequest, draw_checks
from marrowscope.gui.review.words import CHECK, QUEUE
from marrowscope.gui.session import CaseSession

LISTED = 500  # cells of the queue that can be stepped through; the order is made anew


class ReviewDesk(QObject):
    """`impact` makes the order; `read`: called from this queue; `again`: doubted calls.

    `changed`: the order is another, or the check is further.
    """

    changed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.impact = DecisionImpact(session, self)
        self.impact.renewed.connect(self._on_order)
        self.again = SecondLooks(session, self.impact, self)
        self._begun: list[int] = []
        self._go_on = QTimer(self)
        self._go_on.setSingleShot(True)
        self._go_on.timeout.connect(self._on_go_on)
        session.changed.connect(self._on_changed)

    def add_actions(self, actions: Actions) -> None:
        """What menus and keys offer of this."""
        actions.add("review_queue", "Review &queue", self.begin, key="Q")
        actions.add("unflagged", "Read unflagged cells b&lind", self.begin_check)

    # What a reader wants ---------------------------------------------------------

    @property
    def reviewing(self) -> bool:
        """True while the queue is being read."""
        return self._session.reading.title == QUEUE

    @property
    def checking(self) -> bool:
        """True while unflagged cells are being read."""
        return self._session.reading.title == CHECK

    @property
    def read(self) -> int:
        """Cells called since the queue was begun."""
        return sum(cell in self._session.verdicts for cell in self._begun)

    @property
    def order(self) -> ReviewOrder | None:
        """The order of now while the queue is read; None before there is one."""
        return self.impact.order if self.reviewing else None

    @Slot()
    def begin(self) -> None:
        """Read the queue from its first cell on."""
        if self._session.table is None or self._session.run.active:
            return
        self._begun = []
        empty = np.zeros(0, np.int64)
        self._session.reading.begin(QUEUE, empty, origin=Origin.QUEUE)
        self._on_order()  # where the gallery stands in this order, there is one

    @Slot()
    def begin_check(self) -> None:
        """Read unflagged cells of every lineage blind; they are drawn at first."""
        case = self._session.opened_case
        if case is None or self._session.run.active:
            return
        request = CheckRequest(case, self._session.reader)
        ask_of_case(self._session, request, draw_checks, self._on_drawn)

    @Slot()
    def end(self) -> None:
        """Look around again."""
        if self.reviewing or self.checking or self.again.looking:
            self._session.reading.end()

    # The queue -------------------------------------------------------------------

    @Slot()
    def _on_order(self) -> None:
        order = self.order
        if order is None:
            return
        reading = self._session.reading
        kept = [cell for cell in self._begun if cell in self._session.verdicts]
        if reading.current is not None and reading.current not in kept:
            kept.append(reading.current)
        here = set(kept)
        rest = [c for c in order.cells[:LISTED].tolist() if c not in here]
        first = not len(reading.cells)
        self._begun = [*kept, *rest]
        reading.renew(self._begun)
        if first and reading.current is not None:
            self._session.select_cell(reading.current, reveal=True)
        self.changed.emit()

    # The check -------------------------------------------------------------------

    @Slot(object)
    def _on_drawn(self, answer: Answer) -> None:
        session = self._session
        if answer.request.case is not session.opened_case:
            return
        session.take_checks(answer.value)
        cells = [cell for check in answer.value for cell in check.cells]
        # One order for all lineages, so that the next cell's is not known beforehand.
        seed = answer.value[0].seed if answer.value else 0
        mixed = np.random.default_rng(seed).permutation(cells)
        session.reading.begin(CHECK, mixed, blind=True, origin=Origin.CHECK)
        session.read_on()
        self.changed.emit()

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.READING:
            self.impact.want(self, self.reviewing)
        if change & Changes.VERDICTS and (self.reviewing or self.checking):
            self._go_on.start(0)
        if change & (Changes.READING | Changes.VERDICTS):
            self.changed.emit()

    @Slot()
    def _on_go_on(self) -> None:
        """The next cell comes when all was said of the one in hand."""
        session, cell = self._session, self._session.reading.current
        verdict = None if cell is None else session.verdicts.get(cell)
        if verdict is None or cell not in session.called_last:
            return
        if all_said(verdict, session.criteria):
            session.go_on()
