"""Redrawing the box of the selected cell by its handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from marrowscope.domain.cells import Cell
from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.marks_painting import PAPER
from marrowscope.gui.slide_view.tools.drawn_box import paint_drawn_box
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

REACH = 9.0  # screen pixels around a handle that still take it
HANDLE = 4.5
# Which sides each handle moves: -1 left or top, 1 right or bottom, 0 neither.
HANDLES = tuple((a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0))
MIDDLE = (0, 0)
_CURSORS = {
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
}


class BoxHand:
    """Drags corners, sides or the whole box; what is let go is in the case.

    Elsewhere it is the hand. Escape lays it down.
    """

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self._start: Spot | None = None
        self._held: tuple[int, int] | None = None
        self._over: tuple[int, int] | None = None
        self._box: Box | None = None  # while it is dragged
        view.layers.add(self, Level.MARKS)

    @property
    def cursor(self) -> Qt.CursorShape:
        grasp = self._held or self._over
        if grasp is None:
            return self._view.pointing.hand.cursor
        return _CURSORS.get(grasp, Qt.CursorShape.SizeAllCursor)

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return frozenset()

    @property
    def _cell(self) -> Cell | None:
        cell = self._view.session.selected
        here = cell is not None and cell.slide == self._view.number
        return cell if here else None

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        self._held, self._start = self._grasp(spot), spot
        if self._held is None:
            self._view.pointing.hand.press(spot)

    def drag(self, spot: Spot) -> None:
        cell, start, held = self._cell, self._start, self._held
        if held is None:
            self._view.pointing.hand.drag(spot)
        elif cell is not None and start is not None:
            self._box = pulled(cell.box, held, spot.x - start.x, spot.y - start.y)
            self._view.update()

    def release(self, spot: Spot) -> None:
        held, box, cell = self._held, self._box, self._cell
        self._held = self._box = None
        if held is None:
            self._view.pointing.hand.release(spot)
        elif box is not None and cell is not None:
            self._view.session.redraw_cell(cell.id, box)
        self._view.update()

    def hover(self, spot: Spot | None) -> None:
        self._over = None if spot is None else self._grasp(spot)
        self._view.pointing.hand.hover(None if self._over else spot)

    def double(self, spot: Spot) -> None:
        self._view.pointing.hand.double(spot)

    def _grasp(self, spot: Spot) -> tuple[int, int] | None:
        """The handle under the mouse; the middle for the inside of the box."""
        cell = self._cell
        if cell is None:
            return None
        for handle in HANDLES:
            x, y = handle_place(cell.box, handle)
            if max(abs(x - spot.x), abs(y - spot.y)) * spot.scale <= REACH:
                return handle
        return MIDDLE if cell.box.contains(spot.x, spot.y) else None

    def key(self, event: QKeyEvent) -> bool:
        return False

    def lay_down(self) -> None:
        self._start = self._held = self._over = self._box = None
        self._view.pointing.hand.lay_down()
        self._view.update()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        cell = self._cell
        if self._view.pointing.tool is not self or cell is None:
            return
        box = self._box or cell.box
        paint_drawn_box(painter, scene, box)
        painter.setPen(QPen(scene.appearance.theme.accent, 1.5))
        painter.setBrush(PAPER)
        for handle in HANDLES:
            x, y = scene.frame.to_screen(*handle_place(box, handle))
            painter.drawEllipse(QPointF(x, y), HANDLE, HANDLE)


def handle_place(box: Box, handle: tuple[int, int]) -> tuple[float, float]:
    """Where a handle lies, level-0 pixels."""
    (across, down), (x, y) = handle, box.centre
    return x + across * box.width / 2, y + down * box.height / 2


def pulled(box: Box, handle: tuple[int, int], dx: float, dy: float) -> Box:
    """The box with a handle moved so far; its middle moves all of it."""
    if handle == MIDDLE:
        return box.moved(dx, dy)
    left, right = _ends(box.x, box.right, handle[0], dx)
    top, bottom = _ends(box.y, box.bottom, handle[1], dy)
    return Box(left, top, right - left, bottom - top)


def _ends(low: float, high: float, side: int, by: float) -> tuple[float, float]:
    if side < 0:
        low += by
    elif side > 0:
        high += by
    return min(low, high), max(low, high)
