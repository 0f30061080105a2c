"""Opening and closing cases, and the slides in them: pictures, scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.geometry import Pixels
from marrowscope.gui import case_jobs
from marrowscope.gui.case_contents import CaseContents, CellsMet
from marrowscope.gui.case_jobs import (
    CalibrationRequest,
    FindRequest,
    OpenRequest,
)
from marrowscope.gui.case_state import Changes, SlideEntry
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.gui.slide_pictures import SlidePictures
from marrowscope.imaging.slide import Slide
from marrowscope.workflow.opening import OpenedCase, OpenedSlide
from marrowscope.workflow.scale import KNOWN, WorkingScale


class CaseDoor(QObject):
    """The case in hand. `opened` carries CaseContents, `changed` Changes.

    `coming`: the slide that is shown once its case has been read, and `coming_cells`
    its cells; None while another case is in hand.
    """

    opened = Signal(object)
    changed = Signal(object)
    failed = Signal(object)
    proposed = Signal(object)  # (slide number, microns per pixel or None)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self._slides: dict[int, SlideEntry] = {}
        self.pictures = SlidePictures(runner, self)
        self.pictures.came.connect(self._on_pictures)
        self._next: tuple[Path, ...] = ()
        self._done: tuple[Path, ...] = ()
        self.opening = False
        self.coming: Slide | None = None
        self.coming_cells: CellsMet | None = None

    @property
    def case(self) -> OpenedCase | None:
        return self._case

    @property
    def slides(self) -> tuple[SlideEntry, ...]:
        """Slides in the case's order."""
        return tuple(self._slides.values())

    def slide(self, number: int | None) -> SlideEntry | None:
        """The slide of that number, None when there is none."""
        return None if number is None else self._slides.get(number)

    def open(self, paths: Sequence[Path]) -> None:
        """Open these inputs as a case instead of the one in hand."""
        self._next = case_jobs.slides_of(paths)
        if self.opening:
            return
        self.opening = True
        job = Job(OpenRequest(self._next, self._case), case_jobs.open_contents)
        job.reported.connect(self._on_met)
        job.answered.connect(self._on_opened)
        job.failed.connect(self._on_failed)
        # Tiles being read now must not lose their slide under their feet.
        readers = () if self._case is None else (Lane.TILES, Lane.ASIDE)
        self._runner.start(job, Lane.CASE, after=readers)
        self.changed.emit(Changes.OPENING)

    def find(self, path: Path, inputs: tuple[Path, ...]) -> None:
        """Take a slide that the case misses from `path`."""
        if self._case is None or self.opening:
            return
        self.opening = True
        request = FindRequest(self._case, path, inputs)
        job = Job(request, case_jobs.contents_with_slide)
        job.answered.connect(self._on_found)
        job.failed.connect(self._on_not_found)
        self._runner.start(job, Lane.CASE)
        self.changed.emit(Changes.OPENING)

    @Slot(object)
    def _on_met(self, met: Sequence[Slide | CellsMet]) -> None:
        # While another case is in hand its slides are seen, and read.
        if not self.opening or self._case is not None:
            return
        for one in met:
            if isinstance(one, CellsMet):
                self.coming_cells = one
            else:
                self.coming = one
        self.changed.emit(Changes.OPENING)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        self._take(answer.value)
        self._go_on()

    @Slot(object)
    def _on_not_found(self, failure: Failure) -> None:
        self.opening = False
        self.changed.emit(Changes.OPENING)
        self.failed.emit(failure)
        self._go_on()

    @Slot(object)
    def _on_opened(self, answer: Answer) -> None:
        self._take(answer.value)
        self._done = answer.request.paths
        self._go_on()

    def _take(self, contents: CaseContents) -> None:
        self._end_opening()
        self._case = contents.case
        self._slides = {
            s.number: _entry(
                s, contents.names[s.number], contents.working.get(s.number)
            )
            for s in contents.case.slides
        }
        self.opened.emit(contents)
        self.pictures.begin(self.slides)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self._end_opening()
        self.changed.emit(Changes.OPENING)
        self.failed.emit(failure)
        self._done = failure.request.paths
        self._go_on()

    def _end_opening(self) -> None:
        self.opening, self.coming, self.coming_cells = False, None, None

    def _go_on(self) -> None:
        """Something else was dropped on the window meanwhile."""
        if self._next != self._done:
            self.open(self._next)

    @Slot(object)
    def _on_pictures(self, came: Mapping[int, Pixels]) -> None:
        for number, pixels in came.items():
            self._slides[number] = replace(self._slides[number], thumbnail=pixels)
        self.changed.emit(Changes.THUMBNAILS)

    def _put(self, entry: SlideEntry, change: Changes) -> None:
        self._slides[entry.number] = entry
        self.changed.emit(change)

    def note_scale(self, number: int, scale: WorkingScale) -> None:
        """What a run believes of a slide, also when nobody gave it a scale."""
        entry = self._slides.get(number)
        known = (scale.mpp, scale.certainty)
        if entry is not None and known != (entry.working_mpp, entry.certainty):
            entry = replace(entry, working_mpp=scale.mpp, certainty=scale.certainty)
            self._put(replace(entry, read_mpp=scale.mpp), Changes.CALIBRATION)
        elif entry is not None and entry.read_mpp != scale.mpp:
            self._put(replace(entry, read_mpp=scale.mpp), Changes.CALIBRATION)

    def calibrate(self, numbers: Sequence[int], *, mpp: float, source: str) -> None:
        """Believe `mpp` microns per level-0 pixel for these slides from now on."""
        slides = tuple(self._slides[n].opened for n in numbers)
        if self._case is None or not slides:
            return
        request = CalibrationRequest(self._case, slides, mpp, source)
        job = Job(request, case_jobs.store_calibration)
        job.answered.connect(self._on_calibrated)
        job.failed.connect(self.failed)
        self._runner.start(job, Lane.CASE)

    @Slot(object)
    def _on_calibrated(self, answer: Answer) -> None:
        case = self._case
        if case is None or answer.request.case.file is not case.file:
            return
        # The next run reads what the case holds: it must know the scale too.
        fresh = {opened.number: opened for opened in answer.value}
        slides = tuple(fresh.get(s.number, s) for s in case.slides)
        self._case = replace(case, slides=slides)
        for opened in answer.value:
            old = self._slides[opened.number]
            entry = replace(
                _entry(opened, old.name, None),
                thumbnail=old.thumbnail,
                read_mpp=old.read_mpp,
            )
            self._put(entry, Changes.CALIBRATION)

    def propose(self, number: int) -> None:
        """Measure red cells on a slide; `proposed` says what they suggest."""
        entry = self._slides.get(number)
        if entry is None:
            return
        own = entry.opened.slide.identity
        alike = tuple(
            other.opened
            for other in self._slides.values()
            if (other.opened.slide.identity.width, other.opened.slide.identity.height)
            == (own.width, own.height)
        )
        job = Job(case_jobs.ProposalRequest(number, alike), case_jobs.propose_for)
        job.answered.connect(self._on_proposed)
        job.failed.connect(self.failed)
        self._runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_proposed(self, answer: Answer) -> None:
        self.proposed.emit((answer.request.number, answer.value))


def _entry(
    opened: OpenedSlide, name: str, working: tuple[float, str] | None
) -> SlideEntry:
    read = working[0] if working else None
    if opened.mpp is not None:
        return SlideEntry(opened, name, opened.mpp, KNOWN, read_mpp=read)
    mpp, certainty = working or (None, "")
    return SlideEntry(opened, name, mpp, certainty, read_mpp=read)
