"""A reader's edits: shown at once, stored behind the scenes, undone one by one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.review import Edit, History, Verdict
from marrowscope.gui.edit_jobs import (
    EditRequest,
    Redrawn,
    ReverseRequest,
    Stored,
    look_back,
    reverse,
    store_edit,
)
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reviewing import calling, withdrawing


class CallBook(QObject):
    """The verdicts of the case in hand. `saved` is False until the file has them.

    Steps live in the case file: what was done in an earlier sitting is undone as what
    was done just now. `called_last` (N,): the cells that the last `changed` was about.
    `reversed` carries the cells of a step undone or done again, `redrawn` the cells of
    the case after boxes were drawn, `added` the first cell that a person added;
    `looked_back`: there is something to undo, or not, and perhaps to be saved.
    `shown`: the cells of the table, where they were read from the file as they are.
    `kept`: calls that were shown before are on the disk now.
    """

    changed = Signal()
    failed = Signal(object)
    looked_back = Signal()
    kept = Signal()
    reversed = Signal(object)
    added = Signal(object)
    redrawn = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self.shown: Redrawn | None = None
        self._verdicts: dict[int, Verdict] = {}
        self._waiting: list[EditRequest | ReverseRequest] = []
        self._done_at: list[float] = []
        self._undone_at: list[float] = []
        self.history = History()
        self.reader = ""
        self.aside: int | None = None
        self.called_last = np.zeros(0, np.int64)

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """The call in force of each cell, by cell id."""
        return self._verdicts

    @property
    def saved(self) -> bool:
        return not self._waiting

    @property
    def last_step(self) -> float:
        """When the next step to undo was made; 0 for none, or an earlier sitting."""
        return self._done_at[-1] if self._done_at else 0.0

    @property
    def last_undone(self) -> float:
        """When the next step to do again was undone; 0 as above."""
        return self._undone_at[-1] if self._undone_at else 0.0

    def begin(
        self,
        case: OpenedCase | None,
        verdicts: Mapping[int, Verdict],
        *,
        aside: int | None = None,
    ) -> None:
        """Take up a case with the calls its file holds.

        `aside`: the number of a second reading; its calls, and all that follow, are
        kept apart from those in force.
        """
        self.aside = aside
        self._case, self._verdicts = case, dict(verdicts)
        self._waiting, self._done_at, self._undone_at = [], [], []
        self.history = History()
        if case is not None:
            job = Job(ReverseRequest(case, self.reader, reading=aside), look_back)
            job.answered.connect(self._on_looked_back)
            self._runner.start(job, Lane.CASE)

    def refresh(self, verdicts: Mapping[int, Verdict]) -> None:
        """The file's own calls again, after a run; calls still on their way stay."""
        self._verdicts = dict(verdicts)
        self._show_waiting()

    def call(self, verdicts: Iterable[Verdict], *, name: str = "") -> None:
        """Put these calls in force, as one step."""
        made = tuple(verdicts)
        if made:
            self.edit(calling(made, name=name))

    def withdraw(self, cells: Iterable[int]) -> None:
        """Take back the calls of these cells, as one step."""
        known = tuple(c for c in cells if c in self._verdicts)
        if known:
            self.edit(withdrawing(known, reader=self.reader))

    def edit(self, edit: Edit) -> None:
        """Store one step; its calls are shown at once."""
        if self._case is None or (self.aside is not None and _draws(edit)):
            return
        edit = replace(edit, reading=self.aside)
        cells = (*(v.cell for v in edit.verdicts), *edit.withdrawn)
        before = {cell: self._verdicts.get(cell) for cell in cells}
        request = EditRequest(self._case, edit, before, self.history, self.shown)
        self._done_at.append(time.monotonic())
        self._undone_at.clear()
        self.history = History(edit.name)
        self._show(edit)
        self._start(request)
        self.called_last = request.cells
        # What is only drawn is no call: counts follow when it is stored.
        (self.changed if before else self.looked_back).emit()

    def undo(self) -> None:
        """Take the last step back; `reversed` follows."""
        if self._case is not None:
            self._done_at = self._done_at[:-1]
            self._undone_at.append(time.monotonic())
            self._reverse(self._case, again=False)

    def redo(self) -> None:
        """Do the step undone last again; `reversed` follows."""
        if self._case is not None:
            self._undone_at = self._undone_at[:-1]
            self._done_at.append(time.monotonic())
            self._reverse(self._case, again=True)

    def _reverse(self, case: OpenedCase, *, again: bool) -> None:
        self._start(
            ReverseRequest(case, self.reader, again, self.aside, shown=self.shown)
        )

    def _show(self, edit: Edit) -> None:
        self._verdicts.update({v.cell: v for v in edit.verdicts})
        for cell in edit.withdrawn:
            self._verdicts.pop(cell, None)

    def _show_waiting(self) -> None:
        for request in self._waiting:
            if isinstance(request, EditRequest):
                self._show(request.edit)

    def _start(self, request: EditRequest | ReverseRequest) -> None:
        self._waiting.append(request)
        work = store_edit if isinstance(request, EditRequest) else reverse
        job = Job(request, work)
        job.answered.connect(self._on_stored)
        job.failed.connect(self._on_failed)
        self._runner.start(job, Lane.CASE)

    @Slot(object)
    def _on_looked_back(self, answer: Answer) -> None:
        known = self._done_at or answer.value == self.history
        if answer.request.case is self._case and not known:
            self.history = answer.value
            self.looked_back.emit()

    @Slot(object)
    def _on_stored(self, answer: Answer) -> None:
        request, stored = answer.request, answer.value
        if request not in self._waiting:
            return
        self._waiting.remove(request)
        self._put(stored.calls)
        self._show_waiting()
        reverse = isinstance(request, ReverseRequest)
        if reverse and not self._waiting:
            self.history = stored.history
        about = list(stored.calls) if reverse else request.cells
        self.called_last = np.asarray(about, np.int64)
        self._tell(stored, reverse=reverse)

    def _tell(self, stored: Stored, *, reverse: bool) -> None:
        if stored.redrawn is not None:
            self.redrawn.emit(stored.redrawn)
        if reverse or stored.calls or stored.redrawn is not None:
            self.changed.emit()
        else:
            self.kept.emit()
        if reverse and stored.step is not None:
            self.reversed.emit(stored.step.cells)
        elif stored.step is not None and stored.step.added:
            self.added.emit(stored.step.added[:1])

    def _put(self, calls: Mapping[int, Verdict | None]) -> None:
        for cell, verdict in calls.items():
            if verdict is None:
                self._verdicts.pop(cell, None)
            else:
                self._verdicts[cell] = verdict

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        # What is not on disk must not look as if it were.
        request = failure.request
        if request in self._waiting:
            self._waiting.remove(request)
            if isinstance(request, EditRequest):
                self._put(request.before)
                self.history = request.history
                self.called_last = request.cells
            self.changed.emit()
        self.failed.emit(failure)


def _draws(edit: Edit) -> bool:
    """A second reader calls cells, and draws none."""
    return bool(edit.boxes or edit.missed or edit.keyed)
