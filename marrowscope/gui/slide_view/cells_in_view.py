"""How many cells are in view, told to the session when the view has come to rest."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from marrowscope.gui.case_state import InView
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.cells_building import CellsBuilder
from marrowscope.gui.slide_view.viewport import Viewport

WAIT = 80  # milliseconds: while the view moves, a number is not read anyway


class CellsInView(QObject):
    """Counts the cells whose middle is seen, hidden classes left out."""

    def __init__(self, session: CaseSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._noted: tuple[CellsBuilder, Viewport | None, bool] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tell)

    def note(
        self, cells: CellsBuilder, viewport: Viewport | None, *, as_density: bool
    ) -> None:
        """This was painted just now; None when no cells were."""
        self._noted = cells, viewport, as_density
        if not self._timer.isActive():
            self._timer.start(WAIT)

    @Slot()
    def _tell(self) -> None:
        if self._noted is not None:
            cells, viewport, as_density = self._noted
            count = 0 if viewport is None else cells_in_view(cells, viewport)
            self._session.note_in_view(InView(count, as_density and count > 0))


def cells_in_view(cells: CellsBuilder, viewport: Viewport) -> int:
    """How many cells that are not hidden have their middle on the screen."""
    shown = cells.shown
    if shown is None:
        return 0
    if viewport.angle == 0:
        return shown.grid.count(viewport.region, cells.running)
    rows = shown.grid.inside(viewport.region)
    boxes = shown.grid.boxes[rows[cells.seen[rows]]]
    middles = viewport.all_to_screen(boxes[:, :2] + boxes[:, 2:] / 2)
    within = (middles >= 0) & (middles < (viewport.width, viewport.height))
    return int(np.count_nonzero(within.all(axis=1)))
