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
DOT_BGRA = (52, 44, 40, 110)


class Minimap(QWidget):
    """`wished` carries the level-0 point to look at."""

    wished = Signal(float, float)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._picture: QImage | None = None
        self._slide = (1, 1)
        self._region: Box | None = None
        self._dots = np.zeros((0, 2), np.float32)
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

    def show_cells(self, centres: np.ndarray) -> None:
        """Places of the cells found so far, (N, 2) level-0 pixels."""
        self._dots = centres
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
        self._paint_dots(painter, inner)
        self._paint_frame(painter, inner)
        painter.end()

    def _paint_dots(self, painter: QPainter, inner: QRectF) -> None:
        if not len(self._dots):
            return
        shrink = inner.width() / self._slide[0], inner.height() / self._slide[1]
        painter.drawImage(inner.topLeft(), dots_picture(self._dots * shrink, inner))

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


def dots_picture(places: np.ndarray, inner: QRectF) -> QImage:
    """One dot for each place (N, 2): half a million cost a few milliseconds."""
    width, height = int(inner.width()) + 1, int(inner.height()) + 1
    pixels = np.zeros((height, width, 4), np.uint8)
    across = np.clip(places[:, 0].astype(np.intp), 0, width - 1)
    down = np.clip(places[:, 1].astype(np.intp), 0, height - 1)
    pixels[down, across] = DOT_BGRA
    picture = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return picture.copy()
