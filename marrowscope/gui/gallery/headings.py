"""The headings of a wall: whether a group is folded, what it is, how much is called."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from marrowscope.gui.gallery.layout import HEADING, MARGIN
from marrowscope.gui.gallery.scene import WallScene
from marrowscope.gui.layer_painting import draw_text, on_panel, text_width
from marrowscope.gui.theme import BASE, GROUP, RELATED, SMALL

BAR = 3.0  # pixels of a heading's colour
CHEVRON = 4.0  # half as wide as it is, in pixels


def paint_headings(painter: QPainter, scene: WallScene) -> None:
    """Each above its tiles; the first stays in sight while its group is."""
    layout = scene.layout
    first = layout.group_at(scene.top)
    last = layout.group_at(scene.top + scene.size[1])
    if first is None or last is None:
        return
    for number in range(first, last + 1):
        y = int(layout.tops[number]) - scene.top
        if number == first:
            below = int(layout.tops[number + 1]) - scene.top
            y = max(y, min(0, below - HEADING))
        _paint_heading(painter, scene, number, y)


def _paint_heading(painter: QPainter, scene: WallScene, number: int, y: int) -> None:
    theme, group = scene.appearance.theme, scene.layout.groups[number]
    area = QRect(0, y, scene.size[0], HEADING)
    _paint_ground(painter, scene, number, area)
    middle = QPointF(MARGIN + CHEVRON, y + HEADING / 2)
    strong = theme.text if number == scene.hovered else theme.quiet
    paint_chevron(painter, middle, folded=not scene.layout.is_open(number), ink=strong)
    left = MARGIN + 2 * CHEVRON + RELATED
    mark = scene.appearance.cells.of(group.lineage)
    colour = theme.faint if group.lineage == "none" else mark.colour
    bar = QRectF(left, y + 8, BAR, HEADING - 16)
    painter.fillRect(bar, on_panel(colour, theme))
    left += BAR + RELATED
    room = QRectF(left, y, scene.size[0] - left - MARGIN, HEADING)
    draw_text(painter, room, group.name, size=BASE, colour=theme.text, bold=True)
    room.setLeft(left + text_width(group.name, BASE, bold=True) + RELATED)
    if scene.aside:
        draw_text(
            painter, room, scene.aside, size=SMALL, colour=theme.faint, right=True
        )
        room.setRight(room.right() - text_width(scene.aside, SMALL) - GROUP)
    draw_text(painter, room, scene.says(group), size=SMALL, colour=theme.quiet)


def _paint_ground(
    painter: QPainter, scene: WallScene, number: int, area: QRect
) -> None:
    theme, inner = scene.appearance.theme, area.adjusted(4, 2, -4, -2)
    painter.fillRect(area, theme.panel)
    if number == scene.target:
        painter.fillRect(inner, washed(theme.accent))
    elif number == scene.hovered:
        painter.fillRect(inner, theme.hover)
    if number == scene.heading:
        painter.setPen(QPen(theme.accent, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(inner).adjusted(0.5, 0.5, -0.5, -0.5))


def paint_chevron(
    painter: QPainter, middle: QPointF, *, folded: bool, ink: QColor
) -> None:
    """Down while the cells are there, to the right while they are folded away."""
    across, along = (CHEVRON / 2, CHEVRON) if folded else (CHEVRON, CHEVRON / 2)
    if folded:
        way = [QPointF(-across, -along), QPointF(across, 0), QPointF(-across, along)]
    else:
        way = [QPointF(-across, -along), QPointF(0, along), QPointF(across, -along)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.5))
    painter.drawPolyline([middle + point for point in way])
    painter.restore()


def washed(colour: QColor) -> QColor:
    """A breath of a colour."""
    pale = QColor(colour)
    pale.setAlpha(60)
    return pale
