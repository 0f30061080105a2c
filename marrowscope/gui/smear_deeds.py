"""What the window's actions do to the smear in view: zoom, turn the page, copy."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from marrowscope.analysis.photo_matching import is_photo
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.view import SlideView


class SmearDeeds(QObject):
    """One method per deed that changes where the reader looks, and copies what is seen.

    `told` says what was just done: what lies on the clipboard, which field is seen.
    """

    told = Signal(str)

    def __init__(
        self, session: CaseSession, pair: SlidePair, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._pair = session, pair

    @property
    def _smear(self) -> SlideView:
        return self._pair.active

    @Slot()
    def zoom_in(self) -> None:
        self._smear.navigator.zoom_to(self._smear.navigator.goal.scale * 1.5)

    @Slot()
    def zoom_out(self) -> None:
        self._smear.navigator.zoom_to(self._smear.navigator.goal.scale / 1.5)

    @Slot()
    def fit(self) -> None:
        self._smear.navigator.fit()

    @Slot()
    def turn_right(self) -> None:
        self._smear.navigator.turn(90)

    @Slot()
    def turn_left(self) -> None:
        self._smear.navigator.turn(-90)

    @Slot()
    def set_upright(self) -> None:
        self._smear.navigator.set_upright()

    @Slot(bool)
    def invert_wheel(self, inverted: bool) -> None:
        """Zoom in by turning the wheel towards the reader."""
        for view in self._pair.views:
            view.pointing.wheel_inverted = inverted

    @Slot()
    def objective(self) -> None:
        """Zoom to the objective that the action's data names by its place."""
        number = self.sender().property("objective")
        self._smear.navigator.zoom_to(self._smear.objectives.scale_at(int(number)))

    @Slot(bool)
    def show_minimap(self, shown: bool) -> None:
        for view in self._pair.views:
            view.overview.wanted = shown

    @Slot(bool)
    def show_scale_bar(self, shown: bool) -> None:
        self._pair.show_layer("scale_bar", shown)

    @Slot(bool)
    def side_by_side(self, wanted: bool) -> None:
        self._pair.split(wanted)

    @Slot(bool)
    def synchronise(self, wanted: bool) -> None:
        self._pair.synchronise(wanted)

    @Slot()
    def other_side(self) -> None:
        """Turn to the other of two views."""
        if self._pair.other is not None:
            self._pair.other.setFocus()

    @Slot(bool)
    def show_names(self, shown: bool) -> None:
        self._pair.show_layer("names", shown)

    @Slot(bool)
    def show_fill(self, shown: bool) -> None:
        self._pair.show_layer("fill", shown)

    @Slot(bool)
    def show_zones(self, shown: bool) -> None:
        self._session.show_zones(shown)
        self._pair.show_layer("zones", shown)

    @Slot(bool)
    def show_grid(self, shown: bool) -> None:
        self._pair.show_layer("grid", shown)

    @Slot()
    def look_bare(self) -> None:
        for view in self._pair.views:
            view.bare_look.begin()

    @Slot()
    def clear_lines(self) -> None:
        for view in self._pair.views:
            view.measuring.clear()

    @Slot()
    def copy(self) -> None:
        """Copy the measured value, else the smear as it is seen, as a picture."""
        clipboard = QGuiApplication.clipboard()
        value = self._smear.measuring.value
        if value is not None:
            clipboard.setText(value)
            self.told.emit(f"Copied {value}")
        elif self._session.slide is not None:
            clipboard.setPixmap(self._smear.picture())
            self.told.emit("Copied the smear as it is seen, as a picture")

    @Slot()
    def next_cell(self) -> None:
        self._session.select_next(1)

    @Slot()
    def previous_cell(self) -> None:
        self._session.select_next(-1)

    @Slot()
    def next_field(self) -> None:
        self._show_next_field(1)

    @Slot()
    def previous_field(self) -> None:
        self._show_next_field(-1)

    def _show_next_field(self, step: int) -> None:
        """Each photo is one field; of a slide the next part to look at."""
        entry = self._smear.entry
        if entry is not None and is_photo(entry.opened.slide.identity):
            self._show_next(step)
        elif entry is not None:
            self.told.emit(self._smear.fields.go(step))

    @Slot()
    def next_slide(self) -> None:
        self._show_next(1)

    @Slot()
    def previous_slide(self) -> None:
        self._show_next(-1)

    def _show_next(self, step: int) -> None:
        numbers = [s.number for s in self._session.slides]
        if self._session.slide is not None and numbers:
            here = numbers.index(self._session.slide.number)
            self._session.show_slide(numbers[(here + step) % len(numbers)])

    @Slot()
    def clear_selection(self) -> None:
        self._session.select_cell(None)
