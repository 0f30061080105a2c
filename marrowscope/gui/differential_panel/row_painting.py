"""How one line of the differential is drawn, in the look of its layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from marrowscope.gui.differential_panel.model import NOT_SEPARATED, LayerTable, TableRow
from marrowscope.gui.differential_panel.table_layout import Printed, PrintedLine
from marrowscope.gui.layer_painting import (
    draw_hairline,
    draw_hatched,
    draw_solid,
    draw_text,
    draw_wrapped,
    on_panel,
    text_width,
)
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, Theme

INDENT = 14.0
GAP = 10.0
CHEVRON = 16.0
PERCENT_TITLE, COUNT_TITLE, INTERVAL_TITLE = "%", "cells", "95 %"
KEY = QRectF(0, 0, 8, 12)


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in pixels, each with the gap at its left; 0 for a column not shown."""

    percent: float
    count: float
    interval: float

    @classmethod
    def of(cls, table: LayerTable, *, solid: bool) -> Columns:
        """As narrow as the table's figures allow, so that names keep the room."""
        rows = (*table.rows, *table.beside)
        return cls(
            percent=_widest([r.percent for r in rows], PERCENT_TITLE, size=BASE),
            count=_widest([r.count for r in rows], COUNT_TITLE, size=SMALL),
            interval=_widest([r.interval for r in rows], INTERVAL_TITLE, size=SMALL)
            if solid
            else 0.0,
        )


def _widest(texts: Sequence[str], title: str, *, size: int) -> float:
    shown = [text.removesuffix(" %") for text in texts]
    widths = [text_width(text, size) for text in shown]
    return max([*widths, text_width(title, SMALL)]) + GAP


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, and which layer: `solid` for confirmed, hatched for suggested."""

    theme: Theme
    cells: CellPalette
    solid: bool
    columns: Columns

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
    places, right = [], area.right()
    widths = look.columns
    for width in (widths.interval, widths.count, widths.percent):
        places.append(QRectF(right - width, area.top(), width, area.height()))
        right -= width
    name = QRectF(INDENT, area.top(), right - INDENT, area.height())
    ends, count, percent = places
    return name, percent, count, ends


def _draw_heading(painter: QPainter, area: QRectF, text: str, look: Look) -> None:
    theme = look.theme
    _draw_key(painter, area, theme.text, look)
    name, percent, count, ends = _columns(area, look)
    draw_text(painter, name, text, size=BASE, colour=look.figure, bold=look.solid)
    titles = [(percent, PERCENT_TITLE), (count, COUNT_TITLE)]
    if look.solid:
        titles.append((ends, INTERVAL_TITLE))
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
    name.setWidth(name.width() - (CHEVRON if row.parts else 0))
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
    left = area.adjusted(INDENT + RELATED, 0, 0, 0)
    used = text_width(NOT_SEPARATED, SMALL) + RELATED
    tone = look.theme.faint
    draw_text(painter, left, NOT_SEPARATED, size=SMALL, colour=tone, right=True)
    left.setWidth(max(left.width() - used, 0))
    draw_text(painter, left, text, size=SMALL, colour=look.theme.quiet)


def _draw_remark(
    painter: QPainter, area: QRectF, line: PrintedLine, look: Look
) -> None:
    """The quiet lines: parts not separated, headings of tallies, denominators."""
    tone = look.theme.quiet
    if line.kind in (Printed.NOTE, Printed.EMPTY):
        indent = INDENT if line.kind is Printed.EMPTY else 0
        inner = area.adjusted(indent, STEP, 0, 0)
        draw_wrapped(painter, inner, line.text, size=SMALL, colour=tone)
        return
    inner = area.adjusted(INDENT, 0, 0, 0)
    if line.kind is Printed.BESIDE_HEADING:
        inner = area.adjusted(0, RELATED, 0, 0)
    if line.kind is Printed.PARTS:
        inner = inner.adjusted(0, -3, 0, -2)
    draw_text(painter, inner, line.text, size=SMALL, colour=tone)
