"""A line drawn across a red cell, to learn the scale of a slide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter

from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.marks_painting import paint_ruler
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


class RedCellRuler(QObject):
    """`measured` carries the length of the line drawn, in level-0 pixels."""

    measured = Signal(float)

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._line: tuple[Spot, Spot] | None = None
        view.layers.add(self, Level.MARKS)

    @Slot(bool)
    def measure(self, wanted: bool) -> None:
        """Take this tool up, or lay it down."""
        self._view.pointing.take_up(self if wanted else None)

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return frozenset()

    def press(self, spot: Spot) -> None:
        self._line = (spot, spot)

    def drag(self, spot: Spot) -> None:
        if self._line is not None:
            self._line = (self._line[0], spot)
            self._view.update()

    def hover(self, spot: Spot | None) -> None:
        pass

    def release(self, spot: Spot) -> None:
        if self._line is not None:
            start, end = self._line
            self.measured.emit(math.hypot(end.x - start.x, end.y - start.y))

    def double(self, spot: Spot) -> None:
        pass

    def key(self, event: QKeyEvent) -> bool:
        return False

    def lay_down(self) -> None:
        self._line = None
        self._view.update()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self._line is not None:
            start, end = (scene.frame.to_screen(s.x, s.y) for s in self._line)
            paint_ruler(painter, QPointF(*start), QPointF(*end))
