"""One switch for each tool of the smear; the tool in hand is the one pressed in."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.actions import Actions
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.tools.tool import Tool
from marrowscope.gui.slide_view.view import SlideView

TOOLS = (
    ("measure", "&Measure", "measuring", "M"),
    ("add_cell", "&Add a missed cell", "cell_tools.pen", "A"),
    ("split_cell", "S&plit the cell in two", "cell_tools.knife", "X"),
    ("redraw_cell", "Redraw its &box", "cell_tools.box_hand", "E"),
)
ToolOf = Callable[[SlideView], Tool]


class ToolSwitches(QObject):
    """Switching one on takes its tool up in every view; off, or Esc, gives the hand
    back.
    """

    def __init__(self, actions: Actions, pair: SlidePair) -> None:
        super().__init__(pair)
        self._actions, self._pair = actions, pair
        self._tools: dict[str, ToolOf] = {}
        self._in_hand: str | None = None
        pair.view_added.connect(self._welcome)
        for view in pair.views:
            self._welcome(view)

    def add(self, name: str, text: str, tool: ToolOf, *, key: str) -> None:
        """An action `name` that takes up the tool which `tool` finds in a view."""
        self._tools[name] = tool
        deed = self._on_switched
        action = self._actions.add(name, text, deed, key=key, checked=False)
        action.setProperty("tool", name)

    @Slot(object)
    def _welcome(self, view: SlideView) -> None:
        view.pointing.tool_changed.connect(self._on_tool)
        self._hand_over(view)

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        name = str(self.sender().property("tool"))
        if on:
            self._take(name)
        elif name == self._in_hand:
            self._take(None)

    @Slot(object)
    def _on_tool(self, tool: Tool) -> None:
        """A view took another tool up by itself: Esc, or the ruler of a dialog."""
        view = next(v for v in self._pair.views if v.pointing is self.sender())
        self._take(self._name_of(tool, view))

    def _take(self, name: str | None) -> None:
        if name == self._in_hand:
            return
        self._in_hand = name
        for view in self._pair.views:
            self._hand_over(view)
        for known in self._tools:
            self._actions[known].setChecked(known == name)

    def _hand_over(self, view: SlideView) -> None:
        if self._in_hand is not None:
            view.pointing.take_up(self._tools[self._in_hand](view))
        elif self._name_of(view.pointing.tool, view) is not None:
            view.pointing.take_up(None)

    def _name_of(self, tool: Tool, view: SlideView) -> str | None:
        return next((n for n, of in self._tools.items() if of(view) is tool), None)


def offer_tools(actions: Actions, pair: SlidePair) -> None:
    """A switch for every tool that stays in hand."""
    switches = ToolSwitches(actions, pair)
    for name, text, tool, key in TOOLS:
        switches.add(name, text, attrgetter(tool), key=key)
