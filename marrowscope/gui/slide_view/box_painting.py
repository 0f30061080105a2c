"""Painting boxes: one call per lineage, never one item per cell.

Colour and letter say the lineage; a double line with a corner mark says dysplastic, a
dashed line unsure, a small filled tick that a person has confirmed. Where hundreds are
seen there are no letters and ticks, and only corners of the unsure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.slide_view.box_lines import (
    Line,
    Rects,
    cornered,
    dashed,
    device_line,
    fill_rects,
    grown,
    snapped,
    solid,
)
from marrowscope.gui.slide_view.box_marks import LIFT, paint_marks
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.shown_cells import LOOKS, ShownCells
from marrowscope.gui.slide_view.stamps import draw_stamps, drawn
from marrowscope.gui.slide_view.viewport import Viewport

LINE = 1.5  # pixels
RIM = 1.0  # pixels of the pale line that looks out on either side
VEIL = QColor("#5f646b")  # of no lineage
HALO = QColor(255, 255, 255, 150)
MOST_MARKED = 600  # above, letters and ticks would cover the smear
LEAST_DOUBLE, LEAST_CORNER = 14.0, 12.0  # pixels of a box on the screen
MOST_CORNER = 13.0


@dataclass(frozen=True, slots=True)
class Pencil:
    """How boxes are drawn in a scene: their line, and device pixels per pixel."""

    line: Line
    ratio: float
    marked: bool

    def lines(self, rects: Rects, unsure: NDArray[np.bool_], rim: float = 0.0) -> Rects:
        """The bars of boxes; `rim` wider on every side."""
        line = self.line.rimmed(rim)
        broken = rects[unsure]
        if not self.marked:
            doubtful = cornered(broken, line)
        else:
            doubtful = grown(dashed(broken, self.line), rim)
        return np.concatenate([solid(rects[~unsure], line), doubtful])


def paint_boxes(
    painter: QPainter,
    shown: ShownCells,
    rows: NDArray[np.intp],
    scene: Scene,
    *,
    marked: bool,
) -> None:
    """Paint the boxes of these rows; `marked`: so few are seen that each has all."""
    rects, turned = on_screen(shown, rows, scene.frame), scene.viewport.angle != 0
    line = device_line(LINE, scene.device_ratio)
    if not turned:
        rects = snapped(rects, scene.device_ratio)
    painter.save()
    # The lines of many turned boxes are unsmoothed, which is faster.
    smooth = turned and marked
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    pencil = Pencil(line, scene.device_ratio, marked)
    doubtful = shown.unsure[rows] & ~shown.confirmed[rows]
    if pencil.marked:
        # A pale line beneath keeps every colour readable on dark nuclei.
        fill_rects(painter, pencil.lines(rects, doubtful, rim=RIM), HALO)
    palette = scene.appearance.cells
    for lineage, chosen in _by_lineage(shown, rows):
        colour = palette.of(LINEAGES[lineage]).colour
        bad = shown.kind[rows[chosen]] % 2 == 1
        own = rects[chosen]
        bars = pencil.lines(own, doubtful[chosen])
        double = grown(own[bad & (own[:, 2] > LEAST_DOUBLE)], LIFT)
        fill_rects(painter, np.concatenate([bars, solid(double, line)]), colour)
        if pencil.marked:
            _paint_corners(painter, colour, own[bad], pencil)
    if pencil.marked:
        paint_marks(painter, shown, rows, scene)
    painter.restore()


def paint_veiled(
    painter: QPainter, rects: Rects, scene: Scene, *, marked: bool
) -> None:
    """Boxes that say nothing of their cells: where these lie, and no more."""
    line = device_line(LINE, scene.device_ratio)
    if scene.viewport.angle == 0:
        rects = snapped(rects, scene.device_ratio)
    if marked:
        fill_rects(painter, solid(rects, line.rimmed(RIM)), HALO)
    fill_rects(painter, solid(rects, line), VEIL)


def on_screen(shown: ShownCells, rows: NDArray[np.intp], viewport: Viewport) -> Rects:
    """(N, 4) boxes of these rows in logical screen pixels."""
    rects = shown.grid.boxes[rows].astype(np.float64) * viewport.scale
    left, top = viewport.to_screen(0.0, 0.0)
    rects[:, 0] += left
    rects[:, 1] += top
    return rects


def _by_lineage(
    shown: ShownCells, rows: NDArray[np.intp]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    found = shown.kind[rows] % LOOKS // 2
    for lineage in np.unique(found):
        yield int(lineage), found == lineage


def _paint_corners(
    painter: QPainter, colour: QColor, rects: Rects, pencil: Pencil
) -> None:
    """A small filled triangle in the top right corner."""
    rects = rects[rects[:, 2] > LEAST_CORNER]
    outer, out = grown(rects, LIFT), pencil.line.out
    corners = outer[:, :2] + outer[:, 2:] * (1, 0) + (out, -out)
    sides = np.minimum(MOST_CORNER, rects[:, 2] // 2)
    for side in np.unique(sides).tolist():
        stamp = corner_stamp(side, colour.rgb(), pencil.ratio)
        draw_stamps(painter, stamp, corners[sides == side] + (-side / 2, side / 2))


@lru_cache(maxsize=256)
def corner_stamp(side: float, colour: int, ratio: float) -> QPixmap:
    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        ends = QPointF(0, 0), QPointF(side, 0), QPointF(side, side)
        painter.drawPolygon(QPolygonF(ends))

    return drawn(side, side, ratio, draw)
