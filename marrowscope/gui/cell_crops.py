"""Pictures of cells, cut out on workers: what is in sight first, stale wishes dropped.

Every list and wall of cells takes its pictures from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box
from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane, Progress
from marrowscope.gui.slides_panel.painting import image_of
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.imaging.slide import Slide
from marrowscope.workflow.cell_pictures import shown_picture

MOST_BYTES = 64 << 20  # twice the pixels of a 4K screen
TOGETHER = 4  # cells a job cuts out: a tile of the smear waits a few milliseconds
ASKED = 2  # jobs for each reader: the next is at hand while the window paints


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of a slide around a cell, `region` in level-0 pixels.

    Its picture is `size` device pixels across, in the colours the slide is shown in.
    """

    cell: int
    region: Box
    size: int
    slide: Slide
    colour: DisplayColour


def cut(request: Sequence[Crop], progress: Progress) -> dict[int, QImage]:
    """Pictures by cell; a null picture where the slide cannot be read."""
    found: dict[int, QImage] = {}
    for crop in request:
        if progress.token.cancelled:
            break
        found[crop.cell] = _cut_one(crop)
    return found


def _cut_one(crop: Crop) -> QImage:
    try:
        pixels = shown_picture(crop.slide, crop.region, crop.size, crop.colour)
    except UnreadableRegion:
        return QImage()
    # The format of the window itself: painting then copies, and converts nothing.
    return image_of(pixels).convertToFormat(QImage.Format.Format_RGB32)


Describe = Callable[[int], Crop | None]


class CellCrops(QObject):
    """Pictures by cell id. `came` carries the ids of cells whose pictures are here now.

    `describe` says what to cut out for a cell, None when it cannot be had. At most
    MOST_BYTES are kept, those looked at last; an outdated picture stays until the new
    one has come.
    """

    came = Signal(object)

    def __init__(
        self, runner: JobRunner, describe: Describe, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._describe = runner, describe
        self._images: dict[int, QImage] = {}
        self._current: set[int] = set()  # whose picture is not outdated
        self._bytes = 0
        self._waiting: dict[int, None] = {}
        self._jobs: dict[Job, set[int]] = {}
        self._held = False

    @property
    def idle(self) -> bool:
        """True when no picture is to come."""
        return not self._waiting and not self._jobs

    @property
    def kept_bytes(self) -> int:
        """What the pictures take, at most MOST_BYTES."""
        return self._bytes

    def get(self, cell: int) -> QImage | None:
        """The picture of a cell as far as it is here; it counts as looked at now."""
        image = self._images.pop(cell, None)
        if image is not None:
            self._images[cell] = image
        return image

    def of(self, cell: int) -> QImage | None:
        """The picture of a cell; when it is not here, it is on its way from now on."""
        if self._lacks(cell):
            self._waiting[cell] = None
            self._ask()
        return self.get(cell)

    def look(self, cells: Iterable[int]) -> None:
        """Want these and no others, the first of them first."""
        wanted = dict.fromkeys(cells)
        for job, asked in list(self._jobs.items()):
            if asked.isdisjoint(wanted) and self._runner.withdraw(job):
                del self._jobs[job]
        self._waiting = {cell: None for cell in wanted if self._lacks(cell)}
        self._ask()

    def outdate(self) -> None:
        """Pictures shall be cut out otherwise from now on: larger, in other colours."""
        self._drop_jobs()
        self._current.clear()

    def forget(self) -> None:
        """Other cells: nobody waits for these any more."""
        self.outdate()
        self._images, self._waiting, self._bytes = {}, {}, 0

    def hold(self, held: bool) -> None:
        """Ask for nothing while slides are being opened and closed."""
        self._held = held
        self._ask()

    def _drop_jobs(self) -> None:
        for job in self._jobs:
            self._runner.withdraw(job)
            job.cancel()
        self._jobs = {}

    def _lacks(self, cell: int) -> bool:
        asked = any(cell in cells for cells in self._jobs.values())
        return not asked and cell not in self._current

    def _ask(self) -> None:
        most = ASKED * self._runner.tile_readers
        while self._waiting and not self._held and len(self._jobs) < most:
            crops = list[Crop]()
            while self._waiting and len(crops) < TOGETHER:
                cell = next(iter(self._waiting))
                del self._waiting[cell]
                crop = self._describe(cell)
                if crop is not None:
                    crops.append(crop)
            if crops:
                self._start(crops)

    def _start(self, crops: Sequence[Crop]) -> None:
        job = Job(tuple(crops), cut)
        job.answered.connect(self._on_cut)
        job.ended.connect(self._on_end)
        self._jobs[job] = {crop.cell for crop in crops}
        self._runner.start(job, Lane.TILES)

    @Slot(object)
    def _on_cut(self, answer: Answer) -> None:
        if not any(job.request is answer.request for job in self._jobs):
            return
        for cell, image in answer.value.items():
            before = self._images.pop(cell, None)
            self._bytes += image.sizeInBytes() - (before.sizeInBytes() if before else 0)
            self._images[cell] = image
        self._current.update(answer.value)
        self._keep_bound()
        self.came.emit(tuple(answer.value))

    def _keep_bound(self) -> None:
        while self._bytes > MOST_BYTES:
            oldest = next(iter(self._images))
            self._bytes -= self._images.pop(oldest).sizeInBytes()
            self._current.discard(oldest)

    @Slot(object)
    def _on_end(self, job: Job) -> None:
        self._jobs.pop(job, None)
        self._ask()
