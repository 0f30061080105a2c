"""Definitions and criteria, each shown in one window of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QMainWindow

from marrowscope.gui.definitions_desk import DefinitionsDesk
from marrowscope.gui.rules.criteria_dialog import CriteriaDialog
from marrowscope.gui.rules.definitions_dialog import DefinitionsDialog
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance


class RulesDeeds(QObject):
    """Neither window is modal; a second wish brings the one there is to the front."""

    def __init__(
        self, session: CaseSession, appearance: Appearance, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._session, self._appearance = session, appearance
        self._window = window
        self._desk = DefinitionsDesk(session, self)
        self.dialogs: dict[type[QDialog], QDialog] = {}

    @Slot()
    def criteria(self) -> None:
        """WHO, ICC and IPSS-R against the case."""
        if not self._in_front(CriteriaDialog):
            self._show(CriteriaDialog(self._session, self._appearance, self._window))

    @Slot()
    def definitions(self) -> None:
        """What the laboratory counts."""
        if not self._in_front(DefinitionsDialog):
            session = self._session
            dialog = DefinitionsDialog(session.taxonomy, session.criteria, self._window)
            dialog.wanted.connect(self._desk.change)
            self._show(dialog)

    def _in_front(self, kind: type[QDialog]) -> bool:
        dialog = self.dialogs.get(kind)
        if dialog is not None:
            dialog.raise_()
            dialog.activateWindow()
        return dialog is not None

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialogs[type(dialog)] = dialog
        dialog.finished.connect(self._on_closed)
        dialog.show()

    @Slot()
    def _on_closed(self) -> None:
        closed = self.sender()
        self.dialogs = {k: d for k, d in self.dialogs.items() if d is not closed}
