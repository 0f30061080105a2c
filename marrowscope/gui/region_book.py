"""A reader's regions: shown at once, stored behind the scenes, undone one by one."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.regions import Region
from marrowscope.domain.review import History
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.gui.region_jobs import StoreRequest, store_regions
from marrowscope.workflow.opening import OpenedCase

UNDO_STEPS = 1000


@dataclass(frozen=True, slots=True)
class _Step:
    """One intent: the regions as they were before it, and when it was."""

    before: tuple[Region, ...]
    after: tuple[Region, ...]
    at: float

    @property
    def name(self) -> str:
        """What it did, as the menu says it."""
        old = {region.id: region for region in self.before}
        new = {region.id: region for region in self.after}
        changed = [
            r for r in (*self.before, *self.after) if old.get(r.id) != new.get(r.id)
        ]
        if len({r.id for r in changed}) != 1:
            return "regions"
        one = changed[-1]
        verb = "changed" if one.id in old else "added"
        return f"{one.name} {verb if one.id in new else 'removed'}"


class RegionBook(QObject):
    """The regions of the case in hand; `selected` is the id of the one in hand.

    `changed` when they are others, `looked` when another one is selected; `stored`
    carries whether everything that is to be counted has been read.
    """

    changed = Signal()
    looked = Signal()
    stored = Signal(bool)
    failed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self._steps: list[_Step] = []
        self._undone: list[_Step] = []
        self._waiting: list[StoreRequest] = []
        # Replaced as a whole and never changed: a run reads it from its own thread.
        self.regions: tuple[Region, ...] = ()
        self.selected: str | None = None
        self.who = ""

    @property
    def saved(self) -> bool:
        return not self._waiting

    @property
    def last_step(self) -> float:
        """When the last intent was that can be undone; 0 for none."""
        return self._steps[-1].at if self._steps else 0.0

    @property
    def last_undone(self) -> float:
        """When the last intent was undone that can be done again; 0 for none."""
        return self._undone[-1].at if self._undone else 0.0

    @property
    def history(self) -> History:
        """What undo and redo would do next, in words; "" for nothing."""
        piles = (self._steps, self._undone)
        return History(*(pile[-1].name if pile else "" for pile in piles))

    def begin(self, case: OpenedCase, regions: tuple[Region, ...]) -> None:
        """Take up a case with the regions its file holds."""
        self._case, self.regions = case, regions
        self._steps, self._undone, self._waiting = [], [], []
        self.selected = None

    def current(self) -> tuple[Region, ...]:
        """The regions in force now; may be called from any thread."""
        return self.regions

    def select(self, region: str | None) -> None:
        """Take a region in hand, or none."""
        if region != self.selected:
            self.selected = region
            self.looked.emit()

    def put(self, regions: Iterable[Region]) -> None:
        """Add these, in place of those with the same id."""
        after = {region.id: region for region in self.regions}
        after.update({region.id: region for region in regions})
        self._intend(tuple(after.values()))

    def remove(self, region: str) -> None:
        """Drop a region."""
        self._intend(tuple(r for r in self.regions if r.id != region))

    def undo(self) -> None:
        """Undo the last intent."""
        if self._steps:
            step = self._steps.pop()
            self._undone.append(replace(step, at=time.monotonic()))
            self._apply(step.before)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone:
            step = self._undone.pop()
            self._steps.append(replace(step, at=time.monotonic()))
            self._apply(step.after)

    def _intend(self, after: tuple[Region, ...]) -> None:
        if after != self.regions and self._case is not None:
            self._steps.append(_Step(self.regions, after, time.monotonic()))
            self._undone.clear()
            del self._steps[:-UNDO_STEPS]
            self._apply(after)

    def _apply(self, after: tuple[Region, ...]) -> None:
        if self._case is None:
            return
        old = {region.id: region for region in self.regions}
        new = {region.id: region for region in after}
        put = tuple(r for r in after if old.get(r.id) != r)
        removed = tuple(name for name in old if name not in new)
        request = StoreRequest(self._case, put, removed, self.regions, self.who)
        self.regions = after
        if self.selected not in new:
            self.selected = None
        self._store(request)
        self.changed.emit()

    def _store(self, request: StoreRequest) -> None:
        self._waiting.append(request)
        job = Job(request, store_regions)
        job.answered.connect(self._on_stored)
        job.failed.connect(self._on_failed)
        self._runner.start(job, Lane.CASE)

    @Slot(object)
    def _on_stored(self, answer: Answer) -> None:
        if answer.request in self._waiting:
            self._waiting.remove(answer.request)
            self.stored.emit(answer.value)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        # What is not on disk must not look as if it were.
        request: StoreRequest = failure.request
        if request in self._waiting:
            self._waiting.remove(request)
            self.regions = request.before
            self.changed.emit()
        self.failed.emit(failure)
