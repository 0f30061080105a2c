"""The review in hand: the order made anew after calls, and unflagged cells read blind.

The queue lists the cells most likely to move a reported line; the check lists cells
drawn at random from those nothing was suspected of. Neither is a sample of the smear:
their calls carry their origin, and no percentage counts them.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.domain.decision_impact import ReviewOrder
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import ReportedShares
from marrowscope.domain.review import Origin
from marrowscope.gui.actions import Actions
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import can_be_dysplastic
from marrowscope.gui.jobs import Answer, Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.review.jobs import (
    Basis,
    CheckRequest,
    Ordered,
    OrderRequest,
    draw_checks,
    order_now,
)
from marrowscope.gui.review.words import CHECK, QUEUE
from marrowscope.gui.session import CaseSession

LISTED = 500  # cells of the queue that can be stepped through; the order is made anew
BASED_ON = Changes.CELLS | Changes.REGIONS | Changes.VERDICTS


class ReviewDesk(QObject):
    """`order` of now, None before there is one; `read`: called from this queue.

    `changed`: the order is another, or the check is further.
    """

    changed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job = LatestJob(session.runner, Lane.ASIDE, order_now, self)
        self._job.answered.connect(self._on_order)
        self._known: Ordered | None = None
        self._begun: list[int] = []
        self.order: ReviewOrder | None = None
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
    def errors(self) -> MeasuredErrors:
        """Of the model whose answers are shown; nothing for one not at hand."""
        session = self._session
        bundle, model = session.bundle, session.model
        same = bundle and model and bundle.identity.sha256 == model.sha256
        return bundle.errors if bundle and same else MeasuredErrors()

    @Slot()
    def begin(self) -> None:
        """Read the queue from its first cell on."""
        if self._session.table is None or self._session.run.active:
            return
        self._begun, self.order = [], None
        empty = np.zeros(0, np.int64)
        self._session.reading.begin(QUEUE, empty, origin=Origin.QUEUE)
        self._ask()

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
        if self.reviewing or self.checking:
            self._session.reading.end()

    # The queue -------------------------------------------------------------------

    def _ask(self) -> None:
        session = self._session
        if session.table is None or session.vocabulary is None:
            return
        shares = ReportedShares(session.taxonomy, session.criteria)
        basis = Basis(
            session.table, session.vocabulary, session.counted, shares, self._errors()
        )
        known = self._known
        same = known is not None and basis.same_as(known.basis)
        chances = known.chances if known is not None and same else None
        self._job.ask(OrderRequest(basis, chances, dict(session.verdicts)))

    def _errors(self) -> MeasuredErrors:
        # The same object as long as the errors are the same: chances rest on it.
        known, errors = self._known, self.errors
        if known is not None and errors.source == known.basis.errors.source:
            return known.basis.errors
        return errors

    @Slot(object)
    def _on_order(self, ordered: Ordered) -> None:
        if not self.reviewing or ordered.basis.table is not self._session.table:
            return
        self._known, self.order = ordered, ordered.order
        reading = self._session.reading
        kept = [cell for cell in self._begun if cell in self._session.verdicts]
        if reading.current is not None and reading.current not in kept:
            kept.append(reading.current)
        here = set(kept)
        rest = [c for c in self.order.cells[:LISTED].tolist() if c not in here]
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
        current = session.reading.current
        if current is not None and current not in session.verdicts:
            session.select_cell(current, reveal=True)
        else:
            session.go_on()
        self.changed.emit()

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._known = self.order = None
            self._job.drop()
        if self.reviewing and change & BASED_ON:
            self._ask()
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
        judged = verdict.dysplastic is not None
        if judged or not can_be_dysplastic(verdict.lines, session.criteria):
            session.go_on()
