"""What a reader can call the selected cells, as a menu: no list hides the smear."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.call_menu import fill_menu
from marrowscope.gui.cell_inspector.calls import menu
from marrowscope.gui.cell_inspector.panel import CellInspector
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance

DECIDING = Changes.CASE | Changes.SELECTION | Changes.SIGNING


class CallingMenu(QMenu):
    """Every line and series; greyed out without a cell, and where the case is fixed."""

    def __init__(
        self,
        session: CaseSession,
        inspector: CellInspector,
        appearance: Appearance,
        parent: QWidget,
    ) -> None:
        super().__init__("Ca&ll it", parent)
        self._session, self._inspector = session, inspector
        self._appearance = appearance
        self.triggered.connect(self._on_chosen)
        session.changed.connect(self._on_changed)
        appearance.changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        fill_menu(self, menu(self._session.taxonomy), self._appearance)
        self._allow()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & DECIDING:
            self._allow()

    def _allow(self) -> None:
        session = self._session
        free = session.fixed is None and len(session.selection) > 0
        for action in _calls(self):
            action.setEnabled(free)

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self._inspector.take_call(action.data())


def _calls(holder: QMenu) -> Iterator[QAction]:
    for action in holder.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _calls(inner)
        else:
            yield action
