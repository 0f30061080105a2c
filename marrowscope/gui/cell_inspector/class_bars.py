"""The probability of every class as small bars, always in the same order."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.cell_inspector.model import ClassShare, worth_showing
from marrowscope.gui.layer_painting import draw_hatched, draw_text, on_panel
from marrowscope.gui.theme import RELATED, SMALL, Appearance

ROW, NAME, FIGURE, BAR = 18.0, 0.48, 40.0, 8.0


class ClassBars(QWidget):
    """Pale and hatched, because they are the model's; the first class in firm type."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.shares: tuple[ClassShare, ...] = ()
        self.remark = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_shares(self, shares: tuple[ClassShare, ...]) -> None:
        """Paint these classes from top to bottom."""
        before = self.sizeHint()
        self.shares, self.remark = worth_showing(shares)
        words = ", ".join(f"{s.name} {s.percent}" for s in shares)
        self.setAccessibleName(f"Class probabilities: {words}")
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, int(ROW * (len(self.shares) + bool(self.remark))))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, share in enumerate(self.shares):
            row = QRectF(0, index * ROW, self.width(), ROW)
            self._draw_share(painter, row, share)
        under = QRectF(0, ROW * len(self.shares), self.width(), ROW)
        tone = self._appearance.theme.quiet
        draw_text(painter, under, self.remark, size=SMALL, colour=tone)
        painter.end()

    def _draw_share(self, painter: QPainter, row: QRectF, share: ClassShare) -> None:
        theme = self._appearance.theme
        tone = theme.text if share.first else theme.quiet
        name = QRectF(row.left(), row.top(), NAME * row.width() - RELATED, ROW)
        draw_text(painter, name, share.name, size=SMALL, colour=tone, bold=share.first)
        lane = QRectF(NAME * row.width(), row.top() + (ROW - BAR) / 2, 0, BAR)
        lane.setWidth(row.width() - lane.left() - FIGURE - RELATED)
        painter.fillRect(
            QRectF(lane.left(), lane.bottom() - 1, lane.width(), 1), theme.hairline
        )
        if share.share >= 0.005:
            bar = QRectF(lane)
            bar.setWidth(max(lane.width() * share.share, 2.0))
            colour = on_panel(self._appearance.cells.of(share.lineage).colour, theme)
            draw_hatched(painter, bar, colour)
        figure = QRectF(row.right() - FIGURE, row.top(), FIGURE, ROW)
        draw_text(painter, figure, share.percent, size=SMALL, colour=tone, right=True)
