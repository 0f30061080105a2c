"""How one bar of the panel is drawn, both layers of it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from marrowscope.gui.differential_panel.dysplasia_model import (
    ConfirmedBar,
    SuggestedBar,
    ThresholdBar,
)
from marrowscope.gui.layer_painting import (
    draw_hatched,
    draw_solid,
    draw_text,
    draw_whisker,
    faded,
    on_panel,
    text_lines,
    text_width,
)
from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, Appearance, Theme

NAME, BAR, LINE = 20.0, 18.0, 16.0
MARK_OVERHANG = 2.0


def bar_height(bar: ThresholdBar, width: float) -> float:
    """Pixels a bar of that width needs: its name, the bar, what stands beneath it."""
    return NAME + BAR + STEP + LINE * len(_lines(bar, width))


def _lines(bar: ThresholdBar, width: float) -> list[tuple[str, str]]:
    """(kind, text) of the sentences, none wider than `width`."""
    return [
        (kind, line)
        for kind, text in _sentences(bar)
        for line in text_lines(text, width, SMALL)
    ]


def _sentences(bar: ThresholdBar) -> list[tuple[str, str]]:
    """(kind, text) of what is said beneath the bar, at least one."""
    lines = []
    if bar.confirmed:
        lines.append(("confirmed", bar.confirmed.sentence))
    if bar.confirmed:
        lines += [("remark", guide) for guide in bar.confirmed.guides]
    if bar.suggested:
        lines.append(("suggested", bar.suggested.sentence))
    if bar.nothing:
        lines.append(("suggested", bar.nothing))
    if bar.remark:
        lines.append(("remark", bar.remark))
    return lines or [("suggested", "nothing to show yet")]


def sentences(bar: ThresholdBar) -> list[str]:
    """The lines beneath the bar in full, for a tooltip."""
    return [text for _, text in _sentences(bar)]


def spoken(bar: ThresholdBar) -> str:
    """The bar in words, for screen readers."""
    confirmed = bar.confirmed
    word = f", confirmed {confirmed.percent}, {confirmed.word}" if confirmed else ""
    return f"{bar.name}{word}: {', '.join(text for _, text in _sentences(bar))}"


def _x(track: QRectF, share: float, bar: ThresholdBar) -> float:
    return track.left() + track.width() * min(share / bar.scale, 1.0)


def draw_marks(
    painter: QPainter, track: QRectF, bar: ThresholdBar, theme: Theme
) -> None:
    """The scale's ends in faint figures, the marks as firm lines with their figure."""
    top = QRectF(track.left(), 0, track.width(), track.top() - 2)
    draw_text(painter, top, "0", size=SMALL, colour=theme.faint)
    end = QRectF(track.right() - 40, 0, 40 + RELATED, top.height())
    draw_text(
        painter,
        end,
        f"{100 * bar.scale:.0f}",
        size=SMALL,
        colour=theme.faint,
        right=True,
    )
    for mark in bar.marks:
        x = _x(track, mark, bar)
        label = f"{100 * mark:g} %" if mark == bar.marks[-1] else f"{100 * mark:g}"
        width = text_width(label, SMALL, bold=True) + 2
        place = QRectF(x - width / 2, 0, width, top.height())
        draw_text(painter, place, label, size=SMALL, colour=theme.text, bold=True)


def draw_bar(
    painter: QPainter,
    row: QRectF,
    bar: ThresholdBar,
    *,
    track: QRectF,
    appearance: Appearance,
) -> None:
    """One bar: its name and verdict, both layers, the marks, the sentences."""
    theme = appearance.theme
    colour = on_panel(appearance.cells.of(bar.lineage).colour, theme)
    _draw_heading(painter, QRectF(row.left(), row.top(), row.width(), NAME), bar, theme)
    lane = QRectF(track.left(), row.top() + NAME, track.width(), BAR)
    _draw_lane(painter, lane, theme)
    if bar.suggested:
        _draw_suggested(painter, lane, bar.suggested, bar=bar, colour=colour)
    if bar.confirmed:
        _draw_confirmed(
            painter, lane, bar.confirmed, bar=bar, colour=colour, theme=theme
        )
    _draw_mark_lines(painter, lane, bar, theme)
    y = lane.bottom() + STEP
    for kind, text in _lines(bar, row.width()):
        line = QRectF(row.left(), y, row.width(), LINE)
        tone = theme.text if kind == "confirmed" else theme.quiet
        draw_text(painter, line, text, size=SMALL, colour=tone)
        y += LINE


def _draw_heading(
    painter: QPainter, area: QRectF, bar: ThresholdBar, theme: Theme
) -> None:
    used = 0.0
    if bar.confirmed:
        used = _draw_verdict(painter, area, bar.confirmed, theme)
    left = area.adjusted(0, 0, -used, 0)
    draw_text(painter, left, bar.name, size=BASE, colour=theme.text)


def _draw_verdict(
    painter: QPainter, area: QRectF, confirmed: ConfirmedBar, theme: Theme
) -> float:
    """Percent, interval and word at the right; for too few cells the word alone."""
    parts = [(confirmed.word, BASE, theme.text, False)]
    if confirmed.settled:
        parts.append((confirmed.interval, SMALL, theme.quiet, False))
        parts.append((confirmed.percent, BASE, theme.text, True))
    used = 0.0
    for text, size, colour, bold in parts:
        if not text:
            continue
        place = area.adjusted(0, 0, -used, 0)
        draw_text(painter, place, text, size=size, colour=colour, right=True, bold=bold)
        used += text_width(text, size, bold=bold) + RELATED
    return used


def _draw_lane(painter: QPainter, lane: QRectF, theme: Theme) -> None:
    painter.setPen(QPen(theme.hairline, 1.0))
    painter.drawLine(lane.bottomLeft(), lane.bottomRight())
    painter.drawLine(lane.topLeft(), lane.bottomLeft())


def _draw_suggested(
    painter: QPainter,
    lane: QRectF,
    suggested: SuggestedBar,
    *,
    bar: ThresholdBar,
    colour: QColor,
) -> None:
    right = _x(lane, suggested.share, bar)
    area = QRectF(lane.left(), lane.top() + 1, right - lane.left(), lane.height() - 2)
    draw_hatched(painter, area, colour)
    if suggested.share > bar.scale:
        _draw_beyond(painter, lane, colour)


def _draw_confirmed(
    painter: QPainter,
    lane: QRectF,
    confirmed: ConfirmedBar,
    *,
    bar: ThresholdBar,
    colour: QColor,
    theme: Theme,
) -> None:
    middle = lane.center().y()
    if confirmed.settled:
        right = _x(lane, confirmed.share, bar)
        area = QRectF(lane.left(), middle - 5, right - lane.left(), 10)
        draw_solid(painter, area, colour)
    low, high = _x(lane, confirmed.low, bar), _x(lane, confirmed.high, bar)
    draw_whisker(painter, low, high, y=middle, colour=theme.text)
    _draw_point(painter, QPointF(_x(lane, confirmed.share, bar), middle), theme)
    if confirmed.high > bar.scale:
        _draw_beyond(painter, lane, theme.text)


def _draw_point(painter: QPainter, at: QPointF, theme: Theme) -> None:
    painter.setPen(QPen(theme.panel, 1.0))
    painter.setBrush(theme.text)
    painter.drawEllipse(at, 3.0, 3.0)


def _draw_beyond(painter: QPainter, lane: QRectF, colour: QColor) -> None:
    """A small arrow head: the value lies beyond the scale."""
    x, y = lane.right() + 3, lane.center().y()
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QLineF(x, y - 4, x + 4, y))
    painter.drawLine(QLineF(x, y + 4, x + 4, y))


def _draw_mark_lines(
    painter: QPainter, lane: QRectF, bar: ThresholdBar, theme: Theme
) -> None:
    pen = QPen(theme.text, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    halo = QPen(faded(theme.panel, 0.8), 3.5)
    for mark in bar.marks:
        x = _x(lane, mark, bar)
        line = QLineF(x, lane.top() - MARK_OVERHANG, x, lane.bottom() + MARK_OVERHANG)
        painter.setPen(halo)
        painter.drawLine(line)
        painter.setPen(pen)
        painter.drawLine(line)
