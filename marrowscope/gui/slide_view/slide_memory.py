"""What is remembered of each slide: where the reader was and has looked."""

from __future__ import annotations

import json
import logging
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

from marrowscope.domain.provenance import SlideIdentity
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.slide_view.visited import VisitedArea

log = logging.getLogger(__name__)
MOST_SLIDES = 200


class Place(NamedTuple):
    """A viewport, whatever the size of the window; as in `Viewport`."""

    x: float
    y: float
    scale: float
    angle: float

    @classmethod
    def of(cls, view: Viewport) -> Place:
        return cls(view.x, view.y, view.scale, view.angle)

    def viewport(self, width: float, height: float) -> Viewport:
        """This place in a widget of so many screen pixels."""
        return Viewport(self.x, self.y, self.scale, width, height, self.angle)


@dataclass(slots=True)
class Remembered:
    """Of one slide; `place` is None while it is seen whole."""

    visited: VisitedArea
    place: Place | None = None


class SlideMemory:
    """The slides looked at last, by their content, at most `MOST_SLIDES` of them."""

    def __init__(self, text: str = "") -> None:
        self._known: OrderedDict[str, Remembered] = OrderedDict()
        self._told = _told(text)

    def of(self, slide: SlideIdentity) -> Remembered:
        """What is known of a slide; what is changed in it is remembered."""
        known = self._known.get(slide.content)
        if known is None:
            known = self._recalled(slide)
            self._known[slide.content] = known
        self._known.move_to_end(slide.content)
        while len(self._known) > MOST_SLIDES:
            self._known.popitem(last=False)
        return known

    def _recalled(self, slide: SlideIdentity) -> Remembered:
        place, visited = self._told.pop(slide.content, (None, ""))
        known = Remembered(VisitedArea((slide.width, slide.height)), place)
        known.visited.take(visited)
        return known

    @property
    def text(self) -> str:
        """Everything worth keeping, for the next sitting; the latest last."""
        told = dict(self._told)
        for content, known in self._known.items():
            if known.place is not None or known.visited.seen.any():
                told[content] = (known.place, known.visited.text)
        latest = list(told.items())[-MOST_SLIDES:]
        return json.dumps([[content, *known] for content, known in latest])


def _told(text: str) -> dict[str, tuple[Place | None, str]]:
    """What a text says, as far as it can be understood."""
    try:
        lines = json.loads(text) if text else []
        return {str(line[0]): (_place(line[1]), str(line[2])) for line in lines}
    except (ValueError, TypeError, IndexError, KeyError):
        log.info("what was remembered of slides cannot be read; it is forgotten")
        return {}


def _place(numbers: Any) -> Place | None:
    if numbers is None:
        return None
    place = Place(*(float(number) for number in numbers))
    usable = all(map(math.isfinite, place)) and place.scale > 0
    return place if usable else None
