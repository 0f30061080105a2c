"""A counting grid: squares of a known side that lie still on the slide."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.magnification import length_text
from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.slide_view.scale_bar import ScaleBar
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import GROUP, RELATED, SMALL, font

SIDES = (50, 100, 200)  # microns
SMALLEST = 14.0  # screen pixels of a square that can be counted in
HEIGHT = 22.0  # pixels of the note
RIM = QColor(255, 255, 255, 90)
LINE = QColor(22, 24, 27, 130)
NO_SCALE = "No counting grid: this slide has no scale yet"


class CountingGrid:
    """Painted while `shown`, on slides whose scale is known.

    `side`: microns of a square. `miller`: each square has a smaller one of a ninth of
    its area in a corner, in which the commoner cell is counted (Brecher and
    Schneiderman 1950).
    """

    def __init__(self) -> None:
        self.shown = False
        self.side = 100
        self.miller = False

    def measure_like(self, other: CountingGrid) -> None:
        """Take the squares of another grid."""
        self.side, self.miller = other.side, other.miller

    def step(self, scene: Scene) -> float:
        """Screen pixels of a square; 0 on a slide without a scale."""
        return self.side / scene.mpp * scene.viewport.scale if scene.mpp else 0.0

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self.shown or scene.mpp is None or self.step(scene) < SMALLEST:
            return
        side, slide = self.side / scene.mpp, scene.size
        lines = list(_grid_lines(scene.frame, side, slide))
        if self.miller:
            lines += _small_squares(scene.frame, side, slide)
        for colour, width in ((RIM, 3.0), (LINE, 1.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLines(lines)


def _places(low: float, high: float, *, side: float, end: float) -> range:
    """Numbers of the grid's lines seen between two level-0 places of the slide."""
    first, last = max(low, 0.0), min(high, end)
    return range(math.ceil(first / side), math.floor(last / side) + 1)


def _grid_lines(
    frame: Viewport, side: float, slide: tuple[int, int]
) -> Iterable[QLineF]:
    region = frame.region
    left, top = frame.to_screen(max(region.x, 0.0), max(region.y, 0.0))
    right, bottom = frame.to_screen(
        min(region.right, slide[0]), min(region.bottom, slide[1])
    )
    for number in _places(region.x, region.right, side=side, end=slide[0]):
        x = frame.to_screen(number * side, 0.0)[0]
        yield QLineF(x, top, x, bottom)
    for number in _places(region.y, region.bottom, side=side, end=slide[1]):
        y = frame.to_screen(0.0, number * side)[1]
        yield QLineF(left, y, right, y)


def _small_squares(
    frame: Viewport, side: float, slide: tuple[int, int]
) -> Iterable[QLineF]:
    """Two strokes that cut the lower right ninth off every square."""
    region, small = frame.region, side / 3
    ends_x = _places(region.x, region.right + side, side=side, end=slide[0])
    ends_y = _places(region.y, region.bottom + side, side=side, end=slide[1])
    for right in ends_x:
        for bottom in ends_y:
            if right and bottom:
                x, y = frame.to_screen(right * side - small, bottom * side - small)
                far_x, far_y = frame.to_screen(right * side, bottom * side)
                yield QLineF(x, y, x, far_y)
                yield QLineF(x, y, far_x, y)


class GridNote:
    """Says above the scale bar how large the squares are, or why there are none."""

    def __init__(self, grid: CountingGrid, above: ScaleBar) -> None:
        self._grid, self._above = grid, above

    def text(self, scene: Scene) -> str:
        if scene.mpp is None:
            return NO_SCALE
        kind = "Miller squares" if self._grid.miller else "Squares"
        size = f"{kind} of {length_text(self._grid.side)}"
        seen = self._grid.step(scene) >= SMALLEST
        return size if seen else f"{size}: zoom in to see them"

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self._grid.shown:
            return
        text = self.text(scene)
        painter.setFont(font(SMALL))
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(text) + 2 * RELATED
        top = self._above.top(scene) - RELATED - HEIGHT
        card = QRectF(GROUP, top, width, HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(PAPER)
        painter.drawRoundedRect(card, 5, 5)
        painter.setPen(INK)
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)
