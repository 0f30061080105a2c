"""A box on its way: between two places of the mouse, painted, named by keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.gui.theme import SMALL, font

ASSUMED_MPP = 0.25  # microns per level-0 pixel, where nobody knows them


def between(start: Spot, end: Spot) -> Box:
    """The upright box with these corners, level-0 pixels."""
    left, top = min(start.x, end.x), min(start.y, end.y)
    return Box(left, top, abs(end.x - start.x), abs(end.y - start.y))


def shown_rect(scene: Scene, box: Box) -> QRectF:
    """Where a box is painted."""
    place = scene.frame.box_to_screen(box)
    return QRectF(place.x, place.y, place.width, place.height)


def paint_drawn_box(
    painter: QPainter, scene: Scene, box: Box, *, words: str = ""
) -> None:
    """Dashed, since it is not in the case yet; `words` stand beneath."""
    rect = shown_rect(scene, box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dashed = QPen(scene.appearance.theme.accent, 2.0, Qt.PenStyle.DashLine)
    for pen in (QPen(PAPER, 4.0), dashed):
        painter.setPen(pen)
        painter.drawRect(rect)
    if words:
        paint_words(painter, rect, words)


def paint_words(painter: QPainter, rect: QRectF, words: str) -> None:
    """A tag beneath a box."""
    painter.setFont(font(SMALL))
    width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 12
    tag = QRectF(rect.center().x() - width / 2, rect.bottom() + 6, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PAPER)
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(INK)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def written_keys(characters: Iterable[str]) -> Iterator[Qt.Key]:
    """Qt's names of the keys that write these."""
    for one in characters:
        try:
            yield Qt.Key(ord(one.upper()))
        except ValueError:  # Qt has no name for this key
            continue
