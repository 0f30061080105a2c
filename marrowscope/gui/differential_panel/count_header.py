"""How many cells were confirmed towards the count, and a thin progress."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.differential_panel.model import CountProgress, number
from marrowscope.gui.layer_painting import draw_text, text_width
from marrowscope.gui.theme import LARGE, RELATED, SMALL, Appearance

HEIGHT, TEXT, TRACK = 40, 28, 3


class CountHeader(QWidget):
    """Two totals side by side: confirmed in firm type, suggested in quiet type."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._progress = CountProgress(0, 0)
        self._suggested = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_totals(self, progress: CountProgress, *, suggested: int) -> None:
        """Print these totals from now on."""
        self._progress, self._suggested = progress, suggested
        self.setAccessibleName(f"{progress.text} confirmed, {suggested} suggested")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(0, 0, self.width(), TEXT)
        used = self._draw_confirmed(painter, row)
        self._draw_suggested(painter, row.adjusted(used + RELATED, 3, 0, 3))
        self._draw_progress(painter, QRectF(0, HEIGHT - 8, self.width(), TRACK))
        painter.end()

    def _draw_confirmed(self, painter: QPainter, row: QRectF) -> float:
        theme = self._appearance.theme
        done = number(self._progress.done)
        draw_text(painter, row, done, size=LARGE, colour=theme.text, bold=True)
        start = text_width(done, LARGE, bold=True) + 6
        words = f"of {number(self._progress.target)} confirmed"
        if self._progress.keyed:
            words += f", {number(self._progress.keyed)} keyed"
        place = row.adjusted(start, 3, 0, 3)
        return start + draw_text(painter, place, words, size=SMALL, colour=theme.quiet)

    def _draw_suggested(self, painter: QPainter, row: QRectF) -> None:
        if self._suggested:
            words = f"{number(self._suggested)} suggested"
            tone = self._appearance.theme.faint
            draw_text(painter, row, words, size=SMALL, colour=tone, right=True)

    def _draw_progress(self, painter: QPainter, track: QRectF) -> None:
        theme = self._appearance.theme
        painter.fillRect(track, theme.hairline)
        done = QRectF(track)
        done.setWidth(track.width() * self._progress.fraction)
        painter.fillRect(done, theme.text)
