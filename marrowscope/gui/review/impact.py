"""Which cells are most likely to change the result: one order for all who ask.

The queue reads it from its first cell on, the gallery sorts its groups by it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.decision_impact import ReviewOrder
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import ReportedShares
from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.review.jobs import Basis, Ordered, OrderRequest, order_now
from marrowscope.gui.session import CaseSession

BASED_ON = Changes.CELLS | Changes.REGIONS | Changes.VERDICTS


class DecisionImpact(QObject):
    """The order is made on a worker, and anew after calls, while somebody wants it.

    `order`: the newest there is, None before the first; `renewed`: it is another.
    """

    renewed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job = LatestJob(session.runner, Lane.ASIDE, order_now, self)
        self._job.answered.connect(self._on_order)
        self._known: Ordered | None = None
        self._wanted_by: set[QObject] = set()
        self.order: ReviewOrder | None = None
        session.changed.connect(self._on_changed)

    @property
    def waiting(self) -> bool:
        """True while a newer order is on its way."""
        return not self._job.idle

    @property
    def doubted(self) -> list[int]:
        """Calls of the queue against a very sure model, the least likely first."""
        return self._known.doubted.tolist() if self._known else []

    @property
    def errors(self) -> MeasuredErrors:
        """Of the model whose answers are shown; nothing for one not at hand."""
        session = self._session
        bundle, model = session.bundle, session.model
        same = bundle and model and bundle.identity.sha256 == model.sha256
        return bundle.errors if bundle and same else MeasuredErrors()

    def want(self, who: QObject, wanted: bool) -> None:
        """`who` looks at the order from now on, or does no more."""
        if wanted and who not in self._wanted_by:
            self._wanted_by.add(who)
            if self.order is None:
                self._ask()
        elif not wanted:
            self._wanted_by.discard(who)
            if not self._wanted_by:
                self._known = None  # fifty bytes a cell, made again in a quarter second

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
        if self._wanted_by and ordered.basis.table is self._session.table:
            self._known, self.order = ordered, ordered.order
            self.renewed.emit()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._known = self.order = None
            self._job.drop()
        if change & BASED_ON and self._wanted_by:
            self._ask()
        elif change & BASED_ON:
            self.order = None  # of before; what it was made of may serve again
