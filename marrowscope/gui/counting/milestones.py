"""A quiet sound and a word when a count has come so far."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from marrowscope.gui.counting.chime import STAGE, TARGET, Chime

STAGES = (100, 200, 500)


class Milestones(QObject):
    """Tells when a number of cells is reached, once each on the way up.

    `reached` carries the number. `sounding`: a short sound is heard too, and two notes
    where the target is reached.
    """

    reached = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sounding = True
        self._total = 0
        self._chime = Chime(self)

    def begin(self, total: int) -> None:
        """Count on from here; what lies behind is not told."""
        self._total = total

    def reach(self, total: int, target: int = 0) -> None:
        """So many cells are counted now, of `target` (0: none was set)."""
        before, self._total = self._total, total
        stages = (*STAGES, target) if target else STAGES
        passed = [stage for stage in stages if before < stage <= total]
        if passed:
            if self.sounding:
                self._chime.play(TARGET if target in passed else STAGE)
            self.reached.emit(max(passed))


def stage_text(stage: int) -> str:
    """What is said when a stage is reached."""
    return f"{stage} cells counted. You can count on."
