"""What is painted of the cells in a scene, held together: any thread can paint it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from marrowscope.gui.slide_view.box_painting import (
    on_screen,
    paint_boxes,
    paint_veiled,
)
from marrowscope.gui.slide_view.cells_building import MOST_BOXES
from marrowscope.gui.slide_view.density_picture import (
    DensityPicture,
    paint_density,
    paint_depth,
)
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import paint_selection
from marrowscope.gui.slide_view.shown_cells import ShownCells

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Cells that touch a scene, by row: outlined, veiled and selected ones."""

    shown: ShownCells
    scene: Scene
    outlined: Rows
    veiled: Rows
    chosen: Rows
    marked: bool

    def paint(self, painter: QPainter) -> None:
        """Paint them all."""
        shown, scene, marked = self.shown, self.scene, self.marked
        if len(self.chosen) <= MOST_BOXES:
            paint_selection(painter, on_screen(shown, self.chosen, scene.frame))
        veiled = on_screen(shown, self.veiled, scene.frame)
        paint_veiled(painter, veiled, scene, marked=marked)
        paint_boxes(painter, shown, self.outlined, scene, marked=marked)


@dataclass(frozen=True, slots=True, eq=False)
class Depth:
    """How thick cells lie in a scene, and the selected ones.

    `density`: None where cells are hidden; `dotted`: dysplastic cells are told apart.
    `selected`: of the selected cells, where there are many; else their rows `chosen`.
    """

    shown: ShownCells
    scene: Scene
    density: DensityPicture | None
    dotted: bool
    selected: DensityPicture
    chosen: Rows

    def paint(self, painter: QPainter) -> None:
        """Paint all of it."""
        scene, frame = self.scene, self.scene.frame
        if self.density is not None:
            paint = paint_density if self.dotted else paint_depth
            paint(painter, self.density, frame, scene.size)
        if self.selected.levels:
            paint_depth(painter, self.selected, frame, scene.size)
        elif len(self.chosen) <= MOST_BOXES:  # else their picture is coming
            paint_selection(painter, on_screen(self.shown, self.chosen, frame))
