"""The measured lines of the slide shown, and the one in hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.measuring.measurement import Measurement, measured_text
from marrowscope.gui.slide_view.measuring.painting import (
    card_place,
    card_size,
    paint_card,
    paint_line,
)
from marrowscope.gui.theme import RELATED


class MeasuringLayer:
    """Lines kept, oldest first, and `unfinished`, which is still being drawn.

    `chosen` is the one that copying and deleting mean. `covered` tells what lies over
    the view, in its pixels: no value stands beneath.
    """

    def __init__(self, covered: Callable[[], list[QRectF]] = list) -> None:
        self._covered = covered
        self.kept: list[Measurement] = []
        self.unfinished: Measurement | None = None
        self.chosen: Measurement | None = None

    def keep(self, measurement: Measurement) -> None:
        """Keep a line that is finished; it is the chosen one."""
        self.kept.append(measurement)
        self.unfinished, self.chosen = None, measurement

    def remove_chosen(self) -> None:
        """Let the chosen line go; the one drawn before it is chosen."""
        slide = self.chosen.slide if self.chosen else None
        self.kept = [one for one in self.kept if one is not self.chosen]
        left = [one for one in self.kept if one.slide == slide]
        self.chosen = left[-1] if left else None

    def clear(self) -> None:
        self.kept.clear()
        self.unfinished = self.chosen = None

    def of(self, slide: int) -> list[Measurement]:
        """What is kept on a slide, the chosen one last."""
        mine = [one for one in self.kept if one.slide == slide]
        return sorted(mine, key=lambda one: one is self.chosen)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Lines first, so that none strikes out a value."""
        shown = self.of(scene.slide)
        chosen = shown[-1] if len(shown) > 1 else None
        if self.unfinished is not None and self.unfinished.slide == scene.slide:
            shown, chosen = [*shown, self.unfinished], None
        drawn = [(one, _on_screen(one, scene)) for one in shown]
        for one, points in drawn:
            paint_line(painter, points, closed=one.closed)
        covered = self._covered() if drawn else []
        for one, points in drawn:
            ringed = one is chosen
            _paint_value(painter, scene, one, points, ringed=ringed, covered=covered)


def _on_screen(one: Measurement, scene: Scene) -> list[QPointF]:
    return [QPointF(*scene.viewport.to_screen(x, y)) for x, y in one.points]


def _paint_value(
    painter: QPainter,
    scene: Scene,
    one: Measurement,
    points: list[QPointF],
    *,
    ringed: bool,
    covered: list[QRectF],
) -> None:
    view = QRectF(0, 0, scene.viewport.width, scene.viewport.height)
    around = QPolygonF(points).boundingRect().adjusted(-1, -1, 1, 1)
    if len(points) < 2 or not around.intersects(view):
        return
    text = measured_text(one, scene.mpp)
    within = view.adjusted(RELATED, RELATED, -RELATED, -RELATED)
    card = card_place(
        points, card_size(text), closed=one.closed, within=within, covered=covered
    )
    edge = scene.appearance.theme.accent if ringed else None
    paint_card(painter, card, text, edge=edge)
