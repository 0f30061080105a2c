"""Every action of the menus with its place: for the page of keys and the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar


@dataclass(frozen=True, slots=True)
class Placed:
    """An action, and the titles of the menus that lead to it."""

    menus: tuple[str, ...]
    action: QAction

    @property
    def words(self) -> str:
        return plain(self.action.text())

    @property
    def keys(self) -> tuple[str, ...]:
        """As they are written on this system."""
        form = QKeySequence.SequenceFormat.NativeText
        return tuple(key.toString(form) for key in self.action.shortcuts())


def placed_actions(bar: QMenuBar) -> Iterator[Placed]:
    """Each action once, in the order of the menus."""
    seen: list[QAction] = []
    for placed in _inside(bar, ()):
        if placed.action not in seen:
            seen.append(placed.action)
            yield placed


def _inside(holder: QMenuBar | QMenu, menus: tuple[str, ...]) -> Iterator[Placed]:
    for action in holder.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _inside(menu, (*menus, plain(menu.title())))
        elif not action.isSeparator():
            yield Placed(menus, action)


def plain(text: str) -> str:
    """Words without the mark of the letter that Alt reaches them by."""
    return text.replace("&", "")
