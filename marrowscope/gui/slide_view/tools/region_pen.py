"""Drawing a region: a rectangle, a polygon click by click, or a line by hand."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QPolygonF

from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import (
    Shape,
    UnusableRegion,
    freehand,
    outlined,
    rectangle,
)
from marrowscope.gui.messages import problem
from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.marks_painting import PAPER
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

LEAST = 4.0  # screen pixels: a smaller region was a click
TOLERANCE = 1.0  # screen pixels a line drawn by hand may be moved by
_KEYS = frozenset(
    (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
)
Point = tuple[float, float]


class Manner(Enum):
    """How the pen draws."""

    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    FREEHAND = "freehand"


class RegionPen:
    """Draws one region, and is laid down when it is done.

    A polygon gets a corner at each click and closes with a double click or Enter;
    Backspace takes the last corner back, Escape drops what is unfinished.
    """

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self.manner = Manner.RECTANGLE
        self._points: list[Point] = []
        self._end: Point | None = None
        view.layers.add(self, Level.MARKS)

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return _KEYS if self._points else frozenset()

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        if self.manner is not Manner.POLYGON:
            self._points = []
        self._points.append((spot.x, spot.y))
        self._move_to(spot)

    def drag(self, spot: Spot) -> None:
        if self.manner is Manner.FREEHAND:
            self._points.append((spot.x, spot.y))
        self._move_to(spot)

    def hover(self, spot: Spot | None) -> None:
        if spot is not None and self._points:
            self._move_to(spot)

    def _move_to(self, spot: Spot) -> None:
        self._end = (spot.x, spot.y)
        self._view.update()

    def release(self, spot: Spot) -> None:
        self._end = (spot.x, spot.y)
        if self.manner is not Manner.POLYGON and self._points:
            self._finish(spot.scale)

    def double(self, spot: Spot) -> None:
        if self.manner is Manner.POLYGON:
            self._finish(spot.scale)

    # Keys ------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if not self._points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish(self._view.navigator.viewport.scale)
        elif key == Qt.Key.Key_Backspace:
            self._points.pop()
            self._view.update()
        elif key == Qt.Key.Key_Escape:
            self.lay_down()
        else:
            return False
        return True

    def lay_down(self) -> None:
        self._points, self._end = [], None
        self._view.update()

    # The region ------------------------------------------------------------------

    def _finish(self, scale: float) -> None:
        """Hand the region over; a mere click draws none and the pen stays in hand."""
        points, number = self._line(), self._view.number
        slack = max(_extent(points)) * scale < LEAST
        if slack or number is None:
            if self.manner is not Manner.POLYGON:
                self.lay_down()
            return
        try:
            shape = self._shape(points, scale)
        except UnusableRegion as error:
            self.lay_down()
            self._view.session.say(problem(error))
            return
        self._view.pointing.take_up(None)
        self._view.session.add_region(shape, slide=number)

    def _shape(self, points: list[Point], scale: float) -> Shape:
        if self.manner is Manner.FREEHAND:
            return freehand(points, tolerance=TOLERANCE / scale)
        if self.manner is Manner.RECTANGLE:
            (left, top), (right, bottom) = _corners(points)
            return rectangle(Box(left, top, right - left, bottom - top))
        return outlined(points)

    def _line(self) -> list[Point]:
        if self.manner is Manner.POLYGON or self._end is None:
            return self._points
        return [*self._points, self._end]

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self._points or self._end is None:
            return
        points = [*self._points, self._end]
        if self.manner is Manner.RECTANGLE:
            (left, top), (right, bottom) = _corners(points)
            points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        shown = QPolygonF([QPointF(*scene.frame.to_screen(x, y)) for x, y in points])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((PAPER, 3.5), (scene.appearance.theme.accent, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(shown)


def _corners(points: list[Point]) -> tuple[Point, Point]:
    """Upper left and lower right of the rectangle around points."""
    across, down = zip(*points, strict=True)
    return (min(across), min(down)), (max(across), max(down))


def _extent(points: list[Point]) -> Point:
    (left, top), (right, bottom) = _corners(points)
    return right - left, bottom - top
