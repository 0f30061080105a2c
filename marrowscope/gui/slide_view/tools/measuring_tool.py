"""Measures on the smear: drag for one line, click from point to point for several."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent

from marrowscope.gui.case_state import Changes
from marrowscope.gui.slide_view.layers import Level
from marrowscope.gui.slide_view.measuring.layer import MeasuringLayer
from marrowscope.gui.slide_view.measuring.measurement import (
    Measurement,
    Point,
    measured_text,
    squared,
)
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

SLACK = 4.0  # screen pixels a click may wander
GRASP = 8.0  # screen pixels around a point that catch it


class MeasuringTool(QObject):
    """Lines stay on the picture, each on its slide, until Esc or Delete.

    A double click or Enter ends a line of several sides, a click on its first point
    closes it; Shift draws at right angles.
    """

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self.lines = MeasuringLayer(self.covered)
        self._began_at: QPointF | None = None  # where the press began this line
        self._grasped: tuple[Measurement, int] | None = None
        view.layers.add(self.lines, Level.SCREEN)
        view.session.changed.connect(self._on_changed)
        view.slide_shown.connect(self.lay_down)

    @property
    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        if self.lines.unfinished is not None:
            return frozenset(_DEEDS)
        return _OF_KEPT if self._mine() else frozenset()

    @property
    def value(self) -> str | None:
        """The chosen line of the slide shown in words, None when there is none."""
        mine, entry = self._mine(), self._view.entry
        if not mine or entry is None:
            return None
        return measured_text(mine[-1], entry.mpp)

    def covered(self) -> list[QRectF]:
        """Where the overview and the buttons lie over the picture."""
        view = self._view
        over = (view.overview.minimap, view.objectives, view.angle_badge)
        return [QRectF(one.geometry()) for one in over if one.isVisible()]

    def _mine(self) -> list[Measurement]:
        entry = self._view.entry
        return self.lines.of(entry.number) if entry is not None else []

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self.lines.clear()

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        drawn = self.lines.unfinished
        self._grasped = None if drawn else self._point_at(spot)
        if self._grasped is not None:
            self.lines.chosen = self._grasped[0]
        elif drawn is None:
            slide = self._view.entry
            if slide is not None:
                self._began_at, start = spot.screen, (spot.x, spot.y)
                self._draw(Measurement(slide.number, (start, start)))
        else:
            self._lead_to(spot)
        self._view.update()

    def drag(self, spot: Spot) -> None:
        if self._grasped is not None:
            self._move_point(spot)
        else:
            self._lead_to(spot)

    def hover(self, spot: Spot | None) -> None:
        if spot is not None:
            self._lead_to(spot)

    def release(self, spot: Spot) -> None:
        self._lead_to(spot)
        drawn, began_at = self.lines.unfinished, self._began_at
        self._began_at = self._grasped = None
        if drawn is None:
            return
        dragged = began_at is not None and _apart(began_at, spot.screen)
        if drawn.closed or dragged:
            self._finish()
        elif began_at is None:
            self._draw(replace(drawn, points=(*drawn.points, drawn.points[-1])))

    def double(self, spot: Spot) -> None:
        self._finish()

    # Drawing ---------------------------------------------------------------------

    def _draw(self, measurement: Measurement | None) -> None:
        self.lines.unfinished = measurement
        self._view.update()

    def _lead_to(self, spot: Spot) -> None:
        """The last point of the line being drawn goes with the mouse."""
        drawn = self.lines.unfinished
        if drawn is None:
            return
        fixed = drawn.points if drawn.closed else drawn.points[:-1]
        closing = len(fixed) > 2 and _near(spot, fixed[0])
        points = fixed if closing else (*fixed, self._aimed(spot, fixed))
        self._draw(Measurement(drawn.slide, points, closed=closing))

    def _aimed(self, spot: Spot, fixed: tuple[Point, ...]) -> Point:
        point = (spot.x, spot.y)
        if not spot.has(Qt.KeyboardModifier.ShiftModifier):
            return point
        return squared(point, fixed, angle=self._view.navigator.viewport.angle)

    def _finish(self) -> None:
        drawn = self.lines.unfinished
        self._draw(None)
        if drawn is None:
            return
        points = drawn.points if drawn.closed else _without_repeats(drawn.points)
        if len(points) > 1:
            self.lines.keep(replace(drawn, points=points))

    # Points of lines that are kept -----------------------------------------------

    def _point_at(self, spot: Spot) -> tuple[Measurement, int] | None:
        for one in reversed(self._mine()):
            for number, point in enumerate(one.points):
                if _near(spot, point):
                    return one, number
        return None

    def _move_point(self, spot: Spot) -> None:
        if self._grasped is None:
            return
        one, number = self._grasped
        points = (*one.points[:number], (spot.x, spot.y), *one.points[number + 1 :])
        moved = replace(one, points=points)
        self.lines.kept = [moved if old is one else old for old in self.lines.kept]
        self.lines.chosen, self._grasped = moved, (moved, number)
        self._view.update()

    # Keys ------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key not in self.keys:
            return False
        _DEEDS[key](self)
        self._view.update()
        return True

    def _take_back(self) -> None:
        """The point set last is taken back; with none left, the line."""
        drawn = self.lines.unfinished
        if drawn is None:
            self.lines.remove_chosen()
        elif len(drawn.points) > 2:
            points = (*drawn.points[:-2], drawn.points[-1])
            self._draw(Measurement(drawn.slide, points))
        else:
            self._draw(None)

    def _remove(self) -> None:
        if self.lines.unfinished is None:
            self.lines.remove_chosen()
        else:
            self._draw(None)

    def _let_go(self) -> None:
        """The line being drawn; without one, every line there is."""
        if self.lines.unfinished is None:
            self.lines.clear()
        else:
            self._draw(None)

    @Slot()
    def clear(self) -> None:
        """Take every line off the picture."""
        self.lines.clear()
        self._view.update()

    @Slot()
    def lay_down(self) -> None:
        self._began_at = self._grasped = None
        self._draw(None)


_DEEDS = {
    Qt.Key.Key_Return: MeasuringTool._finish,
    Qt.Key.Key_Enter: MeasuringTool._finish,
    Qt.Key.Key_Backspace: MeasuringTool._take_back,
    Qt.Key.Key_Delete: MeasuringTool._remove,
    Qt.Key.Key_Escape: MeasuringTool._let_go,
}
_OF_KEPT = frozenset((Qt.Key.Key_Delete, Qt.Key.Key_Escape))


def _near(spot: Spot, point: Point) -> bool:
    return math.dist((spot.x, spot.y), point) * spot.scale <= GRASP


def _apart(start: QPointF, end: QPointF) -> bool:
    return (end - start).manhattanLength() > SLACK


def _without_repeats(points: tuple[Point, ...]) -> tuple[Point, ...]:
    kept = [points[0]]
    kept += [p for before, p in zip(points, points[1:], strict=False) if p != before]
    return tuple(kept)
