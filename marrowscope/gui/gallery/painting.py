"""How the part of a wall that is in sight is painted: pictures, marks, headings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from marrowscope.gui.cell_crops import CellCrops
from marrowscope.gui.gallery.headings import paint_headings
from marrowscope.gui.gallery.layout import GAP, Rows
from marrowscope.gui.gallery.marks import TileMarks, paint_tile_marks
from marrowscope.gui.gallery.scene import WallScene
from marrowscope.gui.gallery.wall_cells import NOBODY
from marrowscope.gui.slide_view.box_lines import fill_rects, grown
from marrowscope.gui.theme import Theme

FRAME = 2.0  # pixels around a selected tile


def paint_wall(
    painter: QPainter, scene: WallScene, crops: CellCrops
) -> NDArray[np.int64]:
    """Paint all; the ids of the cells whose pictures could be seen."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    seen = [np.zeros(0, np.int64)]
    for part in scene.parts():
        seen.append(_paint_part(painter, scene, part, crops))
    paint_headings(painter, scene)
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
    _paint_end_of_decisive(painter, scene, part, rects)
    whole = (rects[:, 1] > -side / 2) & (rects[:, 1] < scene.size[1] - side / 2)
    return ids[shown & whole]


def _paint_end_of_decisive(
    painter: QPainter, scene: WallScene, part: Rows, rects: NDArray[np.float64]
) -> None:
    """A line behind the last cell that is likely to change the result."""
    group = scene.layout.groups[part.group]
    last = group.first + group.decisive - 1
    if group.decisive and part.first <= last < part.end:
        x, y, side, _ = rects[last - part.first].tolist()
        line = np.asarray([[x + side + 1, y, GAP - 2, side]])
        fill_rects(painter, line, scene.appearance.theme.text)


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


def paint_empty(painter: QPainter, area: QRect, words: str, theme: Theme) -> None:
    """What to do, where there is nothing to see."""
    painter.setPen(theme.quiet)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 8, -24, -8), int(flags), words)
