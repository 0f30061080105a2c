"""How much shall be read: all of it, or the best fields until enough cells are met."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession

READ_ALL = "Read all"
TARGETS = (None, 200, 300, 500, 1000)
TIP = (
    "Read the best fields first, until so many nucleated cells are met, and seek\n"
    "megakaryocytes over the whole smear; or read every field."
)


class TargetChoice(QComboBox):
    """Stands beside “Read smear” and follows the session's target."""

    def __init__(self, session: CaseSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        for target in TARGETS:
            self.addItem(target_text(target), target)
        self.setToolTip(TIP)
        self.setAccessibleName("How much to read")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.activated.connect(self._on_activated)
        session.changed.connect(self._on_changed)

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        self._session.set_target(self.itemData(row))

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.RUN | Changes.TARGET):
            self._show(self._session.target)
            self.setEnabled(not self._session.run.active)

    def _show(self, target: int | None) -> None:
        known = [self.itemData(row) for row in range(self.count())]
        if target not in known:
            self.addItem(target_text(target), target)
            known.append(target)
        self.setCurrentIndex(known.index(target))


def target_text(target: int | None) -> str:
    """What is chosen, in words."""
    return READ_ALL if target is None else f"Count {target:,} cells"
