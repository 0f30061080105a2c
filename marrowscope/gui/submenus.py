"""The menus inside the menus, by the names that the menu bar knows them by, and the
one under the right button.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.actions import Actions
from marrowscope.gui.atlas.menu import AtlasMenu
from marrowscope.gui.calling_menu import CallingMenu
from marrowscope.gui.grid_menu import GridMenu
from marrowscope.gui.menus import RecentMenu
from marrowscope.gui.model_menu import ModelMenu
from marrowscope.gui.panels import Panels
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.smear_menu import SmearMenu
from marrowscope.gui.theme import Appearance
from marrowscope.gui.theme_menu import ThemeMenu
from marrowscope.gui.window_memory import WindowMemory


class Submenus:
    """`recent` and `models` are told from outside what to offer."""

    def __init__(
        self,
        window: QWidget,
        session: CaseSession,
        actions: Actions,
        appearance: Appearance,
        panels: Panels,
        pair: SlidePair,
        memory: WindowMemory,
    ) -> None:
        self._window, self._pair = window, pair
        self._actions, self._appearance = actions, appearance
        self._panels, self._memory = panels, memory
        self.recent = RecentMenu(window)
        self.models = ModelMenu(session.runner, window)
        self.calling = CallingMenu(session, panels.inspector, appearance, window)
        SmearMenu(pair, actions, self.calling, window)
        self.atlas = AtlasMenu(session, panels.inspector.atlas, memory, window)

    def by_name(self) -> dict[str, QMenu]:
        """Every submenu."""
        objectives = QMenu("O&bjective", self._window)
        for name in _objectives():
            objectives.addAction(self._actions[name])
        return {
            "recent": self.recent,
            "models": self.models,
            "atlas": self.atlas,
            "calling": self.calling,
            "panels": self._panels.menu(),
            "objectives": objectives,
            "grid_squares": GridMenu(self._pair, self._window),
            "theme": ThemeMenu(self._appearance, self._memory, self._window),
        }


def _objectives() -> Iterator[str]:
    return (f"objective_{number}" for number in range(len(OBJECTIVES)))
