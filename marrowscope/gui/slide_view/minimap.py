"""The whole slide, small, with a frame around what is seen: click and drag it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from marrowscope.gui.slide_view.minimap_washes import read_picture, visited_picture
from marrowscope.gui.slide_view.viewport import Viewport, turned_vector
from marrowscope.gui.theme import Appearance

SIDE, LEAST = 168, 36  # pixels
SHARE = 0.28  # of the view, at most
EDGE = 4
LEAST_FRAME = 5.0  # pixels
HINT = (
    "Overview: click or drag to move (O hides it). "
    "Dark: read by the model. Blue: looked at with 20x or more."
)


class Minimap(QWidget):
    """`wished` carries the level-0 point to look at."""

    wished = Signal(float, float)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._side = SIDE
        self._picture: QImage | None = None
        self._slide = (1, 1)
        self._view: Viewport | None = None
        self._density, self._covered = QImage(), QRectF()
        self._visited: QImage | None = None
        self._read: QImage | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip(HINT)
        self.setAccessibleName("Overview of the slide")

    def show_slide(self, picture: QImage | None, slide: tuple[int, int]) -> None:
        """Another slide, or its picture has come. `slide` is its size in level-0 px."""
        self._picture = picture
        self._slide = slide
        self.resize(self.sizeHint())
        self.update()

    def fit(self, width: int, height: int) -> None:
        """Take no more than a part of a view of so many pixels."""
        self._side = min(SIDE, max(LEAST, int(SHARE * min(width, height))))
        self.resize(self.sizeHint())

    def show_view(self, view: Viewport) -> None:
        """Frame what is seen."""
        self._view = view
        self.update()

    def show_cells(self, density: QImage, covered: QRectF) -> None:
        """How thick the cells found so far lie in a rectangle of level-0 pixels."""
        self._density, self._covered = density, covered
        self.update()

    def show_visited(self, seen: NDArray[np.bool_] | None) -> None:
        """Where the reader has looked: a grid (rows, columns) over the slide."""
        shown = seen is not None and seen.any()
        self._visited = visited_picture(seen) if shown else None  # type: ignore
        self.update()

    def show_read(self, fields: NDArray[np.float32] | None) -> None:
        """Fields whose cells count: (N, 4) level-0 pixels; None for none."""
        self._read = None if fields is None else read_picture(fields, self._slide)
        self.update()

    def sizeHint(self) -> QSize:
        width, height = self._slide
        shrink = self._side / max(width, height)
        return QSize(
            max(LEAST, round(width * shrink)) + 2 * EDGE,
            max(LEAST, round(height * shrink)) + 2 * EDGE,
        )

    def _inner(self) -> QRectF:
        """Where the slide's picture lies; a strip is never drawn broader than it is."""
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        shrink = min(room.width() / self._slide[0], room.height() / self._slide[1])
        inner = QRectF(
            0, 0, max(self._slide[0] * shrink, 2), max(self._slide[1] * shrink, 2)
        )
        inner.moveCenter(room.center())
        return inner

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
        for wash in (self._read, self._visited):
            if wash is not None:
                painter.drawImage(inner, wash)
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
        if self._view is None:
            return
        frame = self._frame(self._view, inner).intersected(QPolygonF(inner))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 220), 3))
        painter.drawPolygon(frame)
        painter.setPen(QPen(self._appearance.theme.accent, 1.5))
        painter.drawPolygon(frame)

    def _frame(self, view: Viewport, inner: QRectF) -> QPolygonF:
        """What is seen, on the overview: turned as the picture is."""
        shrink = inner.width() / self._slide[0] / view.scale
        right = max(view.width * shrink, LEAST_FRAME) / 2
        down = max(view.height * shrink, LEAST_FRAME) / 2
        x = inner.left() + view.x / self._slide[0] * inner.width()
        y = inner.top() + view.y / self._slide[1] * inner.height()
        corners = ((-right, -down), (right, -down), (right, down), (-right, down))
        ways = (turned_vector(*corner, -view.angle) for corner in corners)
        return QPolygonF([QPointF(x + dx, y + dy) for dx, dy in ways])

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
