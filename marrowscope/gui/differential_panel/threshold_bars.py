"""Bars against firm marks: dysplasia at 10 %, blasts at 5, 10 and 20 %.

The suggestion is a pale hatched bar; confirmed cells fill it solid, with the interval
as a whisker and the verdict in a word. Either verdict looks equally settled.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from marrowscope.gui.differential_panel.bar_painting import (
    bar_height,
    draw_bar,
    draw_marks,
    sentences,
    spoken,
)
from marrowscope.gui.differential_panel.dysplasia_model import ThresholdBar
from marrowscope.gui.theme import GROUP, RELATED, Appearance

TICKS = 16
LEAST, USUAL, WIDE = 240, 280, 1000  # pixels across; in a wide one no line is broken


class ThresholdBars(QWidget):
    """Bars that share one scale and its marks; the marks run through them all."""

    def __init__(
        self,
        appearance: Appearance,
        *,
        names: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._bars: tuple[ThresholdBar, ...] = ()
        self._names = names
        # As high as what is said takes at its width: two lines in a narrow window.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance.changed.connect(self.update)

    @property
    def bars(self) -> tuple[ThresholdBar, ...]:
        return self._bars

    def show_bars(self, bars: Sequence[ThresholdBar]) -> None:
        """Paint these bars, all of one scale, from now on."""
        if tuple(bars) == self._bars:
            return
        self._bars = tuple(bars)
        self.setAccessibleDescription("; ".join(map(spoken, self._bars)))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        heights = sum(bar_height(bar, width) for bar in self._bars)
        gaps = RELATED * max(len(self._bars) - 1, 0)
        return int(TICKS + heights + gaps)

    def sizeHint(self) -> QSize:
        return QSize(USUAL, self.heightForWidth(USUAL))

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, self.heightForWidth(WIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        track = QRectF(area.left(), TICKS, area.width() - GROUP, area.height() - TICKS)
        draw_marks(painter, track, self._bars[0], self._appearance.theme)
        y = track.top()
        for bar in self._bars:
            height = bar_height(bar, area.width())
            row = QRectF(track.left(), y, area.width(), height)
            draw_bar(painter, row, bar, track=track, appearance=self._appearance)
            y += height + RELATED
        painter.end()

    def bar_at(self, y: float) -> ThresholdBar | None:
        """The bar whose rows include `y`, in widget pixels."""
        top = float(TICKS)
        for bar in self._bars:
            height = bar_height(bar, self.width())
            if top <= y < top + height:
                return bar
            top += height + RELATED
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self.bar_at(event.pos().y())
            text = "\n".join([bar.name, *sentences(bar)]) if bar else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
