"""Everything a user can do from menu, toolbar and keyboard, each with its words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from marrowscope.gui.icons import icon
from marrowscope.gui.theme import Theme

Deed = Callable[..., object]


class Actions(QObject):
    """Actions by name. Single keys work while the smear has the focus, so that they
    never steal a letter from a text field."""

    def __init__(self, window: QWidget, smear: QWidget) -> None:
        super().__init__(window)
        self._window, self._smear = window, smear
        self._actions: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def add(
        self,
        name: str,
        text: str,
        deed: Deed,
        *,
        key: str = "",
        icon_name: str = "",
        checked: bool | None = None,
    ) -> QAction:
        """An action; several keys are parted by spaces, `checked` makes it a switch."""
        action = QAction(text, self._window)
        if key:
            action.setShortcuts([QKeySequence(one) for one in key.split()])
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = text.replace("&", "")
        action.setToolTip(f"{plain} ({shown})" if shown else plain)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
            action.toggled.connect(deed)
        else:
            action.triggered.connect(deed)
        self._keep(name, action, icon_name)
        return action

    def _keep(self, name: str, action: QAction, icon_name: str) -> None:
        single = len(action.shortcut().toString().split("+")) == 1
        if single and not action.shortcut().isEmpty() and not _function_key(action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._smear.addAction(action)
        else:
            self._window.addAction(action)
        self._actions[name] = action
        if icon_name:
            self._icons[name] = icon_name

    def dress(self, theme: Theme, *, primary: str) -> None:
        """Draw the icons in the theme's grey; the primary one on the accent."""
        for name, icon_name in self._icons.items():
            on_accent = name == primary
            self._actions[name].setIcon(icon(icon_name, theme, on_accent=on_accent))


def _function_key(action: QAction) -> bool:
    text = action.shortcut().toString()
    return len(text) > 1 and text[0] == "F" and text[1:].isdigit()
