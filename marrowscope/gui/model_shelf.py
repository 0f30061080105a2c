"""The model that reads next: which one was chosen, and its bundle once looked up."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui import case_jobs
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.gui.messages import Message, problem
from marrowscope.inference.bundle import Bundle
from marrowscope.workflow.models import DEFAULT_MODEL


class ModelShelf(QObject):
    """`taken` and `missing` tell how a look-up ended.

    `bundle` is None until looked up, or when broken; `problem` says why there is no
    usable model, and is None while there is one or nobody looked.
    """

    taken = Signal()
    missing = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.chosen = DEFAULT_MODEL
        self.bundle: Bundle | None = None
        self.problem: Message | None = None

    def look_for(self, name: str) -> None:
        """Choose this model and look it up; what was asked for before is dropped."""
        self.chosen = name
        job = Job(name, case_jobs.model_at_hand)
        job.answered.connect(self._on_found)
        job.failed.connect(self._on_missing)
        self._runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        if answer.request == self.chosen:
            self.bundle, self.problem = answer.value, None
            self.taken.emit()

    @Slot(object)
    def _on_missing(self, failure: Failure) -> None:
        if failure.request == self.chosen:
            self.bundle, self.problem = None, problem(failure.error)
            self.missing.emit()
