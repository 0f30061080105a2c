"""What the gallery asks its workers: columns of every cell, and the wall as wished."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.cell_table import CellTable
from marrowscope.gui.gallery.arranging import Arrangement, Wish, arrange
from marrowscope.gui.gallery.wall_cells import WallCells, WallRequest, wall_cells
from marrowscope.gui.jobs import Progress


@dataclass(frozen=True, slots=True, eq=False)
class ArrangeRequest:
    """Cells to be arranged."""

    cells: WallCells
    wish: Wish


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """A wall, and the table whose rows it speaks of."""

    table: CellTable
    wall: Arrangement


def build(request: WallRequest, progress: Progress) -> WallCells:
    """Columns of every cell."""
    return wall_cells(request)


def put_in_order(request: ArrangeRequest, progress: Progress) -> Arranged:
    """The wall as it is wished."""
    return Arranged(request.cells.table, arrange(request.cells, request.wish))
