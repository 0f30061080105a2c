"""The differential panel: counts of the session, painted."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from marrowscope.gui.case_state import Changes, Phase
from marrowscope.gui.differential_panel.figures import figures_of
from marrowscope.gui.differential_panel.spreading import Spreading
from marrowscope.gui.differential_panel.view import DifferentialView
from marrowscope.gui.second_reader.silence import Silence
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance
from marrowscope.workflow.counting import count


class DifferentialPanel(QWidget):
    """Follows the session's counts; it asks nothing and changes nothing."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.view = DifferentialView(appearance, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        column.addWidget(Silence(session, self.view), 1)
        self._spreading = Spreading(session, self)
        self._spreading.changed.connect(self._refresh)
        session.changed.connect(self._on_changed)
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.CASE | Changes.COUNTS):
            self._spreading.follow(changes)
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        taxonomy, criteria = self._session.taxonomy, self._session.criteria
        counts = self._session.counts or count(None, {}, None, taxonomy, criteria)
        run = self._session.run
        reading = run.active or run.phase is Phase.STOPPED
        self.view.show_figures(
            figures_of(
                counts,
                taxonomy,
                criteria,
                reading=reading,
                spreads=self._spreading.spreads,
            )
        )
