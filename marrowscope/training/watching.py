"""A training seen from a terminal: how far, how fast, how long yet; and Ctrl-C."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

log = logging.getLogger(__name__)


class Watch:
    """Tells of every step: a bar on a terminal, plain lines in a log elsewhere."""

    def __init__(self, first: int, steps: int, bar: Progress | None) -> None:
        self._first, self._steps, self._bar = first, steps, bar
        self._began = time.monotonic()
        if bar is not None:
            self._task = bar.add_task(
                "training", total=steps, completed=first, loss="", rate=""
            )

    def seen(self, step: int, loss: float) -> None:
        """`step` steps are done, the smoothed loss is `loss`."""
        if self._bar is not None:
            rate = f"{self.rate(step):.2f} steps/s"
            self._bar.update(
                self._task, completed=step, loss=f"loss {loss:.4f}", rate=rate
            )

    def tell(self, step: int, loss: float, score: float | None) -> None:
        """A line about a step that was saved; above the bar only with a score."""
        told = "" if score is None else f", score {score:.4f}"
        line = f"step {step} of {self._steps}, loss {loss:.4f}{told}"
        if self._bar is None:
            rate = self.rate(step)
            left = timedelta(seconds=round((self._steps - step) / max(rate, 1e-9)))
            log.info("%s, %.2f steps/s, %s left", line, rate, left)
        elif score is not None:
            self._bar.console.print(line, highlight=False)

    def rate(self, step: int) -> float:
        """Steps a second since this run began."""
        return (step - self._first) / max(time.monotonic() - self._began, 1e-9)


@contextmanager
def watched(
    first: int, steps: int, *, console: Console | None = None
) -> Iterator[Watch]:
    """A watch over the steps from `first` on; `console`: standard error by default."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield Watch(first, steps, None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        yield Watch(first, steps, bar)


@contextmanager
def interruptions() -> Iterator[Callable[[], bool]]:
    """Ask whether Ctrl-C was pressed meanwhile; the second one interrupts at once.

    So that a step is finished and saved. Off the main thread nothing is caught.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    former = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, former)

    signal.signal(signal.SIGINT, note)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, former)
