"""The smear in the reader's hand: it follows the mouse and glides on when let go."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QPointF

from marrowscope.gui.slide_view.navigator import Navigator

RECENT = 60  # milliseconds before the release that tell how fast the hand was
PAUSE = 40  # milliseconds: a hand that has rested so long throws nothing


class Grip:
    """Points are logical pixels of the view, times milliseconds of the mouse events."""

    def __init__(self, navigator: Navigator) -> None:
        self._navigator = navigator
        self._trail: deque[tuple[int, QPointF]] = deque(maxlen=64)

    @property
    def held(self) -> bool:
        return bool(self._trail)

    def take(self, point: QPointF, time: int) -> None:
        """The button goes down."""
        self._trail.clear()
        self._trail.append((time, point))

    def pull(self, point: QPointF, time: int) -> None:
        """The mouse moves with the button down."""
        moved = point - self._trail[-1][1]
        self._trail.append((time, point))
        self._navigator.pan(moved.x(), moved.y())

    def let_go(self, time: int) -> None:
        """The button comes up: what moved goes on moving."""
        trail, last = list(self._trail), self._trail[-1]
        self._trail.clear()
        start = next(spot for spot in trail if spot[0] >= last[0] - RECENT)
        span = last[0] - start[0]
        if span > 0 and time - last[0] <= PAUSE:
            way = (last[1] - start[1]) * (1000 / span)
            self._navigator.glide(way.x(), way.y())
