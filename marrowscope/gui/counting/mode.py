"""Count mode: on and off, its frame and its name, the keys taken and given back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QMainWindow, QStatusBar, QWidget

from marrowscope.domain.key_map import KeyMap
from marrowscope.gui.case_state import Changes
from marrowscope.gui.counting.count_frame import CountFrame
from marrowscope.gui.counting.count_keys import CountKeys
from marrowscope.gui.counting.count_strip import CountStrip
from marrowscope.gui.counting.examples import ExamplesCard
from marrowscope.gui.counting.smear_counter import SmearCounter
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.layers import Level
from marrowscope.gui.slide_view.tools.tool import Tool
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import BASE, Appearance, font

NAME = "COUNT"
HINT = "Letters call cells now. Esc goes back to looking around."


class CountMode(QObject):
    """`toggled`: whether letters are classes; `strip` belongs under the smear."""

    toggled = Signal(bool)

    def __init__(
        self,
        session: CaseSession,
        pair: SlidePair,
        window: QMainWindow,
        appearance: Appearance,
        *,
        pages: QWidget,
        keys: KeyMap,
    ) -> None:
        super().__init__(window)
        self._session, self._pair, self._window = session, pair, window
        self.counter = SmearCounter(session, keys, self)
        self.strip = CountStrip(self.counter, appearance)
        self.strip.setVisible(False)
        self.keys = CountKeys(window)
        self.examples = ExamplesCard(session, pages)
        self.label = QLabel(NAME)
        self._frames: list[CountFrame] = []
        self.active = False
        for view in pair.views:
            self._welcome(view)
        pair.view_added.connect(self._welcome)
        self.counter.left.connect(self._on_left)
        self.counter.examples_wanted.connect(self.examples.look_for)
        self.counter.examples_unwanted.connect(self.examples.hide)
        session.changed.connect(self._on_changed)

    def name_itself(self, status: QStatusBar) -> None:
        """Say in this line which mode it is, while it is Count mode."""
        self.label.setObjectName("mode")
        self.label.setFont(font(BASE, bold=True))
        self.label.setToolTip(HINT)
        status.insertWidget(0, self.label)
        self.label.setVisible(False)

    @Slot(bool)
    def switch(self, wanted: bool) -> None:
        """Letters are classes, or the smear's own keys again."""
        session = self._session
        able = session.slide is not None and session.fixed is None
        wanted = wanted and able
        if wanted == self.active:
            self.toggled.emit(wanted)
            return
        self.active = wanted
        if wanted:
            self.counter.begin()
            self.keys.begin(self._window, self.counter)
            self.keys.mind(self._pair.active.pointing.tool)
            self._pair.active.setFocus()
        else:
            self.counter.end()
            self.keys.end()
        self._show(wanted)
        self.toggled.emit(wanted)

    def _show(self, wanted: bool) -> None:
        self.strip.setVisible(wanted)
        self.label.setVisible(wanted)
        for frame in self._frames:
            frame.shown = wanted
        for view in self._pair.views:
            view.update()

    @Slot(object)
    def _welcome(self, view: SlideView) -> None:
        frame = CountFrame()
        frame.shown = self.active
        self._frames.append(frame)
        view.layers.add(frame, Level.SCREEN)
        view.cell_tools.pen.key_map = self.counter.key_map
        view.pointing.tool_changed.connect(self._on_tool)

    def use_keys(self, key_map: KeyMap) -> None:
        """Count by these keys, and name by them the cells that are added."""
        self.counter.key_map = key_map
        for view in self._pair.views:
            view.cell_tools.pen.key_map = key_map
        self.counter.changed.emit()

    @Slot(object)
    def _on_tool(self, tool: Tool) -> None:
        self.keys.mind(tool)

    @Slot()
    def _on_left(self) -> None:
        """A tool in hand is laid down first."""
        pointing = self._pair.active.pointing
        if pointing.tool is pointing.hand:
            self.switch(False)
        else:
            pointing.take_up(None)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        fixed = self._session.fixed is not None
        if self.active and (fixed or change & Changes.CASE):
            self.switch(False)
