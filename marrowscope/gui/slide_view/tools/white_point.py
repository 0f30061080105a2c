"""One click on bare glass, to learn what shall look white."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from marrowscope.gui.slide_view.tools.tool import Spot, Tool

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


class WhitePoint(QObject):
    """`picked` carries the level-0 point that was clicked; `ended` when laid down."""

    picked = Signal(float, float)
    ended = Signal()

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        view.pointing.tool_changed.connect(self._on_tool)

    @Slot(bool)
    def pick(self, wanted: bool) -> None:
        """Take this tool up, or lay it down."""
        if wanted or self._view.pointing.tool is self:
            self._view.pointing.take_up(self if wanted else None)

    @Slot(object)
    def _on_tool(self, tool: Tool) -> None:
        if tool is not self:
            self.ended.emit()

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return frozenset()

    def press(self, spot: Spot) -> None:
        pass

    def drag(self, spot: Spot) -> None:
        pass

    def hover(self, spot: Spot | None) -> None:
        pass

    def release(self, spot: Spot) -> None:
        self.picked.emit(spot.x, spot.y)

    def double(self, spot: Spot) -> None:
        pass

    def key(self, event: QKeyEvent) -> bool:
        return False

    def lay_down(self) -> None:
        pass
