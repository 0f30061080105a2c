"""The call in force beside the model's answer: whose it is, and whether they agree."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.cell_inspector.model import NOT_REVIEWED, CellReading
from marrowscope.gui.layer_painting import (
    draw_hatched,
    draw_solid,
    draw_text,
    on_panel,
    text_width,
)
from marrowscope.gui.theme import BASE, SMALL, Appearance

ROW, SMALL_ROW, KEY, INDENT = 22.0, 16.0, 8.0, 14.0
MODEL_SAYS, READER_SAYS = "Model suggests", "Your call"


class AnswerLines(QWidget):
    """One answer: heading, a sample of its layer, the name, a remark beneath.

    `solid` for the reader's call, hatched for the model's suggestion.
    """

    def __init__(
        self, appearance: Appearance, *, solid: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._solid = solid
        self.heading = READER_SAYS if solid else MODEL_SAYS
        self.answer, self.remark = "", ""
        self._lineage = "other"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_reading(self, reading: CellReading) -> None:
        """Show this layer of the reading."""
        if self._solid:
            self._show_verdict(reading)
        else:
            self.answer = reading.model_says if reading.score else reading.no_answer
            self.remark = f"probability {reading.score}" if reading.score else ""
            self._lineage = reading.lineage
        self.setAccessibleName(f"{self.heading}: {self.answer} {self.remark}")
        self.update()

    def _show_verdict(self, reading: CellReading) -> None:
        self.answer = reading.verdict or NOT_REVIEWED
        self._lineage = reading.verdict_lineage or "other"
        self.remark = ""
        if reading.reviewed:
            self.remark = reading.relation
        self.setToolTip(reading.verdict_by)

    def sizeHint(self) -> QSize:
        return QSize(280, int(SMALL_ROW + ROW + SMALL_ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width = self._appearance.theme, self.width()
        top = QRectF(0, 0, width, SMALL_ROW)
        draw_text(painter, top, self.heading, size=SMALL, colour=theme.quiet)
        row = QRectF(0, SMALL_ROW, width, ROW)
        known = bool(self.remark)
        self._draw_sample(painter, row, known)
        tone = theme.text if known else theme.quiet
        name = row.adjusted(INDENT, 0, 0, 0)
        firm = self._solid and known
        fits = text_width(self.answer, BASE, bold=firm) <= name.width()
        size = BASE if fits else SMALL
        draw_text(painter, name, self.answer, size=size, colour=tone, bold=firm)
        under = QRectF(INDENT, row.bottom(), width - INDENT, SMALL_ROW)
        draw_text(painter, under, self.remark, size=SMALL, colour=theme.quiet)
        painter.end()

    def _draw_sample(self, painter: QPainter, row: QRectF, known: bool) -> None:
        theme = self._appearance.theme
        sample = QRectF(0, row.center().y() - 7, KEY, 14)
        colour = on_panel(self._appearance.cells.of(self._lineage).colour, theme)
        if not self._solid:
            draw_hatched(painter, sample, colour)
        elif known:
            draw_solid(painter, sample, colour)
        else:
            painter.setPen(theme.hairline)
            painter.drawRoundedRect(sample.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
