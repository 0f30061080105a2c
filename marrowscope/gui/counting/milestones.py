"""A quiet sound and a word when a count has come so far."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

STAGES = (100, 200, 500)


class Milestones(QObject):
    """Tells when a number of cells is reached, once each on the way up.

    `reached` carries the number. `sounding`: the system's own bell rings softly too.
    """

    reached = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sounding = True
        self._total = 0

    def begin(self, total: int) -> None:
        """Count on from here; what lies behind is not told."""
        self._total = total

    def reach(self, total: int) -> None:
        """So many cells are counted now."""
        before, self._total = self._total, total
        passed = [stage for stage in STAGES if before < stage <= total]
        if passed:
            if self.sounding:
                QApplication.beep()
            self.reached.emit(passed[-1])


def stage_text(stage: int) -> str:
    """What is said when a stage is reached."""
    return f"{stage} cells counted. You can count on."
