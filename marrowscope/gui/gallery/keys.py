"""The wall by the keyboard alone: moving, selecting, calling, zooming."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent

from marrowscope.gui.gallery.calling import GalleryCalls
from marrowscope.gui.gallery.folding import WallFolding
from marrowscope.gui.gallery.layout import HEADING
from marrowscope.gui.gallery.wall import Wall

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
Key = Qt.Key
ARROWS = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)


class WallKeys(QObject):
    """Arrows move, with Shift they select; Enter agrees and looks at the next cell.

    Folded groups are passed by; Ctrl with Up and Down stands on their headings too.
    """

    def __init__(self, wall: Wall, calls: GalleryCalls, folding: WallFolding) -> None:
        super().__init__(wall)
        self._wall, self._desk = wall, wall.desk
        self._folding = folding
        self._moves: dict[Qt.Key, Callable[[int], int]] = {
            Key.Key_Left: lambda place: wall.layout_.step_beside(place, -1),
            Key.Key_Right: lambda place: wall.layout_.step_beside(place, 1),
            Key.Key_Up: lambda place: wall.layout_.step_down(place, -1),
            Key.Key_Down: lambda place: wall.layout_.step_down(place, 1),
            Key.Key_PageUp: lambda place: self._page(place, -1),
            Key.Key_PageDown: lambda place: self._page(place, 1),
            Key.Key_Home: lambda place: self._ends(place)[0],
            Key.Key_End: lambda place: self._ends(place)[1],
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
            _pressed(Key.Key_Left, CTRL): self._fold,
            _pressed(Key.Key_Right, CTRL): self._unfold,
            _pressed(Key.Key_Left, CTRL | SHIFT): folding.fold_all,
            _pressed(Key.Key_Right, CTRL | SHIFT): folding.unfold_all,
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False when it says nothing here."""
        held = event.modifiers() & ~KEYPAD
        deed = self._deeds.get(_pressed(Key(event.key()), held))
        if deed is not None:
            deed()
            return True
        key = Key(event.key())
        if key not in self._moves or held & ~SHIFT:
            return False
        if self._wall.heading is not None and key in ARROWS:
            self._leave_heading(self._wall.heading, key)
        elif self._wall.layout_.ends() is not None:
            self._go(key, extend=bool(held & SHIFT))
        return True

    def _go(self, key: Qt.Key, *, extend: bool) -> None:
        current = self._desk.current()
        if current is None and key not in (Key.Key_Home, Key.Key_End):
            place = self._first_in_sight()
        else:
            place = self._moves[key](current or 0)
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
        return int(places[0]) if len(places) else self._ends(0)[0]

    def _ends(self, place: int) -> tuple[int, int]:
        return self._wall.layout_.ends() or (place, place)

    def _page(self, place: int, way: int) -> int:
        tile = self._wall.layout_.tile(self._wall.layout_.group_of(place))
        rows = max(1, (self._wall.viewport().height() - HEADING) // tile)
        for _ in range(rows):
            place = self._wall.layout_.step_down(place, way)
        return place

    # Headings --------------------------------------------------------------------

    def _group(self, way: int) -> None:
        """The first cell of the next group, or of the one before; or its heading."""
        groups, here = self._desk.wall.groups, self._here()
        if groups:
            wanted = (-1 if here is None else here) + way
            self._stand_on(min(max(wanted, 0), len(groups) - 1))

    def _here(self) -> int | None:
        """The group the keyboard stands in, or on whose heading."""
        if self._wall.heading is not None:
            return self._wall.heading
        current = self._desk.current()
        return None if current is None else self._desk.wall.group_of(current)

    def _stand_on(self, number: int) -> None:
        wall = self._wall
        if wall.layout_.is_open(number):
            wall.selection.only(self._desk.wall.groups[number].first)
        else:
            wall.selection.clear()
            wall.mark_heading(number)
        wall.show_group(number)

    def _fold(self) -> None:
        here = self._here()
        if here is not None and self._wall.layout_.is_open(here):
            self._wall.selection.clear()
            self._folding.fold(here)

    def _unfold(self) -> None:
        here = self._here()
        if here is not None and self._folding.is_folded(here):
            self._folding.unfold(here)
            self._stand_on(here)

    def _leave_heading(self, number: int, key: Qt.Key) -> None:
        """From a folded group's heading: into it, or to the cells above or below."""
        if key == Key.Key_Right:
            self._unfold()
        elif key in (Key.Key_Down, Key.Key_Up):
            way = 1 if key == Key.Key_Down else -1
            there = self._wall.layout_.open_beside(number, way)
            if there is not None:
                group = self._desk.wall.groups[there]
                last = group.first + group.count - 1
                place = group.first if way > 0 else last
                self._wall.selection.only(place)
                self._wall.reveal(place)


def _pressed(
    key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> QKeyCombination:
    return QKeyCombination(held, key)
