"""Scrolling a wall smoothly to where it shall be; at once when motion is unwanted."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QStyle

MILLISECONDS = 140


class SmoothScroll(QObject):
    """Moves an area's vertical bar. `direction`: 1 down, -1 up, as it went last."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area, self._bar = area, area.verticalScrollBar()
        self.direction = 1
        self._last = 0
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(MILLISECONDS)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._on_value)
        self._bar.valueChanged.connect(self._on_scrolled)

    @property
    def running(self) -> bool:
        """True while the wall moves by itself."""
        return self._animation.state() is QVariantAnimation.State.Running

    @property
    def goal(self) -> int:
        """Where the wall is going to, or is."""
        return int(self._animation.endValue()) if self.running else self._bar.value()

    def by(self, pixels: float) -> None:
        """So many pixels further down."""
        self.to(round(self.goal + pixels))

    def to(self, top: int) -> None:
        """Go there from where it is now."""
        wanted = min(max(top, 0), self._bar.maximum())
        self.stop()
        if self._unwanted or abs(wanted - self._bar.value()) < 2:
            self._bar.setValue(wanted)
            return
        self._animation.setStartValue(self._bar.value())
        self._animation.setEndValue(wanted)
        self._animation.start()

    def at_once(self, pixels: float) -> None:
        """Follow two fingers: no motion of its own."""
        self.stop()
        self._bar.setValue(round(self._bar.value() + pixels))

    def put(self, top: int) -> None:
        """What is in sight lies there now; a way that is being gone is gone on."""
        left = self.goal - self._bar.value() if self.running else 0
        self.stop()
        self._bar.setValue(top)
        if left:
            self.by(left)

    def stop(self) -> None:
        self._animation.stop()

    @property
    def _unwanted(self) -> bool:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        still = self._area.style().styleHint(hint) == 0
        return still or not self._area.isVisible()

    @Slot(object)
    def _on_value(self, value: int) -> None:
        self._bar.setValue(int(value))

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if value != self._last:
            self.direction = 1 if value > self._last else -1
        self._last = value
