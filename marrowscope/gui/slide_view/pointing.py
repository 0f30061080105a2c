"""Mouse, wheel, pinch and keys on the smear."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.hover_card import card_text
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.slide_view.viewport import Viewport

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

NOTCH = 120.0  # Qt's units of one step of a wheel
CLICK_SLACK = 4.0  # screen pixels a click may wander
REACH = 3.0  # screen pixels around a box that still hit it
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Drag(Enum):
    """What the mouse is doing while its button is down."""

    NONE = 0
    PRESS = 1  # not yet moved: a click so far
    PAN = 2
    BAND = 3
    RULER = 4


class Pointing(QObject):
    """`pointed` carries the level-0 point under the cursor, None when it has left.

    `measured` carries the length of a line drawn across a red cell, in level-0 pixels.
    """

    pointed = Signal(object)
    measured = Signal(float)

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._drag = Drag.NONE
        self._start = QPointF()
        self._last = QPointF()
        self._space = False
        self._measuring = False
        self._hovered: int | None = None

    def measure(self, wanted: bool) -> None:
        """Let the next drag draw a line across a red cell."""
        self._measuring = wanted
        self._view.ruler = None
        self._set_cursor()
        self._view.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the view's own input; everything else goes its way."""
        kind = event.type()
        handler = {
            QEvent.Type.MouseButtonPress: self._on_press,
            QEvent.Type.MouseButtonRelease: self._on_release,
            QEvent.Type.MouseMove: self._on_move,
            QEvent.Type.MouseButtonDblClick: self._on_double,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.NativeGesture: self._on_gesture,
            QEvent.Type.KeyPress: self._on_key,
            QEvent.Type.KeyRelease: self._on_key_up,
            QEvent.Type.Leave: self._on_leave,
        }.get(kind)
        if handler is None or self._view.navigator.slide is None:
            return False
        return handler(event)  # type: ignore[arg-type]

    # Mouse -----------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> bool:
        self._start = self._last = event.position()
        self._view.card.hide()
        button, shift = event.button(), Qt.KeyboardModifier.ShiftModifier
        if button is Qt.MouseButton.MiddleButton or self._space:
            self._drag = Drag.PAN
        elif button is not Qt.MouseButton.LeftButton:
            return False
        elif self._measuring:
            self._drag = Drag.RULER
        else:
            self._drag = Drag.BAND if event.modifiers() & shift else Drag.PRESS
        self._set_cursor()
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        point = event.position()
        view, moved = self._view, point - self._last
        wandered = (point - self._start).manhattanLength() > CLICK_SLACK
        if self._drag is Drag.PRESS and wandered:
            self._drag = Drag.PAN
            self._set_cursor()
        if self._drag is Drag.PAN:
            view.navigator.pan(moved.x(), moved.y())
        elif self._drag is Drag.BAND:
            view.band = QRectF(self._start, point).normalized()
            view.update()
        elif self._drag is Drag.RULER:
            view.ruler = (self._start, point)
            view.update()
        elif self._drag is Drag.NONE:
            self._hover(point)
        self._last = point
        self.pointed.emit(self._viewport.to_slide(point.x(), point.y()))
        return True

    def _on_release(self, event: QMouseEvent) -> bool:
        drag, self._drag = self._drag, Drag.NONE
        if drag is Drag.PRESS:
            self._click(event)
        elif drag is Drag.BAND:
            self._choose_band()
        elif drag is Drag.RULER and self._view.ruler is not None:
            start, end = self._view.ruler
            length = ((end - start).x() ** 2 + (end - start).y() ** 2) ** 0.5
            self.measured.emit(length / self._viewport.scale)
        self._set_cursor()
        return True

    def _click(self, event: QMouseEvent) -> None:
        session, cell = self._view.session, self._cell_at(event.position())
        added = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if cell is None:
            session.select_cell(None)
        elif added:
            others = tuple(c for c in session.selection if c != cell)
            again = len(others) < len(session.selection)
            session.select_cells(others if again else (*others, cell))
        else:
            session.select_cell(cell)

    def _choose_band(self) -> None:
        view, band, shown = self._view, self._view.band, self._view.shown
        view.band = None
        view.update()
        if band is None or shown is None:
            return
        left, top = self._viewport.to_slide(band.left(), band.top())
        scale = self._viewport.scale
        region = Box(left, top, band.width() / scale, band.height() / scale)
        rows = shown.grid.inside(region)
        chosen = rows[shown.visible[rows]]
        view.session.select_cells(shown.table.id[chosen].tolist())

    def _on_double(self, event: QMouseEvent) -> bool:
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        scale = self._view.objectives.scale_at(len(OBJECTIVES) - 1)
        place = event.position()
        self._view.navigator.there_and_back(scale, (place.x(), place.y()))
        return True

    def _on_wheel(self, event: QWheelEvent) -> bool:
        point = event.position()
        self._view.card.hide()
        notches = event.angleDelta().y() / NOTCH
        if notches:
            self._view.navigator.wheel(notches, (point.x(), point.y()))
        return True

    def _on_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        point = event.position()
        self._view.navigator.zoom_by(1 + event.value(), (point.x(), point.y()))
        return True

    def _on_leave(self, event: QEvent) -> bool:
        self._view.card.hide()
        self._hovered = None
        self.pointed.emit(None)
        return False

    # Keys ------------------------------------------------------------------------

    def _on_key(self, event: QKeyEvent) -> bool:
        key, navigator = Qt.Key(event.key()), self._view.navigator
        if key in ARROWS:
            whole = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            navigator.step(*ARROWS[key], share=0.9 if whole else 0.1)
            return True
        if key is Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self._set_cursor()
            return True
        if key is Qt.Key.Key_Escape:
            self.measure(False)
            self._view.session.select_cell(None)
            return True
        return False

    def _on_key_up(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._set_cursor()
            return True
        return False

    # What is under the cursor ----------------------------------------------------

    @property
    def _viewport(self) -> Viewport:
        return self._view.navigator.viewport

    def _cell_at(self, point: QPointF) -> int | None:
        shown = self._view.shown
        if shown is None or not self._view.session.boxes_shown:
            return None
        x, y = self._viewport.to_slide(point.x(), point.y())
        row = shown.grid.at(x, y, reach=REACH / self._viewport.scale)
        if row is None or not shown.visible[row]:
            return None
        return int(shown.table.id[row])

    def _hover(self, point: QPointF) -> None:
        cell_id = self._cell_at(point)
        session, card = self._view.session, self._view.card
        cell = None if cell_id is None else session.cell(cell_id)
        if cell is None or session.vocabulary is None:
            card.hide()
        elif cell_id != self._hovered or card.isHidden():
            verdict = session.verdicts.get(cell.id)
            text = card_text(cell, session.vocabulary, verdict, session.taxonomy)
            card.show_at(text, point.toPoint())
        if (cell_id is None) != (self._hovered is None):
            self._hovered = cell_id
            self._set_cursor()
        self._hovered = cell_id

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._drag is Drag.PAN:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._measuring or self._drag is Drag.BAND:
            shape = Qt.CursorShape.CrossCursor
        elif self._hovered is not None:
            shape = Qt.CursorShape.PointingHandCursor
        self._view.setCursor(shape)
