"""The layers of a view that a reader may want or not."""

from __future__ import annotations

from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.cell_words import CellFill, CellNames
from marrowscope.gui.slide_view.cells_layer import CellsLayer
from marrowscope.gui.slide_view.counting_grid import CountingGrid, GridNote
from marrowscope.gui.slide_view.layers import Layers, Level, Optional
from marrowscope.gui.slide_view.scale_bar import ScaleBar
from marrowscope.gui.slide_view.zones_layer import ZonesLayer, ZonesNote


def add_optional(
    layers: Layers,
    session: CaseSession,
    cells: CellsLayer,
    *,
    grid: CountingGrid,
    scale_bar: ScaleBar,
) -> dict[str, Optional]:
    """Add them; each by its name."""
    names, fill = CellNames(session, cells), CellFill(session, cells)
    zones = ZonesLayer(session)
    layers.add_ground(zones, Level.GROUND)
    layers.add_ground(fill, Level.GROUND)
    layers.add(grid, Level.MARKS)
    layers.add(names, Level.SCREEN)
    layers.add(ZonesNote(session, zones), Level.SCREEN)
    layers.add(scale_bar, Level.SCREEN)
    layers.add(GridNote(grid, scale_bar), Level.SCREEN)
    wanted = {"names": names, "fill": fill, "grid": grid, "zones": zones}
    return {**wanted, "scale_bar": scale_bar}
