"""Painting boxes: one call per lineage and line style, never one item per cell.

Colour and letter say the lineage; a double line with a corner mark says dysplastic, a
dashed line unsure, a small filled tick that a person has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from shiboken6 import Shiboken

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.slide_view.box_marks import paint_marks
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.shown_cells import LOOKS, ShownCells
from marrowscope.gui.slide_view.viewport import Viewport

LINE = 1.5  # pixels
HALO = QColor(255, 255, 255, 150)
MOST_SMOOTH = 1500  # above, lines are drawn unsmoothed, which is faster
MOST_MARKED = 600  # above, letters and ticks would cover the smear

Rects = NDArray[np.float64]  # (N, 4) logical screen pixels


def paint_boxes(
    painter: QPainter, shown: ShownCells, rows: NDArray[np.intp], scene: Scene
) -> None:
    """Paint the boxes of these rows."""
    rects = on_screen(shown, rows, scene.frame)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(rows) <= MOST_SMOOTH)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(rows) <= MOST_MARKED:
        # A pale line beneath keeps every colour readable on dark nuclei.
        painter.setPen(QPen(HALO, LINE + 1.5))
        draw_rects(painter, rects)
    palette = scene.appearance.cells
    for lineage, chosen in _by_lineage(shown, rows):
        colour = palette.of(LINEAGES[lineage]).colour
        _paint_lineage(painter, colour, shown, rows[chosen], rects[chosen])
    if len(rows) <= MOST_MARKED:
        paint_marks(painter, shown, rows, scene)
    painter.restore()


def on_screen(shown: ShownCells, rows: NDArray[np.intp], viewport: Viewport) -> Rects:
    """(N, 4) boxes of these rows in logical screen pixels."""
    rects = shown.grid.boxes[rows].astype(np.float64) * viewport.scale
    left, top = viewport.to_screen(0.0, 0.0)
    rects[:, 0] += left
    rects[:, 1] += top
    return rects


def draw_rects(painter: QPainter, rects: Rects) -> None:
    """Hand all rectangles to Qt in one call, without a Python object for each."""
    if len(rects):
        rects = np.ascontiguousarray(rects)
        # QRectF is four doubles; the array outlives the call.
        first = Shiboken.wrapInstance(rects.ctypes.data, QRectF)
        painter.drawRects(first, len(rects))  # pyright: ignore


def _by_lineage(
    shown: ShownCells, rows: NDArray[np.intp]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    found = shown.kind[rows] % LOOKS // 2
    for lineage in np.unique(found):
        yield int(lineage), found == lineage


def _paint_lineage(
    painter: QPainter,
    colour: QColor,
    shown: ShownCells,
    rows: NDArray[np.intp],
    rects: Rects,
) -> None:
    unsure = shown.unsure[rows] & ~shown.confirmed[rows]
    bad = shown.kind[rows] % 2 == 1
    painter.setPen(QPen(colour, LINE))
    draw_rects(painter, rects[~unsure])
    dashed = QPen(colour, LINE)
    dashed.setDashPattern([4, 3])
    painter.setPen(dashed)
    draw_rects(painter, rects[unsure])
    if bad.any():
        painter.setPen(QPen(colour, LINE))
        large = rects[bad & (rects[:, 2] > 14)]
        draw_rects(painter, large + np.asarray([-3.5, -3.5, 7, 7]))
        _paint_corners(painter, colour, rects[bad])


def _paint_corners(painter: QPainter, colour: QColor, rects: Rects) -> None:
    """A small filled triangle in the top right corner."""
    rects = rects[rects[:, 2] > 12]
    if len(rects) > MOST_MARKED:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x, y, width, _ in rects:
        right, side = x + width + 3.5, min(9.0, width / 2)
        corner = [(right - side, y - 3.5), (right, y - 3.5), (right, y - 3.5 + side)]
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in corner]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
