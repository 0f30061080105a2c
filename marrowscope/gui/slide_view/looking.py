"""Noting where the reader looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.gui.focus import ASSUMED_MPP
from marrowscope.gui.slide_view.magnification import objective_of
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.slide_view.visited import VisitedArea

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

LEAST_OBJECTIVE = 19.5  # at less nobody can tell one cell from another
HELD = 300  # milliseconds that a place must stay in view


class Looking(QObject):
    """What has stayed in view for a moment at 20x or more was looked at.

    What only flies past was not. `noted`: there is more of it.
    """

    noted = Signal()

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._area: VisitedArea | None = None
        self._seen: Viewport | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HELD)
        self._timer.timeout.connect(self._on_held)
        view.navigator.moved.connect(self._on_moved)

    def note_in(self, area: VisitedArea | None) -> None:
        """Another slide is shown, or none: note in its area from now on."""
        self._timer.stop()
        self._area = area
        self._on_moved()

    @Slot()
    def _on_moved(self) -> None:
        if self._area is not None and not self._timer.isActive():
            self._seen = self._view.navigator.viewport
            self._timer.start()

    @Slot()
    def _on_held(self) -> None:
        before, now = self._seen, self._view.navigator.viewport
        if before is None or self._area is None:
            return
        if self._near(before) and self._near(now) and self._area.mark(before, now):
            self.noted.emit()
        if now != before:
            self._on_moved()

    def _near(self, view: Viewport) -> bool:
        entry = self._view.entry
        mpp = None if entry is None else entry.working_mpp
        return objective_of(view.scale, mpp or ASSUMED_MPP) >= LEAST_OBJECTIVE
