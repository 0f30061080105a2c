"""The hand while a region is held: its corners and its outline can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from marrowscope.domain.regions import Region, UnusableRegion
from marrowscope.gui.slide_view.regions_layer import HANDLE, REACH
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

NEAR = HANDLE + 3.0  # screen pixels around a corner that still take it
_KEYS = frozenset((Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape))


class RegionHand:
    """Moves a corner, or the whole region by its outline; all else is the hand's.

    Delete removes the region, Escape lets it go.
    """

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self._start: Spot | None = None
        self._held: Region | None = None
        self._corner: int | None = None
        self._over = False

    @property
    def cursor(self) -> Qt.CursorShape:
        if self._held is not None or self._over:
            return Qt.CursorShape.SizeAllCursor
        return self._view.pointing.hand.cursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return _KEYS

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        self._held, self._corner = self._grasp(spot)
        self._start = spot
        if self._held is None:
            self._view.pointing.hand.press(spot)

    def drag(self, spot: Spot) -> None:
        if self._held is None:
            self._view.pointing.hand.drag(spot)
            return
        self._view.regions.preview = self._moved(self._held, spot)
        self._view.update()

    def release(self, spot: Spot) -> None:
        held, self._held = self._held, None
        moved, self._view.regions.preview = self._view.regions.preview, None
        if held is None:
            self._view.pointing.hand.release(spot)
        elif moved is not None:
            self._view.session.change_region(moved)

    def hover(self, spot: Spot | None) -> None:
        self._over = spot is not None and self._grasp(spot)[0] is not None
        self._view.pointing.hand.hover(None if self._over else spot)

    def double(self, spot: Spot) -> None:
        self._view.pointing.hand.double(spot)

    def _grasp(self, spot: Spot) -> tuple[Region | None, int | None]:
        """The region in hand where the mouse takes hold of it, and which corner."""
        region = self._view.session.region
        if region is None or region.slide != self._view.number:
            return None, None
        corner, away = region.nearest_vertex(spot.x, spot.y)
        if away * spot.scale < NEAR:
            return region, corner
        on_line = region.outline_distance(spot.x, spot.y) * spot.scale < REACH
        return (region, None) if on_line else (None, None)

    def _moved(self, held: Region, spot: Spot) -> Region | None:
        if self._start is None:
            return None
        if self._corner is None:
            return held.moved(spot.x - self._start.x, spot.y - self._start.y)
        try:
            return held.with_vertex(self._corner, spot.x, spot.y)
        except UnusableRegion:
            return self._view.regions.preview

    # Keys ------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._view.session.remove_region()
        elif event.key() == Qt.Key.Key_Escape and self._held is not None:
            self.lay_down()
        elif event.key() == Qt.Key.Key_Escape:
            self._view.session.select_region(None)
        else:
            return False
        return True

    def lay_down(self) -> None:
        self._held, self._start, self._over = None, None, False
        self._view.regions.preview = None
        self._view.pointing.hand.lay_down()
        self._view.update()
