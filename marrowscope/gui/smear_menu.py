"""The menu under the right button: what can be said and done of what lies there."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.actions import Actions
from marrowscope.gui.menu_letters import MenuLetters
from marrowscope.gui.menus import SEPARATOR
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.view import SlideView

CALLING = "calling"  # the menu of classes
OF_CELLS = (
    *("confirm", "dysplastic", "not_dysplastic", CALLING, SEPARATOR),
    *("cannot_classify", "not_a_cell", "withdraw", SEPARATOR),
    *("redraw_cell", "split_cell", "merge_cells", "remove_cells", SEPARATOR),
    *("saliency", "clear_selection"),
)
OF_A_REGION = ("turn_region", "remove_region", SEPARATOR, "give_regions")
OF_THE_SMEAR = (
    *("add_cell", "draw_rectangle", "draw_polygon", "draw_freehand", SEPARATOR),
    *("measure", "grid", "zones", SEPARATOR),
    *("fit", "side_by_side", "colours", SEPARATOR, "copy"),
)


class SmearMenu(QObject):
    """Cells under the mouse, or selected, are called; regions counted or left out."""

    def __init__(
        self, pair: SlidePair, actions: Actions, calling: QMenu, window: QWidget
    ) -> None:
        super().__init__(window)
        self._actions, self._calling, self._window = actions, calling, window
        pair.view_added.connect(self._welcome)
        for view in pair.views:
            self._welcome(view)

    @Slot(object)
    def _welcome(self, view: SlideView) -> None:
        view.pointing.menu_wanted.connect(self._on_wanted)

    @Slot(object, object)
    def _on_wanted(self, place: QPoint, on: object) -> None:
        offered = QMenu(self._window)
        offered.aboutToHide.connect(offered.deleteLater)
        MenuLetters(offered)
        for name in names_for(on):
            if name == SEPARATOR:
                offered.addSeparator()
            elif name == CALLING:
                offered.addMenu(self._calling)
            else:
                offered.addAction(self._actions[name])
        offered.popup(place)


def names_for(on: object) -> tuple[str, ...]:
    """What is offered on a cell (its id), on a region, and on the smear (None)."""
    if on is None:
        return OF_THE_SMEAR
    return OF_CELLS if isinstance(on, int) else OF_A_REGION
