"""What a tile says of its cell, in the smear's own words.

Colour says the lineage, a double line with a corner mark dysplastic, a dashed line
unsure, a small filled tick that a person has called it. The line runs along the foot of
the tile, so that a wall of cells stays quiet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter

from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.slide_view.box_lines import Rects, dashes, fill_rects
from marrowscope.gui.slide_view.box_marks import TAG_HEIGHT, tag_stamp, tick_stamp
from marrowscope.gui.slide_view.box_painting import HALO, MOST_CORNER, corner_stamp
from marrowscope.gui.slide_view.stamps import draw_stamps

LINE, LIFT, RIM = 3.0, 5.0, 1.0  # pixels
TICK = 6.5


@dataclass(frozen=True, slots=True)
class TileMarks:
    """Of n tiles: where they lie, and what is said of their cells.

    `lineage`: index into LINEAGES, -1 where nothing may be told; `lettered`: the
    lineage's letter too, where no heading says it.
    """

    rects: Rects  # (n, 4)
    lineage: NDArray[np.int8]
    bad: NDArray[np.bool_]
    unsure: NDArray[np.bool_]
    called: NDArray[np.bool_]
    lettered: bool


def paint_tile_marks(
    painter: QPainter, marks: TileMarks, cells: CellPalette, ratio: float
) -> None:
    """All tiles at once: a few calls for each lineage."""
    told = marks.lineage >= 0
    dashed = told & marks.unsure & ~marks.called
    fill_rects(painter, _foot(marks.rects[told], LINE + RIM), HALO)
    fill_rects(painter, _foot(marks.rects[told & marks.bad], LINE + RIM, LIFT), HALO)
    for number in np.unique(marks.lineage[told]).tolist():
        mark, own = cells.of(LINEAGES[number]), marks.lineage == number
        lines = [
            _foot(marks.rects[own & ~dashed], LINE),
            _dashed_foot(marks.rects[own & dashed], LINE),
            _foot(marks.rects[own & marks.bad], LINE, LIFT),
        ]
        fill_rects(painter, np.concatenate(lines), mark.colour)
        _paint_corners(painter, mark.colour, marks.rects[own & marks.bad], ratio)
        if marks.lettered:
            tag = tag_stamp(mark.letter, mark.colour.rgb(), ratio)
            half = tag.deviceIndependentSize().width() / 2
            draw_stamps(painter, tag, marks.rects[own, :2] + (half, TAG_HEIGHT / 2))
        ticks = marks.rects[own & marks.called]
        stamp = tick_stamp(TICK, mark.colour.rgb(), ratio)
        inset = (-TICK - 3, -TICK - LINE - 3)
        draw_stamps(painter, stamp, ticks[:, :2] + ticks[:, 2:] + inset)


def _foot(rects: Rects, thick: float, lift: float = 0.0) -> Rects:
    """A bar along the lower edge of every tile, `lift` above it."""
    bars = rects.copy()
    bars[:, 1] += rects[:, 3] - thick - lift
    bars[:, 3] = thick
    return bars


def _dashed_foot(rects: Rects, thick: float) -> Rects:
    edge, start, length = dashes(rects[:, 2])
    bars = _foot(rects, thick)[edge]
    bars[:, 0] += start
    bars[:, 2] = length
    return bars


def _paint_corners(
    painter: QPainter, colour: QColor, rects: Rects, ratio: float
) -> None:
    corners = rects[:, :2] + rects[:, 2:] * (1, 0)
    stamp = corner_stamp(MOST_CORNER, colour.rgb(), ratio)
    draw_stamps(painter, stamp, corners + (-MOST_CORNER / 2, MOST_CORNER / 2))
