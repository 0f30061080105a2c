"""How the part of a wall that is in sight is painted: pictures, marks, headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from marrowscope.gui.cell_crops import CellCrops
from marrowscope.gui.gallery.arranging import Arrangement, Group
from marrowscope.gui.gallery.layout import GAP, HEADING, MARGIN, Rows, WallLayout
from marrowscope.gui.gallery.marks import TileMarks, paint_tile_marks
from marrowscope.gui.gallery.wall_cells import NOBODY, WallCells
from marrowscope.gui.layer_painting import draw_text, on_panel, text_width
from marrowscope.gui.slide_view.box_lines import fill_rects, grown
from marrowscope.gui.theme import BASE, RELATED, SMALL, Appearance, Theme

FRAME = 2.0  # pixels around a selected tile
BAR = 3.0  # pixels of a heading's colour


@dataclass(frozen=True, slots=True)
class WallScene:
    """The wall as it is shown now: `top` of the whole is at the top of the `size`."""

    cells: WallCells
    wall: Arrangement
    layout: WallLayout
    selected: NDArray[np.bool_]  # (N,) by row of the table
    current: int | None  # the place that is looked at
    target: int | None  # the heading something is dragged over
    top: int
    size: tuple[int, int]
    ratio: float
    blind: bool
    lettered: bool
    appearance: Appearance

    def parts(self) -> Iterator[Rows]:
        """Rows of tiles in sight."""
        return self.layout.in_sight(self.top, self.top + self.size[1])


def paint_wall(
    painter: QPainter, scene: WallScene, crops: CellCrops
) -> NDArray[np.int64]:
    """Paint all; the ids of the cells whose pictures could be seen."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    seen = [np.zeros(0, np.int64)]
    for part in scene.parts():
        seen.append(_paint_part(painter, scene, part, crops))
    _paint_headings(painter, scene)
    return np.concatenate(seen)


def _paint_part(
    painter: QPainter, scene: WallScene, part: Rows, crops: CellCrops
) -> NDArray[np.int64]:
    corners = scene.layout.corners(part) - (0, scene.top)
    side = float(scene.layout.tile(part.group))
    rects = np.concatenate([corners, np.full_like(corners, side)], axis=1)
    rows = scene.wall.rows[part.first : part.end]
    _paint_selection(painter, scene, part, rects)
    ids = scene.cells.table.id[rows]
    shown = _paint_pictures(painter, rects, ids, crops, scene.appearance.theme)
    marks = _marks(scene, rects, rows)
    paint_tile_marks(painter, marks, scene.appearance.cells, scene.ratio)
    whole = (rects[:, 1] > -side / 2) & (rects[:, 1] < scene.size[1] - side / 2)
    return ids[shown & whole]


def _paint_selection(
    painter: QPainter, scene: WallScene, part: Rows, rects: NDArray[np.float64]
) -> None:
    rows = scene.wall.rows[part.first : part.end]
    theme = scene.appearance.theme
    # Not the accent, which a reader would take for a lineage's blue.
    fill_rects(painter, grown(rects[scene.selected[rows]], FRAME), theme.text)
    if scene.current is not None and part.first <= scene.current < part.end:
        place = scene.current - part.first
        fill_rects(painter, grown(rects[place : place + 1], GAP), theme.accent)


def _paint_pictures(
    painter: QPainter,
    rects: NDArray[np.float64],
    ids: NDArray[np.int64],
    crops: CellCrops,
    theme: Theme,
) -> NDArray[np.bool_]:
    """Every picture that is here, grey where it is not; (n,) which were here."""
    images = [crops.get(cell) for cell in ids.tolist()]
    here = np.asarray([one is not None and not one.isNull() for one in images], bool)
    fill_rects(painter, rects[~here], theme.raised)
    for (x, y, width, height), image in zip(rects.tolist(), images, strict=True):
        if image is None:
            continue
        place = QRectF(x, y, width, height)
        if image.isNull():
            _paint_unreadable(painter, place, theme)
        else:
            painter.drawImage(place, image, QRectF(image.rect()))
    return here


def _paint_unreadable(painter: QPainter, place: QRectF, theme: Theme) -> None:
    painter.setPen(QPen(theme.faint, 1.0))
    middle, half = place.center(), QPointF(6, 0)
    painter.drawLine(middle - half, middle + half)


def _marks(
    scene: WallScene, rects: NDArray[np.float64], rows: NDArray[np.intp]
) -> TileMarks:
    cells = scene.cells
    called = cells.called[rows] != NOBODY
    kind = np.where(called, cells.called[rows], cells.suggested[rows])
    told = called | (not scene.blind)
    return TileMarks(
        rects=rects,
        lineage=np.where(told, cells.lineages[kind], -1).astype(np.int8),
        bad=told & cells.bad[rows],
        unsure=told & cells.unsure[rows],
        called=called,
        lettered=scene.lettered,
    )


def _paint_headings(painter: QPainter, scene: WallScene) -> None:
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
    painter.fillRect(area, theme.panel)
    if number == scene.target:
        painter.fillRect(area.adjusted(4, 2, -4, -2), washed(theme.accent))
    mark = scene.appearance.cells.of(group.lineage)
    colour = theme.faint if group.lineage == "none" else mark.colour
    bar = QRectF(MARGIN, y + 8, BAR, HEADING - 16)
    painter.fillRect(bar, on_panel(colour, theme))
    left = MARGIN + BAR + RELATED
    room = QRectF(left, y, scene.size[0] - left - MARGIN, HEADING)
    draw_text(painter, room, group.name, size=BASE, colour=theme.text, bold=True)
    used = text_width(group.name, BASE, bold=True) + RELATED
    room.setLeft(left + used)
    draw_text(painter, room, counts_text(group), size=SMALL, colour=theme.quiet)


def counts_text(group: Group) -> str:
    """Such as "1,204, 300 called" or "28, all called · stage not given"."""
    called = "all" if group.called == group.count else f"{group.called:,}"
    counted = (
        f"{group.count:,}, {called} called" if group.called else f"{group.count:,}"
    )
    return f"{counted}  ·  {group.note}" if group.note else counted


def washed(colour: QColor) -> QColor:
    """A breath of a colour."""
    pale = QColor(colour)
    pale.setAlpha(60)
    return pale


def paint_empty(painter: QPainter, area: QRect, words: str, theme: Theme) -> None:
    """What to do, where there is nothing to see."""
    painter.setPen(theme.quiet)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 8, -24, -8), int(flags), words)
