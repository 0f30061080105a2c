"""How far a count is: a line towards its target, with a tick at each stage."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.counting.milestones import STAGES
from marrowscope.gui.layer_painting import draw_text
from marrowscope.gui.theme import SMALL, Appearance

HEIGHT, LINE, LABEL = 28, 6.0, 40.0


class StageTrack(QWidget):
    """Numbers stand beneath the ticks they belong to."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._total = self._target = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_total(self, total: int, target: int) -> None:
        """Paint so many cells of so many."""
        self._total, self._target = total, target
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._appearance.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = max(self._target, self._total, 1)
        width = self.width() - 1.0
        painter.fillRect(QRectF(0, 2, width, LINE), theme.hairline)
        done = QRectF(0, 2, width * self._total / scale, LINE)
        painter.fillRect(done, theme.text)
        for stage in {*STAGES, self._target}:
            if 0 < stage <= scale:
                self._tick(painter, width * stage / scale, stage)
        painter.end()

    def _tick(self, painter: QPainter, x: float, stage: int) -> None:
        theme = self._appearance.theme
        reached = stage <= self._total
        painter.setPen(QPen(theme.panel if reached else theme.faint, 1.0))
        painter.drawLine(QLineF(x, 2, x, 2 + LINE))
        right = x + LABEL / 2 > self.width()
        left = x - LABEL if right else x - LABEL / 2
        place = QRectF(left, LINE + 4, LABEL, HEIGHT - LINE - 4)
        colour = theme.text if reached else theme.faint
        words = f"{stage}"
        draw_text(painter, place, words, size=SMALL, colour=colour, right=right)
