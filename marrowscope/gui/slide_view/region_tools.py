"""Which tool for regions is in hand, as the session and the reader want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.slide_view.tools.region_hand import RegionHand
from marrowscope.gui.slide_view.tools.region_pen import Manner, RegionPen

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


class RegionTools(QObject):
    """A pen to draw with; a hand that holds the region that is selected."""

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self.pen, self.hand = RegionPen(view), RegionHand(view)
        view.session.changed.connect(self._on_changed)

    def draw(self, manner: Manner) -> None:
        """Take up the pen."""
        if self._view.entry is None:
            return
        self._view.session.select_cell(None)
        self._view.session.select_region(None)
        self.pen.lay_down()
        self.pen.manner = manner
        self._view.pointing.take_up(self.pen)
        self._view.setFocus()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if not change & (Changes.REGIONS | Changes.SLIDE | Changes.CASE):
            return
        pointing, region = self._view.pointing, self._view.session.region
        here = region is not None and region.slide == self._view.number
        if here and pointing.tool is pointing.hand:
            pointing.take_up(self.hand)
        elif not here and pointing.tool is self.hand:
            pointing.take_up(None)
        self._view.update()
