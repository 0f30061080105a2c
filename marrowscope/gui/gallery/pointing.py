"""The mouse on the wall: clicks, rubber band, drags to another heading, the wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from marrowscope.gui.gallery.layout import GAP
from marrowscope.gui.gallery.wall import Wall
from marrowscope.gui.gallery.words import heading_tip
from marrowscope.gui.slide_view.wheel import notches

ROWS_A_NOTCH = 1.0
EDGE, PULL_MS = 28, 16  # pixels from an edge that pull the wall along
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
ADD = Qt.KeyboardModifier.ControlModifier
RANGE = Qt.KeyboardModifier.ShiftModifier


class WallPointing(QObject):
    """A press on a selected cell drags the selection; anywhere else it draws a band.

    `dragged` and `dropped` carry where on the screen the cells are held; `jumped` says
    that the cell looked at shall be shown on the smear, `folded` the number of a group
    whose heading was clicked.
    """

    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    given_up = Signal()
    folded = Signal(int)
    jumped = Signal()

    def __init__(self, wall: Wall) -> None:
        super().__init__(wall)
        self._wall = wall
        self._start: QPoint | None = None  # on the wall, not on the screen
        self._at = QPoint()
        self._place: int | None = None
        self._heading: int | None = None  # of the group that was pressed on
        self._carries = self._dragging = False
        self._pull = QTimer(self, interval=PULL_MS)
        self._pull.timeout.connect(self._on_pull)
        self._handlers = {
            QEvent.Type.MouseButtonPress: self._on_press,
            QEvent.Type.MouseMove: self._on_move,
            QEvent.Type.MouseButtonRelease: self._on_release,
            QEvent.Type.MouseButtonDblClick: self._on_double,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.Leave: self._on_leave,
            QEvent.Type.ToolTip: self._on_tip,
        }
        wall.viewport().installEventFilter(self)

    @property
    def dragging(self) -> bool:
        """True while cells are being carried."""
        return self._dragging and self._carries

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handler = self._handlers.get(event.type())
        return False if handler is None else bool(handler(event))  # type: ignore[arg-type]

    def give_up(self) -> None:
        """Esc: nothing was dragged."""
        self._end()
        self.given_up.emit()

    # Buttons ---------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> bool:
        wall = self._wall
        wall.setFocus()
        wall.motion.stop()
        point = self._on_the_wall(event)
        self._heading = wall.heading_seen(event.position().toPoint().y())
        covered = self._heading is not None
        self._place = None if covered else wall.layout_.at(point.x(), point.y())
        chosen = self._place is not None and self._is_selected(self._place)
        if event.button() is RIGHT and self._place is not None and not chosen:
            wall.selection.only(self._place)
        if event.button() is not LEFT:
            return False
        self._start, self._at = point, event.position().toPoint()
        plain = not event.modifiers() & (ADD | RANGE)
        self._carries = chosen and plain
        if self._place is not None and not chosen and plain:
            wall.selection.only(self._place)
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        if self._start is None:
            self._wall.hover(self._wall.heading_seen(event.position().toPoint().y()))
            return False
        self._at = event.position().toPoint()
        if not self._dragging:
            way = self._on_the_wall(event) - self._start
            if way.manhattanLength() < QApplication.startDragDistance():
                return True
            self._begin(event)
        self._go_on(event.globalPosition().toPoint())
        return True

    def _begin(self, event: QMouseEvent) -> None:
        self._dragging = True
        self._pull.start()
        if not self._carries:
            self._wall.selection.begin_band(add=bool(event.modifiers() & ADD))

    def _go_on(self, screen: QPoint) -> None:
        if self._carries:
            self.dragged.emit(screen)
        else:
            self._draw_band()

    def _draw_band(self) -> None:
        wall = self._wall
        if self._start is not None:
            corner = self._at + QPoint(0, wall.top)
            wall.band = QRect(self._start, corner).normalized()
            wall.selection.band(wall.layout_.touched(wall.band))
            wall.refresh()

    def _on_release(self, event: QMouseEvent) -> bool:
        if event.button() is not LEFT or self._start is None:
            return False
        if self._dragging and self._carries:
            self.dropped.emit(event.globalPosition().toPoint())
        elif not self._dragging:
            self._click(event.modifiers())
        self._end()
        return True

    def _click(self, held: Qt.KeyboardModifier) -> None:
        selection, place = self._wall.selection, self._place
        if self._heading is not None:
            self.folded.emit(self._heading)
        elif place is None:
            if not held & (ADD | RANGE):
                selection.clear()
        elif held & RANGE:
            selection.up_to(place)
        elif held & ADD:
            selection.toggle(place)
        elif self._carries:
            selection.only(place)

    def _end(self) -> None:
        self._start = self._wall.band = None
        self._dragging = self._carries = False
        self._pull.stop()
        self._wall.refresh()

    def _on_double(self, event: QMouseEvent) -> bool:
        point = self._on_the_wall(event)
        place = self._wall.layout_.at(point.x(), point.y())
        covered = self._wall.heading_seen(event.position().toPoint().y()) is not None
        if event.button() is LEFT and place is not None and not covered:
            self._wall.selection.only(place)
            self.jumped.emit()
        return True

    @Slot()
    def _on_pull(self) -> None:
        """Held beyond an edge, the wall comes along, the faster the farther."""
        height = self._wall.viewport().height()
        beyond = min(self._at.y() - EDGE, 0) + max(self._at.y() - height + EDGE, 0)
        if beyond:
            self._wall.motion.at_once(beyond / 2)
            if not self._carries:
                self._draw_band()

    def _on_leave(self, event: QEvent) -> bool:
        self._wall.hover(None)
        return False

    def _on_tip(self, event: QHelpEvent) -> bool:
        """What a narrow wall cuts off of a heading."""
        number = self._wall.heading_seen(event.pos().y())
        if number is None:
            QToolTip.hideText()
        else:
            said = heading_tip(self._wall.desk.wall.groups[number], self._wall.desk)
            QToolTip.showText(event.globalPos(), said, self._wall)
        return True

    # Wheel -----------------------------------------------------------------------

    def _on_wheel(self, event: QWheelEvent) -> bool:
        steps, wall = notches(event), self._wall
        if event.modifiers() & ADD:
            if steps:
                way = 1 if steps > 0 else -1
                wall.zoom(way, at=round(event.position().y()))
            return True
        pixels = -steps * ROWS_A_NOTCH * (wall.side + GAP)
        if event.phase() is Qt.ScrollPhase.NoScrollPhase:
            wall.motion.by(pixels)
        else:
            wall.motion.at_once(pixels)
        return True

    def _on_the_wall(self, event: QMouseEvent) -> QPoint:
        return event.position().toPoint() + QPoint(0, self._wall.top)

    def _is_selected(self, place: int) -> bool:
        desk = self._wall.desk
        return bool(desk.selected[desk.wall.rows[place]])
