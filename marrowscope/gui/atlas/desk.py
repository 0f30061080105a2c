"""Which atlas lies open, what it shows beside the cell looked at, and building one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui.atlas.jobs import (
    BuildRequest,
    Compared,
    CompareRequest,
    OpenedAtlas,
    OpenRequest,
    built_atlas,
    compared,
    opened_atlas,
)
from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.messages import Message, problem
from marrowscope.gui.session import CaseSession

HOW_TO_STOP = "Model > Atlas to compare with > Stop building ends it."


class AtlasDesk(QObject):
    """`changed`: another atlas, another comparison, or building goes on.

    `name` is the atlas chosen, "" for none; `building` (cells done, cells to do) while
    one is being built, (0, 0) before its cells are known.
    """

    changed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.name = ""
        self.building: tuple[int, int] | None = None
        self.compared: Compared | None = None
        self._opened: OpenedAtlas | None = None
        self._wanted: OpenRequest | None = None
        self._building: Job | None = None
        self._comparing = LatestJob(session.runner, Lane.TILES, compared, self)
        self._comparing.answered.connect(self._on_compared)
        session.changed.connect(self._on_changed)

    def choose(self, name: str) -> None:
        """Compare with this atlas from now on; with none for ""."""
        self.name = name
        self._opened = self.compared = self._wanted = None
        self._comparing.drop()
        self._open()
        self.changed.emit()

    def build(self, name: str, inputs: tuple[Path, ...]) -> None:
        """Build an atlas of labelled folders and confirmed cases, then choose it."""
        if self._building is not None:
            return
        request = BuildRequest(name, inputs, self._session.chosen_model)
        self._building = job = Job(request, built_atlas)
        job.reported.connect(self._on_progress)
        job.answered.connect(self._on_built)
        job.failed.connect(self._on_build_failed)
        job.ended.connect(self._on_build_ended)
        self.building = (0, 0)
        self._session.runner.start(job, Lane.ASIDE)
        self._session.say(Message(f"The atlas {name} is being built.", HOW_TO_STOP))
        self.changed.emit()

    def stop(self) -> None:
        """Build no further; nothing is kept of it."""
        if self._building is not None and self._session.runner.withdraw(self._building):
            self._on_build_ended(self._building)
        elif self._building is not None:
            self._building.cancel()

    def _open(self) -> None:
        bundle = self._session.bundle
        if self.name and bundle is not None:
            self._wanted = OpenRequest(self.name, bundle)
            job = Job(self._wanted, opened_atlas)
            job.answered.connect(self._on_opened)
            job.failed.connect(self._on_open_failed)
            self._session.runner.start(job, Lane.ASIDE)

    def _compare(self) -> None:
        cell, opened = self._session.selected, self._opened
        entry = self._session.slide_of(cell.slide) if cell is not None else None
        if self.compared is not None and (
            cell is None or self.compared.cell != cell.id
        ):
            self.compared = None
            self.changed.emit()
        if cell is None or opened is None or entry is None or self._session.opening:
            self._comparing.drop()
        elif entry.working_mpp is not None:
            slide, mpp = entry.opened.slide, entry.working_mpp
            request = CompareRequest(opened, cell.id, slide, cell.box, mpp)
            self._comparing.ask(request)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.MODEL:
            model = self._wanted.bundle if self._wanted else None
            if self._session.bundle is not model:
                self._opened = None
                self._open()
        if change & (Changes.SELECTION | Changes.CASE | Changes.CALIBRATION):
            self._compare()

    @Slot(object)
    def _on_opened(self, answer: Answer) -> None:
        if answer.request is self._wanted:
            self._opened = answer.value
            self._compare()

    @Slot(object)
    def _on_open_failed(self, failure: Failure) -> None:
        if failure.request is self._wanted:
            self._session.say(problem(failure.error, failure.details))

    @Slot(object)
    def _on_compared(self, value: Compared) -> None:
        cell = self._session.selected
        if cell is not None and cell.id == value.cell and self._opened is not None:
            self.compared = value
            self.changed.emit()

    @Slot(object)
    def _on_progress(self, parts: list[tuple[int, int]]) -> None:
        self.building = parts[-1]
        self.changed.emit()

    @Slot(object)
    def _on_built(self, answer: Answer) -> None:
        self.choose(answer.value)
        self._session.say(Message(f"The atlas {answer.value} is built and in use."))

    @Slot(object)
    def _on_build_failed(self, failure: Failure) -> None:
        if self._building is None or not self._building.token.cancelled:
            self._session.say(problem(failure.error, failure.details))

    @Slot(object)
    def _on_build_ended(self, job: Job) -> None:
        self._building = self.building = None
        self.changed.emit()
