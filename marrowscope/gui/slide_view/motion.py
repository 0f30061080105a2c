"""Moving a view smoothly to where it shall be; at once when motion is unwanted."""

from __future__ import annotations

import math

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal, Slot
from PySide6.QtWidgets import QStyle, QWidget

from marrowscope.gui.slide_view.viewport import Viewport

MILLISECONDS = 140
GLIDE_MILLISECONDS = 1600
# How far the glide goes, as a share of its length at the speed it begins with: what the
# curve (OutExpo, 1 - 2**(-10 t)) leaves of it.
GLIDE_SHARE = 1 / (10 * math.log(2))


class Motion(QObject):
    """Carries a viewport from where it is to a goal. `moved` carries a Viewport."""

    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._start: Viewport | None = None
        self._goal: Viewport | None = None
        self._at: tuple[float, float] | None = None
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_value)

        self._gliding = False

    @property
    def running(self) -> bool:
        """True while the view moves by itself."""
        return self._animation.state() is QVariantAnimation.State.Running

    @property
    def goal(self) -> Viewport | None:
        """Where the view is asked to go; None when it stands still or only glides."""
        return self._goal if self.running and not self._gliding else None

    def zoom(self, start: Viewport, scale: float, *, at: tuple[float, float]) -> None:
        """Go to another scale with the point under `at` kept in place."""
        self._go(start, start.zoomed(scale, at=at), at)

    def travel(self, start: Viewport, goal: Viewport) -> None:
        """Go to another place and scale."""
        self._go(start, goal, None)

    def glide(self, start: Viewport, across: float, down: float) -> None:
        """Go on at a speed (screen pixels a second), ever slower; not if unwanted.

        Where it ends is known from the beginning, so nothing drifts.
        """
        if self.unwanted:
            return
        reach = GLIDE_MILLISECONDS / 1000 * GLIDE_SHARE
        self._animation.stop()
        self._start, self._at = start, None
        self._goal = start.panned(across * reach, down * reach)
        self._run(GLIDE_MILLISECONDS, QEasingCurve.Type.OutExpo, gliding=True)

    def stop(self) -> None:
        self._animation.stop()

    def _go(
        self, start: Viewport, goal: Viewport, at: tuple[float, float] | None
    ) -> None:
        self._animation.stop()
        self._start, self._goal, self._at = start, goal, at
        if self.unwanted:
            self.moved.emit(goal)
        else:
            self._run(MILLISECONDS, QEasingCurve.Type.OutCubic)

    def _run(
        self, milliseconds: int, curve: QEasingCurve.Type, *, gliding: bool = False
    ) -> None:
        self._gliding = gliding
        self._animation.setDuration(milliseconds)
        self._animation.setEasingCurve(curve)
        self._animation.start()

    @property
    def unwanted(self) -> bool:
        """True when the system asks for no motion, or nobody would see it."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        style = self._widget.style()
        return not self._widget.isVisible() or style.styleHint(hint) == 0

    @Slot(object)
    def _on_value(self, share: float) -> None:
        start, goal = self._start, self._goal
        if start is None or goal is None:
            return
        if share >= 1.0:
            self.moved.emit(goal)
            return
        # Equal steps in the logarithm of the scale look like an even motion.
        scale = math.exp(
            (1 - share) * math.log(start.scale) + share * math.log(goal.scale)
        )
        if self._at is not None:
            self.moved.emit(start.zoomed(scale, at=self._at))
            return
        x = start.x + share * (goal.x - start.x)
        y = start.y + share * (goal.y - start.y)
        # The shorter way round.
        turn = (goal.angle - start.angle + 180.0) % 360.0 - 180.0
        angle = start.angle + share * turn
        self.moved.emit(Viewport(x, y, scale, start.width, start.height, angle))
