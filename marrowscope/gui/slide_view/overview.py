"""The overview of a view: where the reader is, what was read and what looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.shown_pictures import ShownPictures
from marrowscope.gui.slide_view.looking import Looking
from marrowscope.gui.slide_view.minimap import Minimap
from marrowscope.gui.slide_view.visited import VisitedArea
from marrowscope.gui.theme import GROUP

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

WHOLE = 0.98  # of a slide's sides; who sees more of it needs no overview


class Overview(QObject):
    """Keeps a view's minimap up to date, and notes where the reader looks."""

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._wanted = True
        self._visited: VisitedArea | None = None
        self._pictures = ShownPictures(view.session)
        self.minimap = Minimap(view.appearance, view)
        self.looking = Looking(view)
        self.looking.noted.connect(self._show_visited)
        self.minimap.wished.connect(view.navigator.look_at)
        view.navigator.moved.connect(self._on_moved)
        view.cells.changed.connect(self._show_cells)
        view.session.changed.connect(self._on_changed)

    @property
    def wanted(self) -> bool:
        """Whether the user wants the overview at all."""
        return self._wanted

    @wanted.setter
    def wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._show_or_hide()

    def show_slide(self, visited: VisitedArea | None) -> None:
        """The view shows another slide; `visited` is what was looked at of it."""
        self._visited = visited
        self._show_picture()
        self._show_read()
        self._show_visited()
        self._on_moved()
        self.looking.note_in(visited)

    def place(self) -> None:
        """Take the upper right corner of the view."""
        view, minimap = self._view, self.minimap
        minimap.fit(view.width(), view.height())
        minimap.move(view.width() - minimap.width() - GROUP, GROUP)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.THUMBNAILS | Changes.COLOURS):
            self._show_picture()
        if change & Changes.CELLS:
            self._show_read()

    def _show_picture(self) -> None:
        entry = self._view.entry
        if entry is not None:
            self.minimap.show_slide(self._pictures.of(entry), entry.size)
            self.place()

    def _show_read(self) -> None:
        fields = self._view.session.fields_read
        self.minimap.show_read(fields.get(self._view.number or 0))

    @Slot()
    def _show_cells(self) -> None:
        entry = self._view.entry
        if entry is not None:
            self.minimap.show_cells(*self._view.cells.overview(entry.size))

    @Slot()
    def _show_visited(self) -> None:
        seen = None if self._visited is None else self._visited.seen
        self.minimap.show_visited(seen)

    @Slot()
    def _on_moved(self) -> None:
        self.minimap.show_view(self._view.navigator.viewport)
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        """It helps only while the slide is not seen whole anyway."""
        slide = self._view.navigator.slide
        region = self._view.navigator.viewport.region
        helps = slide is not None and (
            region.width < WHOLE * slide[0] or region.height < WHOLE * slide[1]
        )
        self.minimap.setVisible(self._wanted and helps)
