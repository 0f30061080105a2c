"""What was open lately: remembered with each case, offered by menu and buttons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.empty_state import EmptyState
from marrowscope.gui.menus import RecentMenu
from marrowscope.gui.session import CaseSession
from marrowscope.gui.window_memory import Recent, WindowMemory
from marrowscope.workflow.opening import CASE_SUFFIX


class RecentInputs(QObject):
    """The menu and the empty window offer the same."""

    def __init__(
        self,
        session: CaseSession,
        memory: WindowMemory,
        menu: RecentMenu,
        empty: EmptyState,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._memory = session, memory
        self._menu, self._empty = menu, empty
        for offer in (menu, empty):
            offer.chosen.connect(self._on_chosen)
        menu.cleared.connect(self._on_cleared)
        session.changed.connect(self._on_changed)
        self._show()

    def _show(self) -> None:
        for offer in (self._menu, self._empty):
            offer.show_recent(self._memory.recent)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._remember()
            self._show()

    def _remember(self) -> None:
        """One input opens its case again; several are found by their case file."""
        inputs, case = self._session.inputs, self._session.case_path
        if len(inputs) == 1 and inputs[0].suffix != CASE_SUFFIX:
            self._memory.remember(Recent(inputs[0].name, inputs[0]))
        elif case is not None:
            self._memory.remember(Recent(self._session.case_name, case))

    @Slot(object)
    def _on_chosen(self, path: Path) -> None:
        self._session.open_paths([path])

    @Slot()
    def _on_cleared(self) -> None:
        self._memory.forget_recent()
        self._show()
