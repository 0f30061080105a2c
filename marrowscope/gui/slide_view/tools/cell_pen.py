"""Adding a cell that was missed: a click or a box, then the key of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter

from marrowscope.domain.geometry import Box
from marrowscope.domain.key_map import KeyMap, lines_of
from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.tools.drawn_box import (
    ASSUMED_MPP,
    between,
    paint_drawn_box,
    written_keys,
)
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

CELL_UM = 14.0  # side of the box that a click draws
CLICK = 6.0  # screen pixels: less of a drag was a click
ASKING = "Key of its class, or Enter for none yet"
_ALWAYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class CellPen:
    """Stays in hand from cell to cell; Escape drops the box, then the pen.

    `key_map`: by which a key names the class of the box that waits.
    """

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self.key_map: KeyMap | None = None
        self._start: Spot | None = None
        self.box: Box | None = None  # waits for its class
        view.layers.add(self, Level.MARKS)

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        if self.box is None or self.key_map is None:
            return frozenset()
        return frozenset((*_ALWAYS, *written_keys(self.key_map.classes)))

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        self._start, self.box = spot, None

    def drag(self, spot: Spot) -> None:
        if self._start is not None:
            self.box = between(self._start, spot)
            self._view.update()

    def release(self, spot: Spot) -> None:
        start, self._start = self._start, None
        if start is None:
            return
        far = (spot.screen - start.screen).manhattanLength() >= CLICK
        self.box = between(start, spot) if far else self._around(spot)
        self._view.setFocus()
        self._view.update()

    def hover(self, spot: Spot | None) -> None:
        """Nothing is shown before the button goes down."""

    def double(self, spot: Spot) -> None:
        """The second of two clicks draws no second box."""

    def _around(self, spot: Spot) -> Box:
        entry = self._view.entry
        mpp = entry.working_mpp if entry else None
        side = CELL_UM / (mpp or ASSUMED_MPP)
        return Box(spot.x - side / 2, spot.y - side / 2, side, side)

    # Keys ------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        if self.box is None:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.lay_down()
        elif event.key() in _ALWAYS:
            self._add(())
        else:
            return self._name(chr(event.key()).lower())
        return True

    def _name(self, key: str) -> bool:
        target = self.key_map.classes.get(key) if self.key_map else None
        lines = lines_of(target, self._view.session.taxonomy) if target else None
        if lines is None:
            return False
        self._add(lines)
        return True

    def _add(self, lines: tuple[str, ...]) -> None:
        box, number = self.box, self._view.number
        self.lay_down()
        if box is not None and number is not None:
            self._view.session.add_cell(number, box, lines)

    def lay_down(self) -> None:
        self._start, self.box = None, None
        self._view.update()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self.box is not None:
            words = "" if self._start is not None else ASKING
            paint_drawn_box(painter, scene, self.box, words=words)
