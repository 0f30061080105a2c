"""One line that says which look is whose: hatched the model's, solid the reader's."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.differential_panel.model import (
    CONFIRMED_HEADING,
    SUGGESTED_HEADING,
)
from marrowscope.gui.layer_painting import draw_hatched, draw_solid, draw_text
from marrowscope.gui.theme import GROUP, SMALL, Appearance

HEIGHT, SAMPLE = 18, 18


class LayerKey(QWidget):
    """Both samples with their headings."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            f"Hatched: {SUGGESTED_HEADING}. Solid: {CONFIRMED_HEADING}."
        )
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        x = 0.0
        for draw, text in (
            (draw_hatched, SUGGESTED_HEADING),
            (draw_solid, CONFIRMED_HEADING),
        ):
            draw(painter, QRectF(x, 4, SAMPLE, 10), theme.quiet)
            place = QRectF(x + SAMPLE + 6, 0, self.width() - x - SAMPLE - 6, HEIGHT)
            used = draw_text(painter, place, text, size=SMALL, colour=theme.quiet)
            x = place.left() + used + GROUP
        painter.end()
