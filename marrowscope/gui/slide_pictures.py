"""Small pictures of the slides of a case: made one after the other, the seen first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Pixels
from marrowscope.gui import case_jobs
from marrowscope.gui.case_jobs import ThumbnailRequest
from marrowscope.gui.case_state import SlideEntry
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.workflow.opening import naming

PAUSE_MS = 100  # between two tellings: 500 photos shall not repaint the window as often


class SlidePictures(QObject):
    """`came` carries pixels by slide number; `failed` every error of this case so far.

    Only one is made at a time, when no tile is asked for and no cells are made ready: a
    hundred photos must not keep the smear waiting. A picture takes 150 kB, so those of
    500 photos 74 MB.
    """

    came = Signal(object)
    failed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._lacking: dict[int, SlideEntry] = {}
        self._asked: SlideEntry | None = None
        self._seen: Sequence[int] = ()
        self._arrived: dict[int, Pixels] = {}
        self._errors: list[MarrowScopeError] = []
        self._told = 0  # of the errors
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._tell)

    def begin(self, slides: Iterable[SlideEntry]) -> None:
        """Make pictures of these slides from now on, and of no others."""
        self._lacking = {entry.number: entry for entry in slides}
        self._arrived, self._errors, self._told = {}, [], 0
        self._ask()

    def stop(self) -> None:
        """Tell nothing more: the window is closing."""
        self._pause.stop()
        self._lacking = {}

    def look_at(self, numbers: Sequence[int]) -> None:
        """The reader sees the cards of these slides: theirs go first."""
        self._seen = numbers

    def _ask(self) -> None:
        if self._asked is not None or not self._lacking:
            return
        seen = (number for number in self._seen if number in self._lacking)
        number = next(seen, next(iter(self._lacking)))
        self._asked = entry = self._lacking[number]
        job = Job(ThumbnailRequest(number, entry.opened.slide), case_jobs.thumbnail)
        job.answered.connect(self._on_answered)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)
        self._runner.start_last(job, Lane.TILES, after=(Lane.CELLS,))

    def _taken(self) -> SlideEntry | None:
        """The slide asked for, if another case has not taken its place meanwhile."""
        asked = self._asked
        if asked is None or self._lacking.get(asked.number) is not asked:
            return None
        return self._lacking.pop(asked.number)

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        entry = self._taken()
        if entry is not None:
            self._arrived[entry.number] = answer.value

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        entry = self._taken()
        if entry is not None:
            named = naming(failure.error, entry.opened.path, entry.name)
            self._errors.append(named)

    @Slot(object)
    def _on_ended(self, job: Job) -> None:
        if not self._pause.isActive():
            self._tell()
        self._asked = None
        self._ask()

    @Slot()
    def _tell(self) -> None:
        if self._arrived:
            arrived, self._arrived = self._arrived, {}
            self.came.emit(arrived)
            self._pause.start()
        if len(self._errors) > self._told:
            self._told = len(self._errors)
            self.failed.emit(tuple(self._errors))
            self._pause.start()
