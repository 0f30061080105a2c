"""What every tool of the smear answers, and what it is told of the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the mouse is.

    `screen` in logical pixels of the view; `x`, `y` in level-0 pixels, possibly beyond
    the slide; `scale` is screen pixels per level-0 pixel; `time` milliseconds.
    """

    screen: QPointF
    x: float
    y: float
    scale: float
    modifiers: Qt.KeyboardModifier
    time: int = 0

    def has(self, key: Qt.KeyboardModifier) -> bool:
        """True while Shift, Ctrl or Alt is held."""
        return bool(self.modifiers & key)


class Tool(Protocol):
    """What the left button and the keys do while this tool is in hand.

    Wheel, pinch, arrows, Space and the middle button move the view whatever the tool;
    what a tool draws it paints as a layer of its own.
    """

    @property
    def cursor(self) -> Qt.CursorShape: ...

    @property
    def keys(self) -> frozenset[Qt.Key]:
        """What goes to `key` at this moment, even if an action has the same key."""
        ...

    def press(self, spot: Spot) -> None:
        """The left button goes down."""
        ...

    def drag(self, spot: Spot) -> None:
        """The mouse moves with the left button down."""
        ...

    def hover(self, spot: Spot | None) -> None:
        """The mouse moves with no button down; None when it leaves the view."""
        ...

    def release(self, spot: Spot) -> None:
        """The left button comes up."""
        ...

    def double(self, spot: Spot) -> None:
        """The left button goes down a second time at once."""
        ...

    def key(self, event: QKeyEvent) -> bool:
        """True when the key was for this tool."""
        ...

    def lay_down(self) -> None:
        """Another tool is taken up: what is unfinished is dropped."""
        ...
