"""What must be said of a case for as long as it is so: the sentences, looked up."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui import case_jobs
from marrowscope.gui.case_jobs import Said
from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane
from marrowscope.workflow.opening import OpenedCase


class CaseNotices(QObject):
    """`said` is what a report of the case would begin with."""

    changed = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self.said = Said()

    def look_for(self, case: OpenedCase | None) -> None:
        """Forget what was said and look anew; with None there is nothing to say."""
        self._case, self.said = case, Said()
        if case is None:
            return
        job = Job(case, case_jobs.what_must_be_said)
        job.answered.connect(self._on_found)
        # Not on the case's lane: a verdict must not wait for it. Cells are shown first.
        self._runner.start(job, Lane.ASIDE, after=(Lane.CELLS,))

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        if self._case is not None and answer.request.file is self._case.file:
            self.said = answer.value
            self.changed.emit()
