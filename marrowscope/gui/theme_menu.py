"""Dark, light, or as the system has it; remembered."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.theme import Appearance, ThemeChoice
from marrowscope.gui.window_memory import WindowMemory


class ThemeMenu(QMenu):
    """One entry for each theme."""

    def __init__(
        self, appearance: Appearance, memory: WindowMemory, parent: QWidget
    ) -> None:
        super().__init__("&Theme", parent)
        self._appearance, self._memory = appearance, memory
        group = QActionGroup(self)
        for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT, ThemeChoice.SYSTEM):
            action = self.addAction(choice.value.capitalize())
            action.setCheckable(True)
            action.setChecked(choice is appearance.choice)
            action.setData(choice.value)
            group.addAction(action)
        group.triggered.connect(self._on_theme)

    @Slot(QAction)
    def _on_theme(self, action: QAction) -> None:
        choice = ThemeChoice(action.data())
        self._memory.theme = choice
        self._appearance.choose(choice)
