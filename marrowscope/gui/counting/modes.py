"""Both ways to count by keys, over the smear and beside a microscope: one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from marrowscope.gui.actions import Actions
from marrowscope.gui.counting.mode import CountMode
from marrowscope.gui.counting.scope_mode import ScopeMode
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.theme import Appearance


class CountModes(QObject):
    """`changed`: another page may have to be shown."""

    changed = Signal()

    def __init__(
        self,
        session: CaseSession,
        pair: SlidePair,
        window: QMainWindow,
        appearance: Appearance,
        *,
        pages: QStackedWidget,
    ) -> None:
        super().__init__(window)
        self.smear = CountMode(session, pair, window, appearance, pages=pages)
        self.scope = ScopeMode(session, window, appearance)
        pages.addWidget(self.scope.page)
        self.scope.toggled.connect(self._on_scope)

    def add_actions(self, actions: Actions) -> None:
        """What menus and keys offer of this."""
        switch = actions.add(
            "count_mode",
            "&Count mode",
            self.smear.switch,
            key="C F2",
            checked=False,
        )
        self.smear.toggled.connect(switch.setChecked)
        actions.add("microscope", "Count at the &microscope…", self.scope.ask)

    @Slot(bool)
    def _on_scope(self, active: bool) -> None:
        if active:
            self.smear.switch(False)
        self.changed.emit()
