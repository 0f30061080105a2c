"""Letters and ticks beside the boxes: upright, however the picture is turned."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.palette import LineageMark
from marrowscope.gui.slide_view.layers import Scene, unturned
from marrowscope.gui.slide_view.shown_cells import LOOKS, ShownCells
from marrowscope.gui.slide_view.stamps import draw_stamps, drawn
from marrowscope.gui.theme import SMALL, font

SMALLEST_LETTERED = 28.0  # pixels of a box on the screen
TAG_HEIGHT = 15.0
LIFT = 4.0  # pixels that the second line of a dysplastic cell stands out
TICK = 6.5  # radius in pixels

# Top left, top right, bottom right, bottom left of a box.
CORNERS = np.asarray([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def paint_marks(
    painter: QPainter, shown: ShownCells, rows: NDArray[np.intp], scene: Scene
) -> None:
    """A letter at every box that is large enough, a tick where a person confirmed."""
    corners = _corners_on_screen(shown, rows, scene)
    sides = shown.grid.boxes[rows, 2] * scene.viewport.scale
    kinds = shown.kind[rows]
    tags = _highest(corners) - [0.75, TAG_HEIGHT]
    tags[:, 1] -= np.where(kinds % 2 == 1, LIFT, 0.0)
    ticks = _lowest_right(corners)
    lettered, confirmed = sides >= SMALLEST_LETTERED, shown.confirmed[rows]
    lineages = kinds % LOOKS // 2
    with unturned(painter, scene.viewport):
        for lineage in np.unique(lineages):
            mark, own = (
                scene.appearance.cells.of(LINEAGES[lineage]),
                lineages == lineage,
            )
            tag = tag_stamp(mark.letter, mark.colour.rgb(), scene.device_ratio)
            half = np.asarray(tag.deviceIndependentSize().toTuple()) / 2
            draw_stamps(painter, tag, tags[own & lettered] + half)
            ticked = own & confirmed
            if ticked.any():
                _put_ticks(painter, ticks[ticked], sides[ticked], mark, scene)


def _corners_on_screen(
    shown: ShownCells, rows: NDArray[np.intp], scene: Scene
) -> NDArray[np.float64]:
    """(N, 4, 2) where the corners of the boxes lie on the turned screen."""
    boxes = shown.grid.boxes[rows].astype(np.float64)
    points = boxes[:, None, :2] + CORNERS * boxes[:, None, 2:]
    flat = scene.viewport.all_to_screen(points.reshape(-1, 2))
    return flat.reshape(-1, 4, 2)


def _highest(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) the corner at the top; at the top left of a box not turned."""
    height = corners[..., 1] + 1e-3 * corners[..., 0]
    return corners[np.arange(len(corners)), height.argmin(axis=1)].copy()


def _lowest_right(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) the corner towards the bottom right of the screen."""
    return corners[np.arange(len(corners)), corners.sum(axis=2).argmax(axis=1)]


def _put_ticks(
    painter: QPainter,
    places: NDArray[np.float64],
    sides: NDArray[np.floating],
    mark: LineageMark,
    scene: Scene,
) -> None:
    radii = np.rint(2 * np.clip(sides / 5, 3.0, TICK)) / 2
    for radius in np.unique(radii).tolist():
        tick = tick_stamp(radius, mark.colour.rgb(), scene.device_ratio)
        draw_stamps(painter, tick, places[radii == radius])


# Drawn once: hundreds of texts in a frame would take too long.


@lru_cache(maxsize=64)
def tag_stamp(letter: str, colour: int, ratio: float) -> QPixmap:
    """The letter in white on its lineage's colour."""
    chosen = font(SMALL, bold=True)
    width = QFontMetricsF(chosen).horizontalAdvance(letter) + 6

    def draw(painter: QPainter) -> None:
        place = QRectF(0, 0, width, TAG_HEIGHT)
        painter.fillRect(place, QColor(colour))
        painter.setFont(chosen)
        painter.setPen(QPen(Qt.GlobalColor.white))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)

    return drawn(width, TAG_HEIGHT, ratio, draw)


@lru_cache(maxsize=256)
def tick_stamp(radius: float, colour: int, ratio: float) -> QPixmap:
    """A filled disc with a tick."""
    side = 2 * radius + 2

    def draw(painter: QPainter) -> None:
        middle = QPointF(side / 2, side / 2)
        painter.setPen(QPen(Qt.GlobalColor.white, 1))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(Qt.GlobalColor.white, max(1.0, radius / 4)))
        steps = [QPointF(-0.46, 0), QPointF(-0.12, 0.37), QPointF(0.5, -0.37)]
        painter.drawPolyline([middle + step * radius for step in steps])

    return drawn(side, side, ratio, draw)
