"""Which cells are selected, and the picture of the one that is looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.cells import Cell
from marrowscope.gui import case_jobs
from marrowscope.gui.case_jobs import PictureRequest
from marrowscope.gui.case_state import CellPicture, SlideEntry
from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane
from marrowscope.imaging.display_colour import DisplayColour

ASSUMED_MPP = 0.25


class Focus(QObject):
    """Selected cell ids in the order they were chosen; the last one is looked at."""

    picture_came = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.cells = np.zeros(0, np.int64)
        self.picture: CellPicture | None = None
        self._asked: PictureRequest | None = None
        self._job: Job | None = None

    def select(self, cells: ArrayLike) -> bool:
        """Select these cells, each once; False when they were selected before."""
        chosen = _each_once(np.asarray(cells, np.int64))
        if np.array_equal(chosen, self.cells):
            return False
        chosen.flags.writeable = False
        self.cells = chosen
        if self.picture is not None and self.picture.cell not in chosen[-1:]:
            # It must be asked for anew when this cell is looked at again.
            self.picture, self._asked = None, None
        return True

    def look_at(
        self, cell: Cell | None, slide: SlideEntry | None, colour: DisplayColour
    ) -> None:
        """Fetch the picture of a cell, unless it is here or on its way."""
        if cell is None or slide is None:
            self._asked = None
            return
        mpp = slide.working_mpp or ASSUMED_MPP
        request = PictureRequest(cell.id, cell.box, slide.opened.slide, mpp, colour)
        if request == self._asked:
            return
        self._asked = request
        if self._job is not None:
            self._runner.withdraw(self._job)
        self._job = job = Job(request, case_jobs.cell_picture)
        job.answered.connect(self._on_picture)
        self._runner.start(job, Lane.TILES)

    @Slot(object)
    def _on_picture(self, answer: Answer) -> None:
        if answer.request is self._asked:
            self.picture = answer.value
            self.picture_came.emit()


def _each_once(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """A copy without repetitions, in the order of their first places."""
    _, first = np.unique(cells, return_index=True)
    return cells[np.sort(first)]
