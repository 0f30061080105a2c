"""How large the squares of the counting grid are, and of which kind."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.counting_grid import SIDES
from marrowscope.gui.slide_view.magnification import length_text


class GridMenu(QMenu):
    """One entry for each side, and Miller's square."""

    def __init__(self, pair: SlidePair, parent: QWidget) -> None:
        super().__init__("Counting grid's s&quares", parent)
        self._pair = pair
        sides = QActionGroup(self)
        for side in SIDES:
            action = self.addAction(f"Squares of {length_text(side)}")
            action.setCheckable(True)
            action.setChecked(side == pair.active.grid.side)
            action.setData(side)
            sides.addAction(action)
        sides.triggered.connect(self._on_side)
        self.addSeparator()
        miller = self.addAction("&Miller squares")
        miller.setCheckable(True)
        miller.setChecked(pair.active.grid.miller)
        miller.toggled.connect(self._on_miller)

    @Slot(QAction)
    def _on_side(self, action: QAction) -> None:
        for view in self._pair.views:
            view.grid.side = action.data()
            view.update()

    @Slot(bool)
    def _on_miller(self, wanted: bool) -> None:
        for view in self._pair.views:
            view.grid.miller = wanted
            view.update()
