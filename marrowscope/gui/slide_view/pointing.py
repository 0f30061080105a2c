"""Mouse, wheel, pinch and keys on the smear: the view moves, or the tool is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QInputEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)

from marrowscope.gui.slide_view.grip import Grip
from marrowscope.gui.slide_view.tools.hand import Hand
from marrowscope.gui.slide_view.tools.tool import Spot, Tool
from marrowscope.gui.slide_view.wheel import DEGREES, notches, turns

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Pointing(QObject):
    """Wheel, pinch, arrows, Space and the middle button always move the view; the rest
    is the tool's.

    `pointed` carries the level-0 point under the cursor, None when it has left;
    `tool_changed` the tool now in hand; `menu_wanted` the place on the screen and the
    cell (its id) or region that the menu is about, None for the smear itself.
    """

    pointed = Signal(object)
    tool_changed = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self.hand = Hand(view)
        self.tool: Tool = self.hand
        self.wheel_inverted = False
        self._grip = Grip(view.navigator)
        self._pressed = False
        self._space = False
        self._handlers = {
            QEvent.Type.MouseButtonPress: self._on_press,
            QEvent.Type.MouseButtonRelease: self._on_release,
            QEvent.Type.MouseMove: self._on_move,
            QEvent.Type.MouseButtonDblClick: self._on_double,
            QEvent.Type.ContextMenu: self._on_menu,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.NativeGesture: self._on_gesture,
            QEvent.Type.ShortcutOverride: self._on_shortcut,
            QEvent.Type.KeyPress: self._on_key,
            QEvent.Type.KeyRelease: self._on_key_up,
            QEvent.Type.Leave: self._on_leave,
            QEvent.Type.FocusOut: self._on_focus_out,
        }

    def take_up(self, tool: Tool | None) -> None:
        """Use another tool from now on; None is the hand."""
        wanted = tool or self.hand
        if wanted is self.tool:
            return
        self.tool.lay_down()
        self.tool, self._pressed = wanted, False
        self._set_cursor()
        self.tool_changed.emit(wanted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the view's own input; everything else goes its way."""
        handler = self._handlers.get(event.type())
        if handler is None or self._view.navigator.slide is None:
            return False
        taken = handler(event)  # type: ignore[arg-type]
        self._set_cursor()
        return taken

    # Mouse -----------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> bool:
        self._view.card.hide()
        self._view.navigator.halt()
        if event.button() is Qt.MouseButton.MiddleButton or self._space:
            self._grip.take(event.position(), event.timestamp())
            return True
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        self._pressed = True
        self.tool.press(self._spot(event))
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        spot = self._spot(event)
        if self._grip.held:
            self._grip.pull(spot.screen, spot.time)
        elif self._pressed:
            self.tool.drag(spot)
        else:
            self.tool.hover(spot)
        self.pointed.emit((spot.x, spot.y))
        return True

    def _on_release(self, event: QMouseEvent) -> bool:
        if self._grip.held:
            self._grip.let_go(event.timestamp())
        elif self._pressed:
            self._pressed = False
            self.tool.release(self._spot(event))
        return True

    def _on_double(self, event: QMouseEvent) -> bool:
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        self.tool.double(self._spot(event))
        return True

    def _on_wheel(self, event: QWheelEvent) -> bool:
        self._view.card.hide()
        point, steps = event.position(), notches(event)
        if self.wheel_inverted:
            steps = -steps
        if steps and turns(event):
            self._turn(steps * DEGREES, point)
        elif steps:
            self._view.navigator.wheel(steps, (point.x(), point.y()))
        return True

    def _on_gesture(self, event: QNativeGestureEvent) -> bool:
        kind, point = event.gestureType(), event.position()
        if kind is Qt.NativeGestureType.ZoomNativeGesture:
            self._view.navigator.zoom_by(1 + event.value(), (point.x(), point.y()))
        elif kind is Qt.NativeGestureType.RotateNativeGesture:
            self._turn(event.value(), point)
        else:
            return False
        return True

    def _turn(self, degrees: float, around: QPointF) -> None:
        navigator = self._view.navigator
        angle = navigator.viewport.angle + degrees
        navigator.turn_to(angle, at=(around.x(), around.y()))

    def _on_leave(self, event: QEvent) -> bool:
        self.tool.hover(None)
        self.pointed.emit(None)
        return False

    def _on_menu(self, event: QContextMenuEvent) -> bool:
        """The right button, or the keyboard's menu key; other tools have no menu."""
        if self.tool not in (self.hand, self._view.region_tools.hand):
            return False
        self._view.card.hide()
        self._view.setFocus()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            on = self.hand.point_out(self._spot_at(QPointF(event.pos()), event))
        else:
            on = self.hand.in_hand
        self.menu_wanted.emit(event.globalPos(), on)
        return True

    def _spot(self, event: QMouseEvent) -> Spot:
        return self._spot_at(event.position(), event)

    def _spot_at(self, point: QPointF, event: QInputEvent) -> Spot:
        view = self._view.navigator.viewport
        x, y = view.to_slide(point.x(), point.y())
        return Spot(point, x, y, view.scale, event.modifiers(), event.timestamp())

    # Keys ------------------------------------------------------------------------

    def _on_shortcut(self, event: QKeyEvent) -> bool:
        """Give the tool its keys before an action with the same key takes them."""
        wanted = Qt.Key(event.key()) in self.tool.keys
        event.setAccepted(wanted)
        return wanted

    def _on_key(self, event: QKeyEvent) -> bool:
        if self.tool.key(event):
            return True
        key, navigator = Qt.Key(event.key()), self._view.navigator
        if key in ARROWS:
            whole = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            navigator.step(*ARROWS[key], share=0.9 if whole else 0.1)
        elif key is Qt.Key.Key_Space:
            self._space = True
        elif key is Qt.Key.Key_Escape:
            self.take_up(None)
        else:
            return False
        return True

    def _on_key_up(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        self._space = False
        return True

    def _on_focus_out(self, event: QEvent) -> bool:
        # The release of the key goes to somebody else now.
        self._space = False
        return False

    def _set_cursor(self) -> None:
        shape = self.tool.cursor
        if self._grip.held:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        if self._view.cursor().shape() is not shape:
            self._view.setCursor(shape)
