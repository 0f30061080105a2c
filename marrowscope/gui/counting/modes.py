"""Both ways to count by keys, over the smear and beside a microscope: one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from marrowscope.domain.key_map import KeyMap
from marrowscope.gui.actions import Actions
from marrowscope.gui.counting.key_map_desk import KeyMapDesk
from marrowscope.gui.counting.mode import CountMode
from marrowscope.gui.counting.scope_mode import ScopeMode
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.theme import Appearance
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow.key_maps import key_map


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
        memory: WindowMemory,
    ) -> None:
        super().__init__(window)
        keys = key_map(memory.key_map)
        self.smear = CountMode(
            session, pair, window, appearance, pages=pages, keys=keys
        )
        self.scope = ScopeMode(session, window, appearance, keys=keys)
        pages.addWidget(self.scope.page)
        self.desk = KeyMapDesk(session, memory, appearance, window)
        self.desk.chosen.connect(self._on_keys)
        self.smear.strip.keys_wanted.connect(self.desk.show)
        self.scope.page.keys_wanted.connect(self.desk.show)
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
        actions.add("count_keys", "&Keys of the count…", self.desk.show)

    @Slot(object)
    def _on_keys(self, chosen: KeyMap) -> None:
        self.smear.use_keys(chosen)
        self.scope.counter.key_map = chosen
        self.scope.counter.changed.emit()

    @Slot(bool)
    def _on_scope(self, active: bool) -> None:
        if active:
            self.smear.switch(False)
        self.changed.emit()
