"""Two looks that must never be mistaken: hatched is suggested, solid is confirmed.

Everything is drawn with plain lines and fills, so that it keeps its scale at 150 and
200 % and in grey.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from marrowscope.gui.theme import Theme, font

HATCH_STEP = 5.0
CORNER = 2.0
PALE_FILL, PALE_LINE, PALE_EDGE = 0.10, 0.50, 0.65


def on_panel(colour: QColor, theme: Theme) -> QColor:
    """A cell's colour as the frame shows it: lighter on dark grey, to stay legible."""
    if not theme.is_dark:
        return colour
    return QColor.fromHslF(
        max(colour.hslHueF(), 0.0),
        0.8 * colour.hslSaturationF(),
        min(colour.lightnessF() + 0.10, 0.72),
    )


def faded(colour: QColor, opacity: float) -> QColor:
    """The same colour, see-through."""
    result = QColor(colour)
    result.setAlphaF(opacity)
    return result


def draw_hatched(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A pale bar with diagonal lines and a thin edge: a suggestion."""
    if rect.width() <= 0:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(rect, CORNER, CORNER)
    painter.fillPath(shape, faded(colour, PALE_FILL))
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(faded(colour, PALE_LINE), 1.0))
    painter.drawLines(_diagonals(rect))
    painter.restore()
    edge = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(faded(colour, PALE_EDGE), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(edge, CORNER, CORNER)


def _diagonals(rect: QRectF) -> list[QLineF]:
    height = rect.height()
    count = int((rect.width() + height) / HATCH_STEP) + 1
    starts = [rect.left() - height + i * HATCH_STEP for i in range(count + 1)]
    return [QLineF(x, rect.bottom(), x + height, rect.top()) for x in starts]


def draw_solid(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A filled bar: confirmed by a person."""
    if rect.width() <= 0:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, CORNER, CORNER)


def draw_whisker(
    painter: QPainter, left: float, right: float, *, y: float, colour: QColor
) -> None:
    """The 95 % interval from `left` to `right`, with a small end stroke each."""
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QLineF(left, y, right, y))
    for x in (left, right):
        painter.drawLine(QLineF(x, y - 3.5, x, y + 3.5))


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    *,
    size: int,
    colour: QColor,
    right: bool = False,
    bold: bool = False,
) -> float:
    """One line of text, shortened with an ellipsis when it must; its drawn width."""
    chosen, metrics = _type(size, bold)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(chosen)
    painter.setPen(colour)
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def draw_wrapped(
    painter: QPainter, rect: QRectF, text: str, *, size: int, colour: QColor
) -> None:
    """Text from the top of `rect`, wrapped at its words."""
    painter.setFont(font(size))
    painter.setPen(colour)
    painter.drawText(rect, Qt.TextFlag.TextWordWrap, text)


@lru_cache(maxsize=256)  # a layout asks for the same heights many times over
def text_lines(text: str, width: float, size: int) -> tuple[str, ...]:
    """A sentence in lines of at most `width` pixels: broken at its dots, then words."""
    lines: list[str] = []
    for part in text.split(" · "):
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines += _broken_at_words(part, width, size)
    return tuple(lines)


def _broken_at_words(text: str, width: float, size: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """How wide a text is at one of the three sizes, in pixels."""
    return _type(size, bold)[1].horizontalAdvance(text)


@lru_cache(maxsize=6)
def _type(size: int, bold: bool) -> tuple[QFont, QFontMetricsF]:
    # Made once: a panel asks for its three sizes a hundred times in one painting.
    chosen = font(size, bold=bold)
    return chosen, QFontMetricsF(chosen)


def draw_hairline(painter: QPainter, rect: QRectF, y: float, theme: Theme) -> None:
    """A thin line across `rect`."""
    painter.setPen(QPen(theme.hairline, 1.0))
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
