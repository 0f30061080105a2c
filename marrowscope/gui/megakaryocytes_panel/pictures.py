"""Small pictures of the cells on the list, cut out on workers as rows come in sight."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Box
from marrowscope.domain.megakaryocytes import Megakaryocyte
from marrowscope.gui.jobs import Answer, Job, Lane, Progress
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.painting import image_of
from marrowscope.imaging.display_colour import DisplayColour, as_shown
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.slide import Slide

SHOWN = 40  # pixels of the window
SIDE = 2 * SHOWN  # sharp at 200 % as well
CONTEXT = 1.2  # of the cell's longer side


@dataclass(frozen=True, slots=True, eq=False)
class CropRequest:
    """A cell, by id and box, in the colours its slide is shown in."""

    cell: int
    box: Box
    slide: Slide
    colour: DisplayColour


def crop(request: CropRequest, progress: Progress) -> QImage | None:
    """The cell in the middle of a square, SIDE across; None when nobody waits."""
    if progress.token.cancelled:
        return None
    side = CONTEXT * max(request.box.width, request.box.height)
    x, y = request.box.centre
    around = Box(x - side / 2, y - side / 2, side, side)
    pixels = read_resized(request.slide, around, width=SIDE, height=SIDE)
    image = image_of(as_shown(pixels, request.colour, request.slide.profile))
    image.setDevicePixelRatio(SIDE / SHOWN)
    return image


class CellPictures(QObject):
    """Asked for by cell; `came` says whose picture is here now."""

    came = Signal(int)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._images: dict[int, QImage] = {}
        self._jobs: dict[int, Job] = {}

    def of(self, cell: Megakaryocyte) -> QImage | None:
        """The cell's picture; None before it came, and then it is on its way."""
        if cell.cell not in self._images and cell.cell not in self._jobs:
            self._fetch(cell)
        return self._images.get(cell.cell)

    def forget(self) -> None:
        """Other cells, or in other colours: nobody waits for these any more."""
        for job in self._jobs.values():
            self._session.runner.withdraw(job)
            job.cancel()
        self._images, self._jobs = {}, {}

    def _fetch(self, cell: Megakaryocyte) -> None:
        entry = self._session.slide_of(cell.slide)
        if entry is None or self._session.opening:
            return
        colour = self._session.colours_of(cell.slide)
        request = CropRequest(cell.cell, cell.box, entry.opened.slide, colour)
        job = self._jobs[cell.cell] = Job(request, crop)
        job.answered.connect(self._on_crop)
        self._session.runner.start(job, Lane.TILES)

    @Slot(object)
    def _on_crop(self, answer: Answer) -> None:
        job = self._jobs.get(answer.request.cell)
        if job is not None and job.request is answer.request and answer.value:
            self._images[answer.request.cell] = answer.value
            self.came.emit(answer.request.cell)
