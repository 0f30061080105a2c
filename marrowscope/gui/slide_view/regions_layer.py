"""The regions of the slide shown: painted, and found by place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from marrowscope.domain.regions import Region, Shape
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import SMALL, Theme, font

REACH = 5.0  # screen pixels around an outline that still hit it
HANDLE = 3.5
LEAST_LABELLED = 56.0  # screen pixels: smaller regions are not named on the smear
HATCH = QColor(60, 64, 70, 110)


class RegionsLayer:
    """Included regions have a thin outline, excluded ones are hatched quietly.

    `preview` stands in for the region of the same id while it is being dragged.
    """

    def __init__(self, session: CaseSession) -> None:
        self._session = session
        self._paths: dict[Shape, QPainterPath] = {}
        self.preview: Region | None = None

    def at(self, spot: Spot, slide: int | None) -> Region | None:
        """The region whose outline is under the mouse, the last drawn of several."""
        for region in reversed(self._session.regions):
            near = REACH / spot.scale
            if region.slide == slide and near > region.outline_distance(spot.x, spot.y):
                return region
        return None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        shown = [r for r in self._session.regions if r.slide == scene.slide]
        if not shown:
            return
        paths, chosen = {}, self._session.region
        for region in shown:
            current = self._current(region)
            path = self._paths.get(current.shape) or path_of(current)
            paths[current.shape] = path
            in_hand = chosen is not None and chosen.id == region.id
            _paint(painter, current, path, scene, in_hand=in_hand)
        self._paths = paths

    def _current(self, region: Region) -> Region:
        moving = self.preview
        return moving if moving is not None and moving.id == region.id else region


def path_of(region: Region) -> QPainterPath:
    """Every ring of a region, level-0 pixels; even-odd filling leaves its holes."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in region.rings:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring.tolist()]))
        path.closeSubpath()
    return path


def on_screen(viewport: Viewport) -> QTransform:
    """From level-0 pixels to the screen, for an upright viewport."""
    left, top = viewport.to_screen(0, 0)
    scale = viewport.scale
    return QTransform(scale, 0, 0, scale, left, top)


def _paint(
    painter: QPainter,
    region: Region,
    path: QPainterPath,
    scene: Scene,
    *,
    in_hand: bool,
) -> None:
    shown = on_screen(scene.frame).map(path)
    box, seen = shown.boundingRect(), scene.frame.extent
    if not box.adjusted(-24, -24, 24, 24).intersects(QRectF(0, 0, *seen)):
        return
    if not region.included:
        painter.fillPath(shown, _hatch())
    theme = scene.appearance.theme
    ink = theme.accent if in_hand else INK
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((PAPER, 3.5), (ink, 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawPath(shown)
    if in_hand:
        _paint_handles(painter, region, scene.frame, theme)
    if box.width() >= LEAST_LABELLED:
        _paint_name(painter, region, box)


def _hatch() -> QBrush:
    return QBrush(HATCH, Qt.BrushStyle.BDiagPattern)


def _paint_handles(
    painter: QPainter, region: Region, frame: Viewport, theme: Theme
) -> None:
    points = frame.all_to_screen(np.concatenate(region.rings))
    painter.setPen(QPen(theme.accent, 1.2))
    painter.setBrush(PAPER)
    for x, y in points.tolist():
        painter.drawEllipse(QPointF(x, y), HANDLE, HANDLE)


def _paint_name(painter: QPainter, region: Region, box: QRectF) -> None:
    """A tag on the outline's upper edge."""
    painter.setFont(font(SMALL))
    metrics = QFontMetricsF(painter.font())
    text = region.name if region.included else f"{region.name}, left out"
    room = max(box.width() - 8, LEAST_LABELLED)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    width = metrics.horizontalAdvance(text) + 10
    tag = QRectF(box.left() + 4, box.top() - 20, width, 17)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PAPER)
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(INK)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
