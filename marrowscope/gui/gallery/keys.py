"""The wall by the keyboard alone: moving, selecting, calling, zooming."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent

from marrowscope.gui.gallery.calling import GalleryCalls
from marrowscope.gui.gallery.layout import HEADING
from marrowscope.gui.gallery.wall import Wall

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
Key = Qt.Key


class WallKeys(QObject):
    """Arrows move, with Shift they select; Enter agrees and looks at the next cell."""

    def __init__(self, wall: Wall, calls: GalleryCalls) -> None:
        super().__init__(wall)
        self._wall, self._desk = wall, wall.desk
        self._calls = calls
        self._moves: dict[Qt.Key, Callable[[int], int]] = {
            Key.Key_Left: lambda place: place - 1,
            Key.Key_Right: lambda place: place + 1,
            Key.Key_Up: lambda place: wall.layout_.step_down(place, -1),
            Key.Key_Down: lambda place: wall.layout_.step_down(place, 1),
            Key.Key_PageUp: lambda place: self._page(place, -1),
            Key.Key_PageDown: lambda place: self._page(place, 1),
            Key.Key_Home: lambda place: 0,
            Key.Key_End: lambda place: len(self._desk.wall.rows) - 1,
        }
        self._deeds: dict[QKeyCombination, Callable[[], None]] = {
            _pressed(Key.Key_Return): calls.confirm,
            _pressed(Key.Key_Enter): calls.confirm,
            _pressed(Key.Key_Delete): calls.not_a_cell,
            _pressed(Key.Key_Backspace): calls.withdraw,
            _pressed(Key.Key_A, CTRL): wall.selection.whole_group,
            _pressed(Key.Key_Plus, CTRL): lambda: wall.zoom(1),
            _pressed(Key.Key_Equal, CTRL): lambda: wall.zoom(1),
            _pressed(Key.Key_Minus, CTRL): lambda: wall.zoom(-1),
            _pressed(Key.Key_Up, CTRL): lambda: self._group(-1),
            _pressed(Key.Key_Down, CTRL): lambda: self._group(1),
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False when it says nothing here."""
        held = event.modifiers() & ~KEYPAD
        deed = self._deeds.get(_pressed(Key(event.key()), held))
        if deed is not None:
            deed()
            return True
        move = self._moves.get(Key(event.key()))
        if move is None or held & ~SHIFT or not len(self._desk.wall.rows):
            return False
        self._go(move, extend=bool(held & SHIFT))
        return True

    def _go(self, move: Callable[[int], int], *, extend: bool) -> None:
        current, last = self._desk.current(), len(self._desk.wall.rows) - 1
        if current is None:
            place = self._first_in_sight()
        else:
            place = min(max(move(current), 0), last)
        selection = self._wall.selection
        if extend:
            selection.up_to(place)
        else:
            selection.only(place)
        self._wall.reveal(place)

    def _first_in_sight(self) -> int:
        wall = self._wall
        low, high = wall.top + HEADING, wall.top + wall.viewport().height()
        places = wall.layout_.places(low, high)
        return int(places[0]) if len(places) else 0

    def _page(self, place: int, way: int) -> int:
        tile = self._wall.layout_.tile(self._wall.layout_.group_of(place))
        rows = max(1, (self._wall.viewport().height() - HEADING) // tile)
        for _ in range(rows):
            place = self._wall.layout_.step_down(place, way)
        return place

    def _group(self, way: int) -> None:
        """The first cell of the next group, or of the one before."""
        groups, current = self._desk.wall.groups, self._desk.current()
        if not groups:
            return
        here = -1 if current is None else self._desk.wall.group_of(current)
        number = min(max(here + way, 0), len(groups) - 1)
        self._wall.selection.only(groups[number].first)
        self._wall.show_group(number)


def _pressed(
    key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> QKeyCombination:
    return QKeyCombination(held, key)
