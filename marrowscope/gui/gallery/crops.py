"""Which pictures the wall wants: those in sight, then those it is scrolled towards."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Slot

from marrowscope.domain.geometry import Box
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_crops import CellCrops, Crop
from marrowscope.gui.focus import ASSUMED_MPP
from marrowscope.gui.gallery.arranging import WALL_UM
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.layout import Rows
from marrowscope.gui.gallery.scene import WallScene

AHEAD = 1.0  # screens, in the direction of scrolling
BEHIND = 0.3


class WallCrops(QObject):
    """Every crop shows as many pixels a micron, so that sizes can be compared."""

    def __init__(self, desk: GalleryDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._sizes: dict[int, int] = {}  # device pixels by cell wanted
        self._looked: tuple[object, ...] = ()
        self._um_per_pixel = 1.0
        self.pictures = CellCrops(desk.session.runner, self._crop, self)
        self.came = self.pictures.came
        desk.session.changed.connect(self._on_changed)

    @property
    def idle(self) -> bool:
        """True when no picture is to come."""
        return self.pictures.idle

    def outdate(self) -> None:
        """Tiles are of another size now."""
        self.pictures.outdate()
        self._looked = ()

    def forget(self) -> None:
        """Other cells, or in other colours."""
        self.pictures.forget()
        self._looked = ()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.OPENING:
            self.pictures.hold(self._desk.session.opening)

    def look(self, scene: WallScene, direction: int) -> None:
        """Have the pictures of this scene, and of what comes next."""
        looked = (scene.wall, scene.top, scene.size, scene.layout, direction)
        if self._looked and all(
            a is b or a == b for a, b in zip(looked, self._looked, strict=True)
        ):
            return
        self._looked = looked
        self._um_per_pixel = WALL_UM / (scene.layout.side * scene.ratio)
        self._sizes = {}
        for top, bottom in _bands(scene, direction):
            for part in scene.layout.in_sight(top, bottom):
                self._want(scene, part)
        self.pictures.look(self._sizes)

    def _want(self, scene: WallScene, part: Rows) -> None:
        size = round(scene.layout.tile(part.group) * scene.ratio)
        ids = scene.cells.table.id[scene.wall.rows[part.first : part.end]]
        for cell in ids.tolist():
            self._sizes.setdefault(cell, size)

    def _crop(self, cell: int) -> Crop | None:
        cells, session = self._desk.cells, self._desk.session
        row = None if cells is None else cells.rows.row(cell)
        if cells is None or row is None:
            return None
        number = int(cells.table.slide[row])
        entry = session.slide_of(number)
        if entry is None:
            return None
        size = self._sizes[cell]
        side = size * self._um_per_pixel / (entry.working_mpp or ASSUMED_MPP)
        x, y, width, height = np.asarray(cells.table.box[row], np.float64).tolist()
        left, top = x + (width - side) / 2, y + (height - side) / 2
        region = Box(left, top, side, side)
        colour = session.colours_of(number)
        return Crop(cell, region, size, entry.opened.slide, colour)


def _bands(scene: WallScene, direction: int) -> list[tuple[int, int]]:
    """Parts of the wall from top to bottom: in sight, ahead, and a little behind."""
    top, height = scene.top, scene.size[1]
    bottom = top + height
    ahead, behind = round(AHEAD * height), round(BEHIND * height)
    down, up = (bottom, bottom + ahead), (max(0, top - ahead), top)
    if direction < 0:
        return [(top, bottom), up, (bottom, bottom + behind)]
    return [(top, bottom), down, (max(0, top - behind), top)]
