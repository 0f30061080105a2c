"""The legend as it is docked: what is in view, and the classes beneath it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from marrowscope.gui.legend.in_view_note import InViewNote
from marrowscope.gui.legend.panel import Legend
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance


class LegendPanel(QWidget):
    """A sentence and the list of classes."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.note = InViewNote(session, appearance)
        self.classes = Legend(session, appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.classes)
        column.addStretch(1)
