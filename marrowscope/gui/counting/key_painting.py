"""Keys as they are painted: in the strip, at the microscope and in the editor."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from marrowscope.domain.key_map import shown
from marrowscope.gui.counting.key_caps import FeatureLine, KeyCap
from marrowscope.gui.layer_painting import on_panel
from marrowscope.gui.theme import BASE, LARGE, SMALL, Appearance, font

CORNER = 6.0
INSET = 5.0
LINE = 14.0  # pixels, of small type
LETTER = 10.0  # pixels the key's own letter takes
BAR = 3.0
TALL = 60.0  # from this height on, numbers are written large
GRADE = 9.0  # pixels left of a feature's name


def paint_key(
    painter: QPainter,
    rect: QRectF,
    cap: KeyCap,
    look: Appearance,
    *,
    lit: bool = False,
) -> None:
    """One key; `lit`: it was pressed last, or is being changed."""
    theme = look.theme
    says = bool(cap.short or cap.features)
    edge = theme.accent if lit else theme.hairline
    painter.setPen(QPen(edge, 1.5 if lit else 1.0))
    painter.setBrush(theme.raised if says else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
    letter = theme.quiet if says else theme.faint
    inner = rect.adjusted(INSET, 3, -INSET, -3)
    _write(painter, inner, shown(cap.key), letter, bold=True)
    if cap.features:
        _paint_features(painter, inner, cap, look)
    elif cap.short:
        _paint_class(painter, inner, cap, look)


def _paint_class(
    painter: QPainter, inner: QRectF, cap: KeyCap, look: Appearance
) -> None:
    theme = look.theme
    colour = on_panel(look.cells.of(cap.lineage).colour, theme)
    bar = QRectF(inner.left(), inner.bottom() - BAR + 1, inner.width(), BAR)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, 1.5, 1.5)
    name = inner.adjusted(LETTER, 0, 0, LINE + 2 - inner.height())
    _write(painter, name, cap.short, theme.text, align=Qt.AlignmentFlag.AlignRight)
    numbers = inner.adjusted(0, LINE + 2, 0, -BAR - 1)
    seen = theme.faint if cap.count in ("", "0") else theme.text
    tall = inner.height() > TALL
    number = numbers.adjusted(0, 0, 0, -LINE) if tall else numbers
    size = LARGE if tall else BASE
    _write(painter, number, cap.count, seen, size=size, bold=cap.count != "0")
    if cap.count not in ("", "0"):
        right = Qt.AlignmentFlag.AlignRight
        side = Qt.AlignmentFlag.AlignLeft if tall else right
        share = numbers.adjusted(0, numbers.height() - LINE - 2, 0, 0)
        where = share if tall else numbers
        _write(painter, where, cap.percent, theme.quiet, align=side)


def _paint_features(
    painter: QPainter, inner: QRectF, cap: KeyCap, look: Appearance
) -> None:
    left = LETTER + 6
    for number, line in enumerate(cap.features):
        top = inner.top() + number * LINE
        room = QRectF(inner.left() + left, top, inner.width() - left, LINE + 2)
        _paint_feature(painter, room, line, look)


def _paint_feature(
    painter: QPainter, room: QRectF, line: FeatureLine, look: Appearance
) -> None:
    theme = look.theme
    colour = on_panel(look.cells.of(line.lineage).colour, theme)
    ink = theme.faint if line.faint else theme.text
    _write(painter, room, line.short, ink, bold=line.grade > 0)
    if line.grade:
        grade = room.translated(-GRADE, 0)
        _write(painter, grade, f"{line.grade}", colour, bold=True)
        return
    bar = QRectF(room.left() - 5, room.top() + 4, 2.5, LINE - 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faint if line.faint else colour)
    painter.drawRoundedRect(bar, 1, 1)


def _write(
    painter: QPainter,
    rect: QRectF,
    words: str,
    colour: QColor,
    *,
    size: int = SMALL,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    chosen = font(size, bold=bold)
    painter.setFont(chosen)
    painter.setPen(colour)
    place = (
        Qt.AlignmentFlag.AlignTop if size == SMALL else Qt.AlignmentFlag.AlignVCenter
    )
    if size == SMALL and align is Qt.AlignmentFlag.AlignRight and rect.height() > 20:
        place = Qt.AlignmentFlag.AlignVCenter
    fitting = QFontMetricsF(chosen).elidedText(
        words, Qt.TextElideMode.ElideRight, rect.width()
    )
    painter.drawText(rect, align | place, fitting)
