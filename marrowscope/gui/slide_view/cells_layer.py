"""The cells of the slide shown: painted, and found by place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from marrowscope.domain.geometry import Box
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.box_painting import on_screen, paint_boxes
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import paint_selection
from marrowscope.gui.slide_view.shown_cells import ShownCells, shown_cells, with_calls
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.gui.slide_view.viewport import Viewport

REACH = 3.0  # screen pixels around a box that still hit it


class CellsLayer:
    """Boxes and selection of one slide; `shown` is None while there are no cells."""

    def __init__(self, session: CaseSession) -> None:
        self._session = session
        self.shown: ShownCells | None = None

    def rebuild(self, slide: int | None) -> None:
        """Other cells, or another slide (None: no slide)."""
        session = self._session
        table, vocabulary = session.table, session.vocabulary
        self.shown = None
        if table is not None and vocabulary is not None and slide is not None:
            self.shown = shown_cells(
                table,
                vocabulary,
                slide=slide,
                verdicts=session.verdicts,
                hidden=session.hidden_classes,
                taxonomy=session.taxonomy,
            )

    def take_calls(self) -> None:
        """The same cells, otherwise called by a person."""
        session = self._session
        if self.shown is not None:
            self.shown = with_calls(self.shown, session.verdicts, session.taxonomy)

    def centres(self) -> np.ndarray:
        """Middles of the cells that are not hidden, (N, 2) level-0 pixels."""
        if self.shown is None:
            return np.zeros((0, 2), np.float32)
        boxes = self.shown.table.box[self.shown.visible]
        return boxes[:, :2] + boxes[:, 2:] / 2

    # Which lies where ------------------------------------------------------------

    def at(self, spot: Spot) -> int | None:
        """The cell under the mouse, the smallest of several."""
        shown = self.shown
        if shown is None or not self._session.boxes_shown:
            return None
        row = shown.grid.at(spot.x, spot.y, reach=REACH / spot.scale)
        if row is None or not shown.visible[row]:
            return None
        return int(shown.table.id[row])

    def inside(self, band: QRectF, viewport: Viewport) -> list[int]:
        """The cells that a rectangle of the screen touches.

        In a turned view, those whose middle lies in it.
        """
        if self.shown is None:
            return []
        shown, region = self.shown, _region(band, viewport)
        rows = shown.grid.inside(region)
        rows = rows[shown.visible[rows]]
        if viewport.angle != 0:
            boxes = shown.table.box[rows]
            middles = viewport.all_to_screen(boxes[:, :2] + boxes[:, 2:] / 2)
            corner = (band.right(), band.bottom())
            within = (middles >= (band.left(), band.top())) & (middles <= corner)
            rows = rows[within.all(axis=1)]
        return shown.table.id[rows].tolist()

    # Painting --------------------------------------------------------------------

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self.shown is None:
            return
        frame, session = scene.frame, self._session
        found = (self.shown.row_of(cell) for cell in session.selection)
        rows = np.asarray([r for r in found if r is not None], np.intp)
        paint_selection(painter, on_screen(self.shown, rows, frame))
        if session.boxes_shown:
            paint_boxes(painter, self.shown, frame, scene.appearance.cells)


def _region(band: QRectF, viewport: Viewport) -> Box:
    """The level-0 rectangle around a rectangle of the screen."""
    corners = (band.topLeft(), band.topRight(), band.bottomLeft(), band.bottomRight())
    points = np.asarray([viewport.to_slide(c.x(), c.y()) for c in corners])
    low, high = points.min(0), points.max(0)
    return Box(*low.tolist(), *(high - low).tolist())
