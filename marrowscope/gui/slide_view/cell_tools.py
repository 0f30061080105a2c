"""The tools that draw cells, of one view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.slide_view.tools.box_hand import BoxHand
from marrowscope.gui.slide_view.tools.cell_knife import CellKnife
from marrowscope.gui.slide_view.tools.cell_pen import CellPen

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


class CellTools(QObject):
    """Laid down when another slide is shown, and while a model reads."""

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self.pen, self.knife = CellPen(view), CellKnife(view)
        self.box_hand = BoxHand(view)
        view.session.changed.connect(self._on_changed)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        pointing, session = self._view.pointing, self._view.session
        mine = (self.pen, self.knife, self.box_hand)
        elsewhere = bool(change & (Changes.CASE | Changes.SLIDE))
        if pointing.tool in mine and (elsewhere or session.run.active):
            pointing.take_up(None)
        elif pointing.tool is self.box_hand and change & Changes.SELECTION:
            self._view.update()
