"""How one line of the differential is drawn, in the look of its layer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from marrowscope.gui.differential_panel.model import NOT_SEPARATED, TableRow
from marrowscope.gui.differential_panel.table_layout import Printed, PrintedLine
from marrowscope.gui.layer_painting import (
    draw_hairline,
    draw_hatched,
    draw_solid,
    draw_text,
    draw_wrapped,
    on_panel,
)
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, Theme

INDENT = 14.0
PERCENT, COUNT, INTERVAL = 36.0, 42.0, 60.0
KEY = QRectF(0, 0, 8, 12)


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, and which layer: `solid` for confirmed, hatched for suggested."""

    theme: Theme
    cells: CellPalette
    solid: bool

    @property
    def figure(self) -> QColor:
        """The colour of the layer's main figures."""
        return self.theme.text if self.solid else self.theme.quiet


def draw_line(
    painter: QPainter,
    area: QRectF,
    line: PrintedLine,
    *,
    look: Look,
    opened: bool,
    hovered: bool,
) -> None:
    """One printed line; `hovered` when a click would open or close its parts."""
    if hovered:
        painter.fillRect(area, look.theme.hover)
    if line.kind is Printed.HEADING:
        _draw_heading(painter, area, line.text, look)
    elif line.kind is Printed.ROW and line.row:
        _draw_row(painter, area, line.row, look=look, opened=opened)
    elif line.kind is Printed.BESIDE and line.row:
        _draw_beside(painter, area, line.row, look)
    elif line.kind is Printed.PART:
        _draw_part(painter, area, line.text, look)
    else:
        _draw_remark(painter, area, line, look)


def _columns(area: QRectF, look: Look) -> tuple[QRectF, QRectF, QRectF, QRectF]:
    """Name, percent, count and interval, from left to right."""
    interval = INTERVAL if look.solid else 0.0
    right = area.right()
    ends = QRectF(right - interval, area.top(), interval, area.height())
    count = QRectF(ends.left() - COUNT, area.top(), COUNT, area.height())
    percent = QRectF(count.left() - PERCENT, area.top(), PERCENT, area.height())
    width = percent.left() - INDENT - RELATED
    return QRectF(INDENT, area.top(), width, area.height()), percent, count, ends


def _draw_heading(painter: QPainter, area: QRectF, text: str, look: Look) -> None:
    theme = look.theme
    _draw_key(painter, area, theme.text, look)
    name, percent, count, ends = _columns(area, look)
    draw_text(painter, name, text, size=BASE, colour=look.figure, bold=look.solid)
    titles = [(percent, "%"), (count, "cells"), (ends, "95 %" if look.solid else "")]
    for column, title in titles:
        draw_text(painter, column, title, size=SMALL, colour=theme.faint, right=True)
    draw_hairline(painter, area, area.bottom() - 2.5, theme)


def _draw_key(painter: QPainter, area: QRectF, colour: QColor, look: Look) -> None:
    """The small bar at the left: solid or hatched, in the lineage's colour."""
    key = QRectF(KEY)
    key.moveTop(area.center().y() - key.height() / 2)
    if look.solid:
        draw_solid(painter, key, colour)
    else:
        draw_hatched(painter, key, colour)


def _draw_row(
    painter: QPainter, area: QRectF, row: TableRow, *, look: Look, opened: bool
) -> None:
    theme = look.theme
    _draw_key(painter, area, on_panel(look.cells.of(row.lineage).colour, theme), look)
    name, percent, count, ends = _columns(area, look)
    figure = theme.faint if row.quiet else look.figure
    drawn = draw_text(painter, name, row.name, size=BASE, colour=figure)
    if row.parts:
        _draw_chevron(painter, name.left() + drawn + 8, area.center().y(), look, opened)
    draw_text(
        painter, percent, row.percent.removesuffix(" %"), size=BASE, colour=figure,
        right=True,
    )  # fmt: skip
    tone = theme.faint if row.quiet else theme.quiet
    draw_text(painter, count, row.count, size=SMALL, colour=tone, right=True)
    draw_text(painter, ends, row.interval, size=SMALL, colour=tone, right=True)


def _draw_chevron(
    painter: QPainter, x: float, y: float, look: Look, opened: bool
) -> None:
    painter.setPen(QPen(look.theme.faint, 1.25))
    points = (
        [(-3, -1.5), (0, 1.5), (3, -1.5)]
        if opened
        else [(-1.5, -3), (1.5, 0), (-1.5, 3)]
    )
    painter.drawPolyline([QPointF(x + dx, y + dy) for dx, dy in points])


def _draw_beside(painter: QPainter, area: QRectF, row: TableRow, look: Look) -> None:
    _draw_key(
        painter, area, on_panel(look.cells.of(row.lineage).colour, look.theme), look
    )
    name, _, count, _ = _columns(area, look)
    draw_text(painter, name, row.name, size=BASE, colour=look.figure)
    draw_text(
        painter, count, row.count, size=SMALL, colour=look.theme.quiet, right=True
    )


def _draw_part(painter: QPainter, area: QRectF, text: str, look: Look) -> None:
    inner = area.adjusted(INDENT, 0, 0, 0)
    draw_text(
        painter, inner, NOT_SEPARATED, size=SMALL, colour=look.theme.faint, right=True
    )
    left = inner.adjusted(RELATED, 0, -RELATED, 0)
    draw_text(painter, left, text, size=SMALL, colour=look.theme.quiet)


def _draw_remark(
    painter: QPainter, area: QRectF, line: PrintedLine, look: Look
) -> None:
    """The quiet lines: parts not separated, headings of tallies, denominators."""
    tone = look.theme.quiet
    if line.kind is Printed.NOTE:
        inner = area.adjusted(0, STEP, 0, 0)
        draw_wrapped(painter, inner, line.text, size=SMALL, colour=tone)
        return
    inner = area.adjusted(INDENT, 0, 0, 0)
    if line.kind is Printed.BESIDE_HEADING:
        inner = area.adjusted(0, RELATED, 0, 0)
    if line.kind is Printed.PARTS:
        inner = inner.adjusted(0, -3, 0, -2)
    draw_text(painter, inner, line.text, size=SMALL, colour=tone)
