"""Calls of this reader against a very sure model, looked at once more.

A slip of the reader's is likelier there than a find. What the model says stays hidden,
so that the second look is at the cell; moving on without a call keeps the first.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from marrowscope.domain.review import Origin
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import all_said
from marrowscope.gui.review.impact import DecisionImpact
from marrowscope.gui.review.words import AGAIN
from marrowscope.gui.session import CaseSession


class SecondLooks(QObject):
    """Those that `impact` doubts; each is shown again once."""

    def __init__(
        self, session: CaseSession, impact: DecisionImpact, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._impact = session, impact
        self._looked: set[int] = set()
        self._go_on = QTimer(self)
        self._go_on.setSingleShot(True)
        self._go_on.timeout.connect(self._on_go_on)
        session.changed.connect(self._on_changed)

    @property
    def looking(self) -> bool:
        """True while they are being looked at."""
        return self._session.reading.title == AGAIN

    @property
    def waiting(self) -> list[int]:
        """Those not shown again so far, the least likely calls first."""
        return [cell for cell in self._impact.doubted if cell not in self._looked]

    @Slot()
    def begin(self) -> None:
        """Look at them from the first on."""
        session, cells = self._session, self.waiting
        if not cells:
            return
        session.reading.begin(
            AGAIN, cells, origin=Origin.QUEUE, blind=True, sealed=True
        )
        session.select_cell(cells[0], reveal=True)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._looked.clear()
        if not self.looking:
            return
        current = self._session.reading.current
        if current is not None:
            self._looked.add(current)
        if change & Changes.VERDICTS:
            self._go_on.start(0)

    @Slot()
    def _on_go_on(self) -> None:
        """The next cell comes when all was said again of the one in hand."""
        session, reading = self._session, self._session.reading
        cell = reading.current
        if not self.looking or cell is None or cell not in session.called_last:
            return
        last = reading.place + 1 >= len(reading.cells)
        if not last and all_said(session.verdicts[cell], session.criteria):
            reading.step(1)
            session.select_cell(int(reading.cells[reading.place]), reveal=True)
