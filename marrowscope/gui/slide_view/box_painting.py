"""Painting boxes: one call per lineage and line style, never one item per cell.

Colour and letter say the lineage; a double line with a corner mark says dysplastic, a
dashed line unsure, a small filled tick that a person has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF
from shiboken6 import Shiboken

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.slide_view.shown_cells import ShownCells
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import SMALL, font

LINE = 1.5  # pixels
HALO = QColor(255, 255, 255, 150)
MOST_BOXES = 8000  # above, a density picture: the frame must take under 16 ms
MOST_MARKED = 600  # above, letters and ticks would cover the smear
SMALLEST_LETTERED = 28.0  # pixels of a box on the screen
TICK = 6.5  # pixels
DENSITY_STEP = 3  # screen pixels

Rects = NDArray[np.float64]  # (N, 4) logical screen pixels


def paint_boxes(
    painter: QPainter, shown: ShownCells, viewport: Viewport, palette: CellPalette
) -> int:
    """Paint the visible boxes of a view; how many there are."""
    rows = shown.grid.inside(viewport.region)
    rows = rows[shown.visible[rows]]
    if len(rows) > MOST_BOXES:
        _paint_density(painter, shown, rows, viewport, palette)
        return len(rows)
    rects = on_screen(shown, rows, viewport)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(rows) < 3000)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(rows) <= MOST_MARKED:
        # A pale line beneath keeps every colour readable on dark nuclei.
        painter.setPen(QPen(HALO, LINE + 1.5))
        draw_rects(painter, rects)
    for lineage, chosen in _by_lineage(shown, rows):
        colour = palette.of(LINEAGES[lineage]).colour
        _paint_lineage(painter, colour, shown, rows[chosen], rects[chosen])
    if len(rows) <= MOST_MARKED:
        _paint_marks(painter, shown, rows, rects, palette)
    painter.restore()
    return len(rows)


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
    found = shown.lineage[rows]
    for lineage in np.unique(found):
        yield int(lineage), found == lineage


def _paint_lineage(
    painter: QPainter,
    colour: QColor,
    shown: ShownCells,
    rows: NDArray[np.intp],
    rects: Rects,
) -> None:
    unsure, bad = shown.unsure[rows], shown.dysplastic[rows]
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


def _paint_marks(
    painter: QPainter,
    shown: ShownCells,
    rows: NDArray[np.intp],
    rects: Rects,
    palette: CellPalette,
) -> None:
    painter.setFont(font(SMALL, bold=True))
    metrics = QFontMetricsF(painter.font())
    for row, rect in zip(rows, rects, strict=True):
        mark = palette.of(LINEAGES[shown.lineage[row]])
        left, top = float(rect[0]), float(rect[1])
        if rect[2] >= SMALLEST_LETTERED:
            width = metrics.horizontalAdvance(mark.letter) + 6
            above = 18.5 if shown.dysplastic[row] else 15.0
            place = QRectF(left - LINE / 2, top - above, width, 15)
            _paint_tag(painter, place, mark.letter, mark.colour)
        if shown.confirmed[row]:
            corner = QPointF(left + float(rect[2]), top + float(rect[3]))
            radius = min(TICK, max(3.0, float(rect[2]) / 5))
            _paint_tick(painter, corner, mark.colour, radius)


def _paint_tag(painter: QPainter, place: QRectF, letter: str, colour: QColor) -> None:
    painter.fillRect(place, colour)
    painter.setPen(QPen(Qt.GlobalColor.white))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def _paint_tick(
    painter: QPainter, corner: QPointF, colour: QColor, radius: float
) -> None:
    """A filled disc with a tick at the bottom right corner of a box."""
    painter.setPen(QPen(Qt.GlobalColor.white, 1))
    painter.setBrush(colour)
    painter.drawEllipse(corner, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(Qt.GlobalColor.white, max(1.0, radius / 4)))
    steps = [QPointF(-0.46, 0), QPointF(-0.12, 0.37), QPointF(0.5, -0.37)]
    painter.drawPolyline([corner + step * radius for step in steps])


def _paint_density(
    painter: QPainter,
    shown: ShownCells,
    rows: NDArray[np.intp],
    viewport: Viewport,
    palette: CellPalette,
) -> None:
    """Cells as dots of their lineage's colour, for views of many thousands."""
    columns = int(viewport.width // DENSITY_STEP) + 1
    lines = int(viewport.height // DENSITY_STEP) + 1
    rects = on_screen(shown, rows, viewport)
    x = ((rects[:, 0] + rects[:, 2] / 2) // DENSITY_STEP).astype(np.int64)
    y = ((rects[:, 1] + rects[:, 3] / 2) // DENSITY_STEP).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < lines)
    colours = np.asarray(
        [palette.of(name).colour.rgba() for name in LINEAGES], np.uint32
    )
    dots = np.zeros((lines, columns), np.uint32)
    dots[y[inside], x[inside]] = colours[shown.lineage[rows[inside]]]
    picture = QImage(
        dots.data, columns, lines, 4 * columns, QImage.Format.Format_ARGB32
    )
    place = QRectF(0, 0, columns * DENSITY_STEP, lines * DENSITY_STEP)
    painter.drawImage(place, picture)
