"""The newest of many questions, put to a worker one at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane, Work

LONGEST_REST = 2000  # milliseconds


class LatestJob(QObject):
    """Asks again only when the last answer is in, so that no answers pile up.

    It rests as long as it worked: what changes ten times a second keeps half a core
    busy at most. It waits for the lanes `after` (see `JobRunner.start`). `answered`
    carries the value of the newest question answered.
    """

    answered = Signal(object)

    def __init__(
        self,
        runner: JobRunner,
        lane: Lane,
        work: Work,
        parent: QObject | None = None,
        *,
        after: Sequence[Lane] = (),
    ) -> None:
        super().__init__(parent)
        self._runner, self._lane, self._work = runner, lane, work
        self._after = after
        self._asked: Any = None
        self._next: Any = None
        self._began = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)

    @property
    def idle(self) -> bool:
        """True when no answer is to come."""
        return self._asked is None and self._next is None

    def ask(self, request: object) -> None:
        """Put a question; one that still waits is forgotten."""
        self._next = request
        self._go_on()

    def drop(self) -> None:
        """Want no answer to anything asked so far."""
        self._asked = self._next = None
        self._rest.stop()

    @Slot()
    def _go_on(self) -> None:
        if self._next is None or self._asked is not None or self._rest.isActive():
            return
        self._asked, self._next = self._next, None
        self._began = time.monotonic()
        job = Job(self._asked, self._work)
        job.answered.connect(self._on_answer)
        job.ended.connect(self._on_end)
        self._runner.start(job, self._lane, after=self._after)

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if answer.request is self._asked:
            self.answered.emit(answer.value)

    @Slot(object)
    def _on_end(self, job: Job) -> None:
        if job.request is self._asked:
            self._asked = None
            worked = 1000 * (time.monotonic() - self._began)
            self._rest.start(min(int(worked), LONGEST_REST))
