"""The frame around the smear by which a reader sees that letters are classes now."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from marrowscope.gui.slide_view.layers import Scene

WIDTH = 4.0


class CountFrame:
    """A layer of the screen; nothing is seen of it while not `shown`."""

    def __init__(self) -> None:
        self.shown = False

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self.shown:
            return
        view, half = scene.viewport, WIDTH / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.appearance.theme.accent, WIDTH))
        painter.drawRect(QRectF(half, half, view.width - WIDTH, view.height - WIDTH))
