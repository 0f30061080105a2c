"""All the thread code of the window.

A job is a frozen request, a pure function and an answer that names its request. `Job`
lives on the window's thread and owns its signals; the worker only emits. `JobRunner`
keeps running jobs, so that no dialog can destroy one.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.gui.reader_cores import core_each

log = logging.getLogger(__name__)
BATCH_SECONDS = 0.1
LONGEST_WAIT = 30.0  # seconds, for jobs on another lane
RUN_NICENESS = 10


class Lane(Enum):
    """Who does a job: a verdict never waits behind a run, nor a tile behind a look-up.

    TILES is for pixels that somebody looks at, each read in milliseconds; CELLS makes
    columns of cells ready to paint, PAINTING pictures of them; whatever else is slow
    and not the case's (model cards, proposals of scale) goes ASIDE.
    """

    RUN = "run"
    CASE = "case"
    TILES = "tiles"
    ASIDE = "aside"
    CELLS = "cells"
    PAINTING = "painting"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job found out, and what it had been asked."""

    request: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job has no answer, and what it had been asked; `details` help support."""

    request: Any
    error: MarrowScopeError
    details: str = ""


class Progress:
    """What a job's function is given beside its request: a token and a voice.

    `report(part)` may be called as often as wanted; parts reach the window in batches.
    """

    def __init__(
        self, emit: Callable[[list[Any]], None], token: CancellationToken
    ) -> None:
        self.token = token
        self._emit = emit
        self._parts: list[Any] = []
        self._sent = 0.0

    def report(self, part: Any) -> None:
        """Tell the window something; call it from the worker only."""
        self._parts.append(part)
        if time.monotonic() - self._sent >= BATCH_SECONDS:
            self.flush()

    def tell(self, part: Any) -> None:
        """Report something that the window waits for."""
        self._parts.append(part)
        self.flush()

    def flush(self) -> None:
        """Send what was held back."""
        if self._parts:
            parts, self._parts = self._parts, []
            self._sent = time.monotonic()
            self._emit(parts)


Work = Callable[[Any, Progress], Any]


class Job(QObject):
    """One question put to a worker. Connect bound methods of QObjects, not lambdas.

    `reported` carries a list of parts, `answered` an Answer, `failed` a Failure;
    `ended` the job itself, always and last.
    """

    reported = Signal(object)
    answered = Signal(object)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, request: Any, work: Work) -> None:
        super().__init__()
        self.request = request
        self.token = CancellationToken()
        self._work = work

    def cancel(self) -> None:
        """Ask the worker to stop at its next safe point."""
        self.token.cancel()

    def perform(self) -> None:
        """Do the work; runs on a worker and raises nothing."""
        progress = Progress(self.reported.emit, self.token)
        try:
            value = self._work(self.request, progress)
            progress.flush()
            self.answered.emit(Answer(self.request, value))
        except MarrowScopeError as error:
            progress.flush()
            cause = error.__cause__
            details = "" if cause is None else repr(cause)
            self.failed.emit(Failure(self.request, error, details))
        except Exception as error:
            log.exception("a job failed unexpectedly")
            self.failed.emit(Failure(self.request, _unexpected(error), repr(error)))
        finally:
            self.ended.emit(self)


def _unexpected(error: Exception) -> MarrowScopeError:
    return MarrowScopeError(
        f"Something went wrong that should not ({type(error).__name__}).",
        "What was read so far is kept. Copy the details and report them.",
    )


class JobRunner(QObject):
    """Starts jobs on their lanes and keeps them until they have ended.

    `closing`: from now on none is started, and one that waits may never answer.
    """

    closing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        readers = max(2, min(4, (os.cpu_count() or 2) - 1))
        sizes = {
            Lane.RUN: 1,
            Lane.CASE: 1,
            Lane.TILES: readers,
            Lane.CELLS: 1,
            Lane.ASIDE: 1,
            Lane.PAINTING: 1,
        }
        begin = {Lane.RUN: step_back, Lane.TILES: core_each(readers)}
        self._pools = {
            lane: ThreadPoolExecutor(
                size,
                thread_name_prefix=f"marrowscope-{lane.value}",
                initializer=begin.get(lane),
            )
            for lane, size in sizes.items()
        }
        self._jobs: dict[Job, Future[None]] = {}
        self._lanes: dict[Job, Lane] = {}
        self._patient: dict[Job, tuple[Lane, ...]] = {}
        self._closed = self._ended = False
        self._saving: list[Future[None]] = []

    @property
    def busy(self) -> bool:
        """True while a job is waiting or running."""
        return bool(self._jobs or self._patient)

    @property
    def tile_readers(self) -> int:
        """How many tiles can be read at the same time."""
        return self._pools[Lane.TILES]._max_workers

    def start(self, job: Job, lane: Lane, *, after: Sequence[Lane] = ()) -> Job:
        """Queue a job whose signals are connected already.

        It waits for everything that is on the lanes `after` now, for a while: a share
        that never answers must not keep the window for ever.
        """
        if self._closed:
            return job
        job.ended.connect(self._forget)
        earlier = [f for other, f in self._jobs.items() if self._lanes[other] in after]
        self._lanes[job] = lane
        self._jobs[job] = self._pools[lane].submit(_perform_after, earlier, job)
        return job

    def start_last(self, job: Job, lane: Lane, *, after: Sequence[Lane] = ()) -> Job:
        """Queue a job as soon as nothing else is asked of its lane, nor of `after`."""
        if not self._closed:
            self._patient[job] = (lane, *after)
            self._start_patient()
        return job

    def _start_patient(self) -> None:
        for job, lanes in list(self._patient.items()):
            if set(lanes).isdisjoint(self._lanes.values()):
                del self._patient[job]
                self.start(job, lanes[0])

    def withdraw(self, job: Job) -> bool:
        """Take back a job that has not begun, and never will. False: too late."""
        if self._patient.pop(job, None) is not None:
            return True
        future = self._jobs.get(job)
        if future is None or not future.cancel():
            return False
        self._forget(job)
        return True

    @Slot(object)
    def _forget(self, job: Job) -> None:
        self._jobs.pop(job, None)
        self._lanes.pop(job, None)
        self._start_patient()

    def close(self, last: Job | None = None, *, seconds: float = 10.0) -> bool:
        """Cancel everything, wait for at most `seconds`; False if something still runs.

        Writing to the case that was already asked for is waited for, not dropped;
        `last` is done on the case's lane when all else has ended. A running thread
        that does not end in time is left alone, never destroyed.
        """
        if self._closed:
            return self._ended
        self._closed = True
        self._patient.clear()
        self.closing.emit()
        for job in self._jobs:
            job.cancel()
        for lane in set(Lane) - {Lane.CASE}:
            self._pools[lane].shutdown(wait=False, cancel_futures=True)
        futures = [f for f in self._jobs.values() if not f.cancelled()]
        self._saving = [f for j, f in self._jobs.items() if self._lanes[j] is Lane.CASE]
        if last is not None:
            case = self._pools[Lane.CASE]
            self._saving.append(case.submit(_perform_after, list(futures), last))
            futures.append(self._saving[-1])
        self._pools[Lane.CASE].shutdown(wait=False)
        running = wait(futures, timeout=seconds).not_done
        for pool in self._pools.values():
            pool.shutdown(wait=not running)
        self._ended = not running
        return self._ended

    def saved(self, *, seconds: float = LONGEST_WAIT + 10.0) -> bool:
        """Wait after `close` for what goes into the case; False if that hangs too."""
        return not wait(self._saving, timeout=seconds).not_done


def _perform_after(earlier: list[Future[None]], job: Job) -> None:
    _wait_for(earlier, LONGEST_WAIT)
    job.perform()


def _wait_for(futures: Sequence[Future[None]], seconds: float) -> None:
    """Wait until all have ended; `concurrent.futures.wait` never learns of those that a
    pool cancels when it is shut down."""
    ended = threading.Semaphore(0)
    latest = time.monotonic() + seconds
    for future in futures:
        future.add_done_callback(lambda _: ended.release())
    for _ in futures:
        if not ended.acquire(timeout=max(0.0, latest - time.monotonic())):
            return


def step_back() -> None:
    """Let every other thread go first: the run works with what the window leaves.

    On Linux the threads that a network starts inherit it. Elsewhere the system's own
    scheduler, which favours the window in front, has to do.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), RUN_NICENESS)
