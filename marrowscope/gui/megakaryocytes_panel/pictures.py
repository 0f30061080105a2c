"""Small pictures of the cells on the list, cut out as rows come in sight."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Box
from marrowscope.domain.megakaryocytes import Megakaryocyte
from marrowscope.gui.cell_crops import CellCrops, Crop
from marrowscope.gui.session import CaseSession

SHOWN = 40  # pixels of the window
SIDE = 2 * SHOWN  # sharp at 200 % as well
CONTEXT = 1.2  # of the cell's longer side


class CellPictures(QObject):
    """Each cell in the middle of a square as large as the cell needs."""

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cells: dict[int, Megakaryocyte] = {}
        self._crops = CellCrops(session.runner, self._crop, self)
        self.came = self._crops.came

    def of(self, cell: Megakaryocyte) -> QImage | None:
        """The cell's picture; None before it came, and then it is on its way."""
        self._cells[cell.cell] = cell
        image = self._crops.of(cell.cell)
        if image is None or image.isNull():
            return None
        image.setDevicePixelRatio(SIDE / SHOWN)
        return image

    def forget(self) -> None:
        """Other cells, or in other colours: nobody waits for these any more."""
        self._cells = {}
        self._crops.forget()

    def hold(self, held: bool) -> None:
        """Ask for nothing while slides are being opened and closed."""
        self._crops.hold(held)

    def _crop(self, cell: int) -> Crop | None:
        one = self._cells[cell]
        entry = self._session.slide_of(one.slide)
        if entry is None:
            return None
        side = CONTEXT * max(one.box.width, one.box.height)
        x, y = one.box.centre
        region = Box(x - side / 2, y - side / 2, side, side)
        colour = self._session.colours_of(one.slide)
        return Crop(cell, region, SIDE, entry.opened.slide, colour)
