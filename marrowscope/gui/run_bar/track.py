"""A thin track that fills as fields are read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from marrowscope.gui.theme import Appearance

WIDTH, HEIGHT, THICKNESS = 120, 16, 4


class RunTrack(QWidget):
    """Empty while nobody knows how far the run is."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.fraction: float | None = None
        self._running = False
        appearance.changed.connect(self.update)

    def show_fraction(self, fraction: float | None, *, running: bool) -> None:
        """Fill the track up to `fraction`, 0 to 1."""
        self.fraction, self._running = fraction, running
        words = "not known yet" if fraction is None else f"{100 * fraction:.0f} %"
        self.setAccessibleName(f"Read: {words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = self._appearance.theme
        track = QRectF(0, (self.height() - THICKNESS) / 2, self.width(), THICKNESS)
        painter.setBrush(theme.hairline)
        painter.drawRoundedRect(track, 2, 2)
        if self.fraction:
            track.setWidth(max(track.width() * self.fraction, THICKNESS))
            painter.setBrush(theme.text if self._running else theme.quiet)
            painter.drawRoundedRect(track, 2, 2)
        painter.end()
