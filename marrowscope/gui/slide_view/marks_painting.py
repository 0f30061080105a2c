"""What lies over smear and boxes: selection, field in hand, rubber band, scale bar."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.box_lines import Line, Rects, fill_rects, grown, solid
from marrowscope.gui.slide_view.magnification import bar_length, length_text
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import BASE, GROUP, Theme, font

LONGEST_BAR = 160.0  # pixels
BAR_HEIGHT = 40.0  # pixels
ROOM_FOR_SCALE_BAR = LONGEST_BAR + 24 + 4 * GROUP
INK = QColor("#16181b")
PAPER = QColor(255, 255, 255, 225)


def paint_selection(painter: QPainter, rects: Rects) -> None:
    """A dark frame with a white rim: seen on every stain, mistaken for no lineage."""
    for colour, width in ((PAPER, 5.0), (INK, 2.0)):
        fill_rects(painter, solid(grown(rects, 8.0), Line(width, width / 2)), colour)


def paint_field(
    painter: QPainter, field: Box, viewport: Viewport, theme: Theme
) -> None:
    """The field that was read last: a breath of the accent, with corners."""
    place = viewport.box_to_screen(field)
    rect = QRectF(place.x, place.y, place.width, place.height)
    wash = QColor(theme.accent)
    wash.setAlpha(14)
    painter.fillRect(rect, wash)
    painter.setPen(QPen(theme.accent, 1.5))
    arm = min(14.0, rect.width() / 4)
    for corner, dx, dy in (
        (rect.topLeft(), arm, arm),
        (rect.topRight(), -arm, arm),
        (rect.bottomLeft(), arm, -arm),
        (rect.bottomRight(), -arm, -arm),
    ):
        painter.drawLine(corner, corner + QPointF(dx, 0))
        painter.drawLine(corner, corner + QPointF(0, dy))


def paint_band(painter: QPainter, band: QRectF, theme: Theme) -> None:
    """The rubber band of a selection."""
    wash = QColor(theme.accent)
    wash.setAlpha(28)
    painter.setPen(QPen(theme.accent, 1))
    painter.setBrush(wash)
    painter.drawRect(band)


def paint_ruler(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """A line being measured across a red cell."""
    for colour, width in ((PAPER, 4.0), (INK, 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(start, end)
        for point in (start, end):
            painter.drawEllipse(point, 3.0, 3.0)


def paint_scale_bar(
    painter: QPainter, viewport: Viewport, mpp: float, *, lift: float = 0
) -> None:
    """A round length, bottom left, on paper that reads on any stain.

    `lift`: screen pixels that it stands above its usual place.
    """
    mpp_on_screen = mpp / viewport.scale
    microns = bar_length(mpp_on_screen, longest=LONGEST_BAR)
    text, length = length_text(microns), microns / mpp_on_screen
    painter.setFont(font(BASE, bold=True))
    metrics = QFontMetricsF(painter.font())
    width = max(length, metrics.horizontalAdvance(text)) + 24
    top = viewport.height - GROUP - BAR_HEIGHT - lift
    card = QRectF(GROUP, top, width, BAR_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PAPER)
    painter.drawRoundedRect(card, 6, 6)
    painter.setPen(QPen(INK, 1))
    words = QRectF(card.left(), card.top() + 4, card.width(), 18)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
    bar = QPen(INK, 2)
    bar.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(bar)
    left, y = card.center().x() - length / 2, card.bottom() - 11
    painter.drawLine(QPointF(left, y), QPointF(left + length, y))
    for x in (left + 1, left + length - 1):
        painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))
