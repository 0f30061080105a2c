"""A row of the palette: words, where they are otherwise found, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from marrowscope.gui.command_palette.commands import Offer
from marrowscope.gui.layer_painting import draw_text, text_width
from marrowscope.gui.painted_rows import PaintedRow
from marrowscope.gui.theme import BASE, RELATED, SMALL, Theme

ROW = 36
ROW_SIZE = QSize(200, ROW)
OFFER = Qt.ItemDataRole.UserRole
CAP = 20.0  # pixels of a key's height
TICK_ROOM = 22.0


def paint_offer(painter: QPainter, row: PaintedRow, theme: Theme) -> None:
    """Letters that were typed stand out; what cannot be done now is faint."""
    offer: Offer = row.index.data(OFFER)
    if row.selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hover)
        painter.drawRoundedRect(row.area.adjusted(0, 1, 0, -1), 6, 6)
    inner = row.area.adjusted(RELATED + 4, 0, -RELATED - 4, 0)
    taken = _paint_keys(painter, inner, offer.command.keys[:2], theme)
    _paint_words(painter, inner.adjusted(0, 0, -taken, 0), offer, theme)


def _paint_words(painter: QPainter, area: QRectF, offer: Offer, theme: Theme) -> None:
    command = offer.command
    if command.on:
        _paint_tick(painter, area, theme)
    area = area.adjusted(TICK_ROOM, 0, 0, 0)
    colour = theme.text if command.possible else theme.faint
    x = area.left()
    for part, meant in _parts(command.words, offer.fit.places):
        room = QRectF(x, area.top(), max(area.right() - x, 0), area.height())
        style = theme.text if meant and command.possible else colour
        x += draw_text(painter, room, part, size=BASE, colour=style, bold=meant)
    if command.place:
        room = QRectF(x + 10, area.top(), max(area.right() - x - 10, 0), area.height())
        draw_text(painter, room, command.place, size=SMALL, colour=theme.faint)


def _parts(words: str, places: frozenset[int]) -> list[tuple[str, bool]]:
    """Runs of letters that were all meant, or all not."""
    parts: list[tuple[str, bool]] = []
    for place, letter in enumerate(words):
        meant = place in places
        if parts and parts[-1][1] is meant:
            parts[-1] = (parts[-1][0] + letter, meant)
        else:
            parts.append((letter, meant))
    return parts


def _paint_tick(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """A switch that is on."""
    painter.setPen(QPen(theme.quiet, 1.5))
    middle = QPointF(area.left() + 6, area.center().y())
    steps = [QPointF(-4, 0), QPointF(-1, 3), QPointF(5, -4)]
    painter.drawPolyline([middle + step for step in steps])


def _paint_keys(
    painter: QPainter, area: QRectF, keys: Sequence[str], theme: Theme
) -> float:
    """Caps from the right; the width that they take."""
    right = area.right()
    for key in reversed(keys):
        width = max(text_width(key, SMALL) + 12, CAP)
        cap = QRectF(right - width, area.center().y() - CAP / 2, width, CAP)
        painter.setPen(QPen(theme.hairline, 1))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        left = cap.left() + (width - text_width(key, SMALL)) / 2
        words = QRectF(left, cap.top(), width, cap.height())
        draw_text(painter, words, key, size=SMALL, colour=theme.quiet)
        right = cap.left() - 4
    return area.right() - right + RELATED
