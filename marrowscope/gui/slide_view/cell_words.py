"""Names beside the cells, and boxes filled with their colour: both only when wanted."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.box_lines import Rects, fill_rects
from marrowscope.gui.slide_view.box_marks import SMALLEST_LETTERED
from marrowscope.gui.slide_view.box_painting import MOST_MARKED, on_screen
from marrowscope.gui.slide_view.cells_layer import CellsLayer
from marrowscope.gui.slide_view.layers import Drawing, Scene
from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.slide_view.shown_cells import LOOKS
from marrowscope.gui.theme import SMALL, font

FILL_ALPHA = 70
WIDEST = 132.0  # pixels of a name; a larger cell gives it more room
HEIGHT = 15.0


class CellFill:
    """Fills each box with a breath of its lineage's colour, while `shown`."""

    def __init__(self, session: CaseSession, cells: CellsLayer) -> None:
        self._session, self._cells = session, cells
        self.shown = False

    def drawing(self, scene: Scene) -> Drawing | None:
        cells = self._cells.shown
        if not self.shown or not self._session.boxes_shown or cells is None:
            return None
        # A density picture is all fill as it is.
        rows = self._cells.outlined(scene)
        rows = rows[~self._cells.veiled(rows)]
        lineages = cells.kind[rows] % LOOKS // 2
        rects = on_screen(cells, rows, scene.frame)
        return partial(_fill, rects=rects, lineages=lineages, scene=scene)


def _fill(
    painter: QPainter, rects: Rects, lineages: NDArray[np.integer], scene: Scene
) -> None:
    for lineage in np.unique(lineages):
        colour = QColor(scene.appearance.cells.of(LINEAGES[lineage]).colour)
        colour.setAlpha(FILL_ALPHA)
        fill_rects(painter, rects[lineages == lineage], colour)


class CellNames:
    """Writes below each cell what it is called, while `shown`.

    A person's call wins; only cells large enough to have a letter have a name.
    """

    def __init__(self, session: CaseSession, cells: CellsLayer) -> None:
        self._session, self._cells = session, cells
        self.shown = False

    def paint(self, painter: QPainter, scene: Scene) -> None:
        cells, vocabulary = self._cells.shown, self._session.vocabulary
        if not self.shown or not self._session.boxes_shown:
            return
        rows = self._cells.outlined(scene)
        rows = rows[~self._cells.veiled(rows)]
        if cells is None or vocabulary is None or len(rows) > MOST_MARKED:
            return
        painter.setFont(font(SMALL))
        metrics = QFontMetricsF(painter.font())
        for row in rows:
            x, y, width, height = cells.grid.boxes[row].tolist()
            if width * scene.viewport.scale >= SMALLEST_LETTERED:
                middle = scene.viewport.to_screen(x + width / 2, y + height / 2)
                drop = scene.viewport.scale * max(width, height) / 2
                room = max(WIDEST, 2 * drop)
                elide = Qt.TextElideMode.ElideRight
                text = metrics.elidedText(self._name(int(row)), elide, room)
                wide = metrics.horizontalAdvance(text) + 8
                left, top = middle[0] - wide / 2, middle[1] + drop + 3
                _paint_name(painter, QRectF(left, top, wide, HEIGHT), text)

    def _name(self, row: int) -> str:
        session, cells = self._session, self._cells.shown
        if cells is None or session.vocabulary is None:
            return ""
        verdict = session.verdicts.get(int(cells.id[row]))
        if verdict is not None:
            return session.taxonomy.name_of(verdict.lines)
        return session.vocabulary.classes[cells.class_of(row)].name


def _paint_name(painter: QPainter, card: QRectF, text: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PAPER)
    painter.drawRoundedRect(card, 3, 3)
    painter.setPen(INK)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)
