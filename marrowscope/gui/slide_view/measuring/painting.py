"""Measured lines and their values, on paper that reads on any stain and stays upright.

All coordinates are logical screen pixels of the view, already turned with the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.theme import BASE, RELATED, font

HALO, LINE = 4.0, 1.5  # pixels
END = 5.0  # half a stroke across the end of a line
KNOT = 2.5  # radius of a corner
CARD = QColor(255, 255, 255, 240)


def paint_line(painter: QPainter, points: Sequence[QPointF], *, closed: bool) -> None:
    """A dark line with a pale rim; ends have strokes across, corners are dots."""
    path = [*points, points[0]] if closed else list(points)
    corners = points if closed else points[1:-1]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((PAPER, HALO), (INK, LINE)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(path)
        if not closed and len(points) > 1:
            _stroke_across(painter, points[0], points[1])
            _stroke_across(painter, points[-1], points[-2])
    painter.setPen(QPen(PAPER, 1.0))
    painter.setBrush(INK)
    for corner in corners:
        painter.drawEllipse(corner, KNOT, KNOT)


def _stroke_across(painter: QPainter, end: QPointF, other: QPointF) -> None:
    along = direction(other, end)
    across = QPointF(-along.y(), along.x()) * END
    painter.drawLine(end - across, end + across)


def direction(start: QPointF, end: QPointF) -> QPointF:
    """The unit vector from one point to another; to the right when they are one."""
    away = end - start
    length = math.hypot(away.x(), away.y())
    return away / length if length > 0 else QPointF(1.0, 0.0)


def paint_card(
    painter: QPainter, card: QRectF, text: str, *, edge: QColor | None
) -> None:
    """A value on a small card; `edge` rings the one in hand."""
    painter.setFont(font(BASE, bold=True))
    painter.setBrush(CARD)
    painter.setPen(QPen(edge, 1.5) if edge else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(card, 5, 5)
    painter.setPen(INK)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)


def card_size(text: str) -> QSizeF:
    """Room that a value takes on the screen."""
    metrics = QFontMetricsF(font(BASE, bold=True))
    return QSizeF(metrics.horizontalAdvance(text) + 2 * RELATED, 22.0)


def card_place(
    points: Sequence[QPointF],
    size: QSizeF,
    *,
    closed: bool,
    within: QRectF,
    covered: Sequence[QRectF] = (),
) -> QRectF:
    """Where the value of a line stands: beside it, inside an outline with room for it.

    Moved as little as needed to lie `within` the view, and not where the view is
    `covered` by something else.
    """
    if closed:
        middle = _of_outline(points, size)
    elif len(points) == 2:
        middle = _beside(points[0], points[1], size)
    else:
        away = direction(points[-2], points[-1])
        middle = points[-1] + away * (_reach(size, away) + RELATED)
    card = QRectF(QPointF(), size)
    card.moveCenter(middle)
    return _clear(_kept(card, within), within, covered)


def _clear(card: QRectF, within: QRectF, covered: Sequence[QRectF]) -> QRectF:
    """Beside what covers it, on the nearest side that has room."""
    in_the_way = [one for one in covered if one.intersects(card)]
    places = [place for one in in_the_way for place in _around(card, one)]
    free = [
        place
        for place in places
        if within.contains(place) and not any(map(place.intersects, covered))
    ]

    def moved(place: QRectF) -> float:
        return (place.center() - card.center()).manhattanLength()

    return min(free, key=moved, default=card)


def _around(card: QRectF, other: QRectF) -> list[QRectF]:
    """Left of, right of, above and below another rectangle."""
    room = other.adjusted(-RELATED, -RELATED, RELATED, RELATED)
    return [
        card.translated(room.left() - card.right(), 0),
        card.translated(room.right() - card.left(), 0),
        card.translated(0, room.top() - card.bottom()),
        card.translated(0, room.bottom() - card.top()),
    ]


def _beside(start: QPointF, end: QPointF, size: QSizeF) -> QPointF:
    """Off the middle of a line, to the side that is up or right of it."""
    along = direction(start, end)
    off = QPointF(along.y(), -along.x())
    if off.y() > 0.05 or (abs(off.y()) <= 0.05 and off.x() < 0):
        off = -off
    return (start + end) / 2 + off * (_reach(size, off) + RELATED)


def _of_outline(points: Sequence[QPointF], size: QSizeF) -> QPointF:
    across, down = [p.x() for p in points], [p.y() for p in points]
    around = QRectF(QPointF(min(across), min(down)), QPointF(max(across), max(down)))
    if around.width() >= 2 * size.width() and around.height() >= 3 * size.height():
        return QPointF(sum(across) / len(points), sum(down) / len(points))
    below = around.bottom() + RELATED + size.height() / 2
    return QPointF(around.center().x(), below)


def _reach(size: QSizeF, towards: QPointF) -> float:
    """How far a card reaches from its middle in a direction."""
    return abs(towards.x()) * size.width() / 2 + abs(towards.y()) * size.height() / 2


def _kept(card: QRectF, within: QRectF) -> QRectF:
    x = min(max(card.left(), within.left()), within.right() - card.width())
    y = min(max(card.top(), within.top()), within.bottom() - card.height())
    card.moveTo(x, y)
    return card
