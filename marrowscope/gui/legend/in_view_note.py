"""One sentence over the legend: how many cells the smear shows now, and how."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.legend.model import DOTS_TEXT, in_view_text
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import SMALL, Appearance, font


class InViewNote(QLabel):
    """Hidden while nothing was read."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.setWordWrap(True)
        self.setFont(font(SMALL))
        self.setContentsMargins(12, 2, 12, 6)
        self.setAccessibleName("Cells in view")
        appearance.changed.connect(self._dress)
        session.changed.connect(self._on_changed)
        self._dress()
        self._refresh()

    @Slot()
    def _dress(self) -> None:
        self.setStyleSheet(f"color: {self._appearance.theme.quiet.name()}")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        seen = Changes.CASE | Changes.CELLS | Changes.IN_VIEW
        if changes & (seen | Changes.READING):
            self._refresh()

    def _refresh(self) -> None:
        seen = self._session.in_view
        dotted = seen.as_density and not self._session.reading.blind
        lines = [in_view_text(seen), *([DOTS_TEXT] if dotted else [])]
        self.setText("\n".join(lines))
        self.setVisible(self._session.table is not None)
