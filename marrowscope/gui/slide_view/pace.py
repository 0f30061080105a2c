"""Whether the view rests, moves or zooms: what moves is painted faster than what rests.

A glance cannot read what moves; what rests is read for minutes. So the finest picture
is painted once the view has rested for a moment, and a quicker one at each step before.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal

from marrowscope.gui.slide_view.viewport import Viewport

CALM = 80  # milliseconds without a step; the notches of a turning wheel come faster


class Pace(Enum):
    """How the view has changed just now."""

    REST = auto()
    PAN = auto()  # another place at the same scale and angle
    ZOOM = auto()


class Pacing(QObject):
    """Tells the pace from the steps of a view. `calmed`: it has come to rest."""

    calmed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pace = Pace.REST
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CALM)
        self._timer.timeout.connect(self.rest)

    def step(self, before: Viewport, after: Viewport) -> None:
        """The view has moved on, and is likely to go on moving."""
        same = (before.scale, before.angle) == (after.scale, after.angle)
        self.pace = Pace.PAN if same else Pace.ZOOM
        self._timer.start()

    def rest(self) -> None:
        """The view stands where it was put."""
        self._timer.stop()
        if self.pace is not Pace.REST:
            self.pace = Pace.REST
            self.calmed.emit()
