"""How one legend entry is drawn: the cell's own line, its letter, name and count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from marrowscope.gui.layer_painting import draw_text, on_panel, text_width
from marrowscope.gui.legend.model import LegendEntry
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.theme import BASE, RELATED, SMALL, Theme

ROW, MARGIN, SAMPLE = 24.0, 12.0, 20.0


@dataclass(frozen=True, slots=True)
class LegendLook:
    """What the legend is painted with."""

    theme: Theme
    cells: CellPalette
    count_width: float = 44.0


def count_width(entries: Iterable[LegendEntry]) -> float:
    """Pixels the widest count needs, with its distance from the name."""
    widths = (text_width(entry.count_text, SMALL) for entry in entries)
    return max(widths, default=0.0) + RELATED


def entry_width(entry: LegendEntry) -> float:
    """Pixels one entry needs."""
    name, count = text_width(entry.name, BASE), count_width([entry])
    return MARGIN + SAMPLE + RELATED + name + count + MARGIN


def draw_entry(
    painter: QPainter,
    area: QRectF,
    entry: LegendEntry,
    *,
    look: LegendLook,
    hovered: bool,
) -> None:
    """One row; a hidden class is faint and its sample empty."""
    theme, mark = look.theme, look.cells.of(entry.lineage)
    if hovered:
        painter.fillRect(area, theme.hover)
    colour = on_panel(mark.colour, theme) if entry.shown else theme.faint
    sample = QRectF(
        area.left() + MARGIN, area.center().y() - SAMPLE / 2, SAMPLE, SAMPLE
    )
    draw_sample(painter, sample, colour, dysplastic=entry.dysplastic)
    draw_letter(painter, sample, mark.letter, colour)
    tone = theme.text if entry.shown else theme.faint
    left = sample.right() + RELATED
    room = area.right() - left - look.count_width - MARGIN
    name = QRectF(left, area.top(), room, area.height())
    drawn = draw_text(painter, name, entry.name, size=BASE, colour=tone)
    if not entry.shown:
        middle = area.center().y() + 0.5
        painter.setPen(QPen(theme.faint, 1.0))
        painter.drawLine(QPointF(left, middle), QPointF(left + drawn, middle))
    count = QRectF(left + room, area.top(), look.count_width, area.height())
    quiet = theme.quiet if entry.shown else theme.faint
    draw_text(painter, count, entry.count_text, size=SMALL, colour=quiet, right=True)


def draw_sample(
    painter: QPainter, area: QRectF, colour: QColor, *, dysplastic: bool
) -> None:
    """The box as on the smear: one line, or a double line with a corner mark."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.5))
    painter.drawRoundedRect(area.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
    if dysplastic:
        painter.setPen(QPen(colour, 1.0))
        painter.drawRoundedRect(area.adjusted(2.75, 2.75, -2.75, -2.75), 1, 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corner = area.topRight()
        triangle = [corner, corner + QPointF(-6, 0), corner + QPointF(0, 6)]
        painter.drawPolygon(QPolygonF(triangle))


def draw_letter(painter: QPainter, area: QRectF, letter: str, colour: QColor) -> None:
    """The lineage's letter in the middle: the second code beside the colour."""
    width = text_width(letter, SMALL, bold=True)
    place = QRectF(area.center().x() - width / 2, area.top(), width + 1, area.height())
    draw_text(painter, place, letter, size=SMALL, colour=colour, bold=True)
