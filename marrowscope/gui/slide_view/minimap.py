"""The whole slide, small, with a frame around what is seen: click and drag it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.tile_reading import picture_of
from marrowscope.gui.theme import Appearance

SIDE = 168
EDGE = 4


class Minimap(QWidget):
    """`wished` carries the level-0 point to look at."""

    wished = Signal(float, float)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._picture: QImage | None = None
        self._slide = (1, 1)
        self._region: Box | None = None
        self._density, self._covered = QImage(), QRectF()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Overview: click or drag to move (O hides it)")
        self.setAccessibleName("Overview of the slide")

    def show_slide(self, pixels: np.ndarray | None, slide: tuple[int, int]) -> None:
        """Another slide, or its picture has come. `slide` is its size in level-0 px."""
        self._picture = None if pixels is None else picture_of(pixels)
        self._slide = slide
        self.resize(self.sizeHint())
        self.update()

    def show_region(self, region: Box) -> None:
        self._region = region
        self.update()

    def show_cells(self, density: QImage, covered: QRectF) -> None:
        """How thick the cells found so far lie in a rectangle of level-0 pixels."""
        self._density, self._covered = density, covered
        self.update()

    def sizeHint(self) -> QSize:
        width, height = self._slide
        shrink = SIDE / max(width, height)
        return QSize(
            max(36, round(width * shrink)) + 2 * EDGE,
            max(36, round(height * shrink)) + 2 * EDGE,
        )

    def _inner(self) -> QRectF:
        return QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, inner = self._appearance.theme, self._inner()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(theme.hairline, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6
        )
        if self._picture is not None:
            painter.drawImage(inner, self._picture)
        self._paint_cells(painter, inner)
        self._paint_frame(painter, inner)
        painter.end()

    def _paint_cells(self, painter: QPainter, inner: QRectF) -> None:
        x, y = inner.width() / self._slide[0], inner.height() / self._slide[1]
        covered = self._covered
        place = QRectF(
            inner.left() + covered.left() * x,
            inner.top() + covered.top() * y,
            covered.width() * x,
            covered.height() * y,
        )
        painter.save()
        painter.setClipRect(inner)
        painter.drawImage(place, self._density)
        painter.restore()

    def _paint_frame(self, painter: QPainter, inner: QRectF) -> None:
        if self._region is None:
            return
        x, y = inner.width() / self._slide[0], inner.height() / self._slide[1]
        box = self._region
        frame = QRectF(
            inner.left() + box.x * x,
            inner.top() + box.y * y,
            max(box.width * x, 5),
            max(box.height * y, 5),
        ).intersected(inner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 220), 3))
        painter.drawRect(frame)
        painter.setPen(QPen(self._appearance.theme.accent, 1.5))
        painter.drawRect(frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, point: QPointF) -> None:
        inner = self._inner()
        x = (point.x() - inner.left()) / inner.width() * self._slide[0]
        y = (point.y() - inner.top()) / inner.height() * self._slide[1]
        self.wished.emit(
            min(max(x, 0.0), self._slide[0]), min(max(y, 0.0), self._slide[1])
        )
