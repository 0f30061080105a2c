"""A reader's calls: shown at once, stored behind the scenes, undone one by one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.review import Verdict
from marrowscope.gui.case_jobs import CallsRequest, store_calls
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.workflow.opening import OpenedCase

UNDO_STEPS = 1000


@dataclass(frozen=True, slots=True)
class _Step:
    """One intent: the calls of some cells before it, and when it was."""

    before: Mapping[int, Verdict | None]
    at: float


class CallBook(QObject):
    """The verdicts of the case in hand. `saved` is False until the file has them.

    `called_last` (N,): the cells that the last `changed` was about.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self._verdicts: dict[int, Verdict] = {}
        self._steps: list[_Step] = []
        self._waiting: list[CallsRequest] = []
        self.reader = ""
        self.called_last = np.zeros(0, np.int64)

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """The call in force of each cell, by cell id."""
        return self._verdicts

    @property
    def saved(self) -> bool:
        return not self._waiting

    @property
    def can_undo(self) -> bool:
        return bool(self._steps)

    @property
    def last_step(self) -> float:
        """When the last intent was that can be undone; 0 for none."""
        return self._steps[-1].at if self._steps else 0.0

    def begin(self, case: OpenedCase | None, verdicts: Mapping[int, Verdict]) -> None:
        """Take up a case with the calls its file holds."""
        self._case, self._verdicts = case, dict(verdicts)
        self._steps, self._waiting = [], []

    def refresh(self, verdicts: Mapping[int, Verdict]) -> None:
        """The file's own calls again, after a run; calls still on their way stay."""
        fresh = dict(verdicts)
        for request in self._waiting:
            fresh.update({v.cell: v for v in request.verdicts})
            for cell in request.withdrawn:
                fresh.pop(cell, None)
        self._verdicts = fresh

    def call(self, verdicts: Iterable[Verdict]) -> None:
        """Put these calls in force."""
        made = tuple(verdicts)
        if made:
            self._remember(v.cell for v in made)
            self._apply(made, ())

    def withdraw(self, cells: Iterable[int]) -> None:
        """Take back the calls of these cells."""
        known = tuple(c for c in cells if c in self._verdicts)
        if known:
            self._remember(known)
            self._apply((), known)

    def undo(self) -> tuple[int, ...]:
        """Undo the last intent; the cells it was about."""
        if not self._steps:
            return ()
        before = self._steps.pop().before
        again = tuple(v for v in before.values() if v is not None)
        self._apply(again, tuple(c for c, v in before.items() if v is None))
        return tuple(before)

    def _remember(self, cells: Iterable[int]) -> None:
        before = {c: self._verdicts.get(c) for c in cells}
        self._steps.append(_Step(before, time.monotonic()))
        del self._steps[:-UNDO_STEPS]

    def _apply(self, made: tuple[Verdict, ...], gone: tuple[int, ...]) -> None:
        if self._case is None:
            return
        self._verdicts.update({v.cell: v for v in made})
        for cell in gone:
            self._verdicts.pop(cell, None)
        request = CallsRequest(self._case, made, gone, self.reader)
        self.called_last = _cells_of(request)
        self._waiting.append(request)
        job = Job(request, store_calls)
        job.answered.connect(self._on_stored)
        job.failed.connect(self._on_failed)
        self._runner.start(job, Lane.CASE)
        self.changed.emit()

    @Slot(object)
    def _on_stored(self, answer: Answer) -> None:
        self._settle(answer.request)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        # What is not on disk must not look as if it were.
        request: CallsRequest = failure.request
        if request in self._waiting:
            for cell in _cells_of(request).tolist():
                self._verdicts.pop(cell, None)
        self._settle(request)
        self.failed.emit(failure)

    def _settle(self, request: CallsRequest) -> None:
        if request in self._waiting:
            self._waiting.remove(request)
            self.called_last = _cells_of(request)
            self.changed.emit()


def _cells_of(request: CallsRequest) -> NDArray[np.int64]:
    """(N,) every cell that a request is about."""
    called = (v.cell for v in request.verdicts)
    return np.asarray([*called, *request.withdrawn], np.int64)
