"""Going from one field of a slide to the next, as a microscope's stage is driven."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from marrowscope.domain.geometry import Box, Boxes
from marrowscope.gui.slide_view.field_route import Route, through_fields, through_views
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.slide_view.viewport import FIT_MARGIN, Viewport

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

REST_MS = 80  # in one place; who goes on quickly needs nothing read ahead
SMALL = 1 / 3  # of the view: a field that is smaller is enlarged until it fills it
COUNTED_AT = OBJECTIVES.index(40)  # from where the whole slide was seen
STRONGEST = len(OBJECTIVES) - 1


class FieldWalk(QObject):
    """Goes to the next or the previous counting field, and has it read beforehand.

    The fields are those that were read of the slide; where none was, views of it.
    """

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._last: tuple[float, float] | None = None  # middle of the field gone to
        self._step = 0  # the way it goes: 1 on, -1 back, 0 when it was left
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._read_ahead)
        view.navigator.moved.connect(self._on_moved)
        view.slide_shown.connect(self._on_slide_shown)
        view.session.runner.closing.connect(self._rest.stop)

    @property
    def settled(self) -> bool:
        """True when what lies ahead is asked for."""
        return not self._rest.isActive()

    def go(self, step: int) -> str:
        """To the next field (1) or the previous one (-1); says which it is of how many.

        The zoom stays, unless a field would be tiny: then it is shown large.
        """
        view = self._start()
        route = self._route(view)
        wanted = self._number(route) + step
        if not self._stands_in(route):
            wanted -= step
        number = min(max(wanted, 0), len(route.middles) - 1)
        goal = self._at(route, number, view)
        self._last, self._step = (goal.x, goal.y), step
        self._view.navigator.go_to(goal)
        end = ": the last one" if step > 0 else ": the first one"
        return route.words(number) + (end if number != wanted else "")

    def _whole(self) -> bool:
        """True while all of the slide is seen."""
        view, size = self._view.navigator.goal, self._view.navigator.slide
        box = Box(0, 0, *(size or (0, 0)))
        shown = view.region.intersection(box)
        return shown is not None and shown.area > 0.99 * box.area

    def _start(self) -> Viewport:
        """The view that goes from field to field: where it is, at a reader's zoom."""
        view, objectives = self._view.navigator.goal, self._view.objectives
        scale = min(view.scale, objectives.scale_at(STRONGEST))
        if self._whole() and self._fields() is None:
            scale = max(scale, objectives.scale_at(COUNTED_AT))
        return replace(view, scale=scale)

    def _fields(self) -> Boxes | None:
        fields = self._view.session.fields_read.get(self._view.number or 0)
        return fields if fields is not None and len(fields) else None

    def _route(self, view: Viewport) -> Route:
        fields, session = self._fields(), self._view.session
        if fields is not None:
            return through_fields(fields)
        slide = self._view.navigator.slide or (1, 1)
        zones = session.zones.of(self._view.number or 0)
        return through_views(slide, _seen(view), zones)

    def _number(self, route: Route) -> int:
        """The field that the reader is at; from the whole slide, was at before."""
        view = self._view.navigator.goal
        if self._whole():
            return 0 if self._last is None else route.nearest(*self._last)
        return route.nearest(view.x, view.y)

    def _stands_in(self, route: Route) -> bool:
        view = self._view.navigator.goal
        if self._whole():
            return self._last is not None
        return route.holds(self._number(route), view.x, view.y)

    def _at(self, route: Route, number: int, view: Viewport) -> Viewport:
        """The view of a field; fields that would be tiny fill it."""
        seen = _seen(view)
        fill = min(s / f for s, f in zip(seen, route.field, strict=True))
        scale = view.scale * (FIT_MARGIN * fill if fill > 1 / SMALL else 1.0)
        return replace(view, scale=scale).centred(*map(float, route.middles[number]))

    # The next one beforehand -------------------------------------------------------

    @Slot()
    def _on_slide_shown(self) -> None:
        self._last, self._step = None, 0
        self._rest.stop()

    @Slot()
    def _on_moved(self) -> None:
        if self._step:
            self._rest.start()

    @Slot()
    def _read_ahead(self) -> None:
        """Have the tiles of the field after the one that was gone to."""
        navigator = self._view.navigator
        view = navigator.goal
        if not navigator.still or navigator.slide is None:
            return
        if (view.x, view.y) != self._last:
            self._step = 0  # the reader went elsewhere
            return
        route = self._route(view)
        number = route.nearest(view.x, view.y) + self._step
        if 0 <= number < len(route.middles):
            self._view.loader.look_ahead(self._at(route, number, view))


def _seen(view: Viewport) -> tuple[float, float]:
    """Width and height (level-0 pixels) of an upright rectangle that is seen whole."""
    if view.angle % 90 == 0:
        return view.region.width, view.region.height
    side = min(view.width, view.height) / math.sqrt(2) / view.scale
    return side, side
