"""The scale bar, beside the objectives where there is room for both, else above."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import (
    BAR_HEIGHT,
    ROOM_FOR_SCALE_BAR,
    paint_scale_bar,
)
from marrowscope.gui.theme import GROUP, RELATED


class ScaleBar:
    """Painted while `shown`, on slides whose scale is known."""

    def __init__(self, beside: QWidget) -> None:
        self._beside = beside
        self.shown = True

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self.shown or scene.mpp is None:
            return
        paint_scale_bar(painter, scene.viewport, scene.mpp, lift=self._lift())

    def top(self, scene: Scene) -> float:
        """Where its upper edge is or would be, in screen pixels."""
        return scene.viewport.height - GROUP - BAR_HEIGHT - self._lift()

    def _lift(self) -> float:
        above = self._beside.x() <= ROOM_FOR_SCALE_BAR
        return self._beside.height() + RELATED if above else 0
