"""The smear, or two of them beside each other."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pane import Pane
from marrowscope.gui.side_by_side.synchrony import Synchrony
from marrowscope.gui.slide_view.slide_memory import SlideMemory
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import Appearance


class SlidePair(QSplitter):
    """One view, or two of which one is `active`: it shows the session's slide, and keys
    and actions are for it.

    The second view is made when it is wanted and let go with all its tiles afterwards;
    each view keeps at most `tile_loading.CACHE_BYTES` of them. `magnified` and
    `pointed` are the active view's; `view_added` carries the second one. Both keep
    what is `remembered` of slides together.
    """

    magnified = Signal(str)
    pointed = Signal(object)
    view_added = Signal(object)

    def __init__(
        self, session: CaseSession, appearance: Appearance, remembered: SlideMemory
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._remembered = remembered
        self._session, self._appearance = session, appearance
        self._offered: list[tuple[QAction, str]] = []
        self._synchrony: Synchrony | None = None
        self._together = False
        # Before the views, which then know already which of them is active.
        session.changed.connect(self._on_changed)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(4)
        self._panes: list[Pane] = []
        self.active = self._add_pane().view

    @property
    def views(self) -> tuple[SlideView, ...]:
        """One view or two, from the left."""
        return tuple(pane.view for pane in self._panes)

    @property
    def other(self) -> SlideView | None:
        """The view that is not active; None while there is one alone."""
        return next((v for v in self.views if v is not self.active), None)

    def offer(self, synchronise: QAction, close: QAction) -> None:
        """Actions to show above the second view."""
        self._offered = [(synchronise, "link-2"), (close, "x")]

    def split(self, wanted: bool) -> None:
        """Show two views, or one again; the active one stays."""
        if wanted == (len(self._panes) == 2):
            return
        if wanted:
            self._split()
        else:
            self._join()
        for pane in self._panes:
            pane.head.setVisible(wanted)
        self._mark()

    def show_layer(self, layer: str, shown: bool) -> None:
        """Show or hide one of `SlideView.optional` in every view."""
        for view in self.views:
            view.optional[layer].shown = shown
            view.outdate()

    def synchronise(self, wanted: bool) -> None:
        """Move both views together, or each for itself."""
        self._together = wanted
        if self._synchrony is not None:
            self._synchrony.switch(wanted, leader=self.active)

    def remembered(self) -> SlideMemory:
        """What is known of the slides, with where the reader is now."""
        for view in sorted(self.views, key=self._is_active):
            view.keep_place()
        return self._remembered

    def _is_active(self, view: SlideView) -> bool:
        return view is self.active

    def activate(self, view: SlideView) -> None:
        """From now on keys and actions are for this view."""
        if view is self.active or view.number is None:
            return
        self._make_active(view)
        self._session.show_slide(view.number)
        self.magnified.emit(view.magnification)

    def _make_active(self, view: SlideView) -> None:
        self.active.follows, view.follows = False, True
        self.active = view
        self._mark()

    def _add_pane(self) -> Pane:
        pane = Pane(self._session, self._appearance, self._remembered)
        self._panes.append(pane)
        self.addWidget(pane)
        pane.view.magnified.connect(self._on_magnified)
        pane.view.pointing.pointed.connect(self._on_pointed)
        pane.view.attended.connect(self._on_attended)
        pane.chosen.connect(self._on_chosen)
        return pane

    def _split(self) -> None:
        pane = self._add_pane()
        pane.offer(self._offered)
        view = pane.view
        view.follows = False
        _dress(view, like=self.active)
        self.setSizes([self.width() // 2, self.width() // 2])
        view.show_slide(self._second_number())
        self._synchrony = Synchrony(self.active, view)
        self.synchronise(self._together)
        self.view_added.emit(view)

    def _second_number(self) -> int | None:
        """The slide after the one shown, or the same when it is the last."""
        numbers = [entry.number for entry in self._session.slides]
        if self.active.number not in numbers:
            return None
        after = numbers.index(self.active.number) + 1
        return numbers[min(after, len(numbers) - 1)]

    def _join(self) -> None:
        gone = next(p for p in self._panes if p.view is not self.active)
        self._panes.remove(gone)
        self._synchrony = None
        gone.view.show_slide(None)
        gone.hide()
        gone.deleteLater()

    @Slot()
    def take_keyboard(self) -> None:
        """Keys go to the active view from now on."""
        self.active.setFocus()

    def _mark(self) -> None:
        for pane in self._panes:
            pane.mark(active=pane.view is self.active)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        """A cell to be shown is shown where its slide is seen already."""
        slide, other = self._session.slide, self.other
        if not change & Changes.REVEAL or slide is None or other is None:
            return
        if self.active.number != slide.number == other.number:
            self._make_active(other)

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        self.activate(self._view_of(self.sender()))
        self._session.show_slide(number)

    @Slot()
    def _on_attended(self) -> None:
        view = self.sender()
        if isinstance(view, SlideView):
            self.activate(view)

    def _view_of(self, pane: QObject) -> SlideView:
        return next(p.view for p in self._panes if p is pane)

    @Slot(str)
    def _on_magnified(self, text: str) -> None:
        if self.sender() is self.active:
            self.magnified.emit(text)

    @Slot(object)
    def _on_pointed(self, point: object) -> None:
        if self.sender() is self.active.pointing:
            self.pointed.emit(point)


def _dress(view: SlideView, *, like: SlideView) -> None:
    """Overview, names, fill, grid, scale bar and wheel as another view has them."""
    view.pointing.wheel_inverted = like.pointing.wheel_inverted
    view.overview.wanted = like.overview.wanted
    for name, layer in like.optional.items():
        view.optional[name].shown = layer.shown
    view.grid.measure_like(like.grid)
    view.outdate()
