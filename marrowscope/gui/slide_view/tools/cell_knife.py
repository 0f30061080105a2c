"""Splitting a cell that is two: a line is drawn between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from marrowscope.domain.geometry import Box, parts_beside
from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.marks_painting import paint_ruler
from marrowscope.gui.slide_view.tools.drawn_box import paint_drawn_box
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


class CellKnife:
    """Cuts the selected cell where the line runs; laid down when that is done."""

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self._start: Spot | None = None
        self._end: Spot | None = None
        view.layers.add(self, Level.MARKS)

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return frozenset()

    def press(self, spot: Spot) -> None:
        self._start = self._end = spot

    def drag(self, spot: Spot) -> None:
        self._end = spot
        self._view.update()

    def release(self, spot: Spot) -> None:
        self._end = spot
        parts, cell = self._parts(), self._view.session.selected
        self.lay_down()
        if cell is not None and len(parts) > 1:
            self._view.pointing.take_up(None)
            self._view.session.split_cell(cell, parts)

    def hover(self, spot: Spot | None) -> None:
        """Nothing is shown before the button goes down."""

    def double(self, spot: Spot) -> None:
        """Cuts nothing."""

    def _parts(self) -> tuple[Box, ...]:
        cell, start, end = self._view.session.selected, self._start, self._end
        if cell is None or start is None or end is None:
            return ()
        return parts_beside(cell.box, (start.x, start.y), (end.x, end.y))

    def key(self, event: QKeyEvent) -> bool:
        return False

    def lay_down(self) -> None:
        self._start = self._end = None
        self._view.update()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        start, end = self._start, self._end
        if start is None or end is None:
            return
        for part in self._parts():
            paint_drawn_box(painter, scene, part)
        ends = (scene.frame.to_screen(spot.x, spot.y) for spot in (start, end))
        paint_ruler(painter, *(QPointF(*point) for point in ends))
