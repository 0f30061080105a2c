"""How long the window's thread is kept while a smear is read and looked at.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window [SLIDE] [--seconds 90]

Opens the real window, reads the slide (by default a phantom drawn for it) with the
shipped model, and pans and zooms all the while. Told are the longest and the usual turn
of the event loop: work of the thread itself (CPU time), and wall-clock time, which a
busy machine lengthens. Opening the slide and ending the run are within. On a shared
machine even a thread's own time is lengthened (by its neighbours' use of the caches, by
a host that takes the processor away unseen): how far is told by a fixed piece of work
done between the turns for as long as they take, so that it meets as many such pauses.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Fact, write_section
from marrowscope.gui.app import make_application, make_window, settle_memory
from marrowscope.gui.case_state import Phase
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.theme import ThemeChoice
from marrowscope.phantom.plan import DYSPLASIA, SmearPlan
from marrowscope.phantom.slide import write_slide

LIMIT_MS = 50.0
LONGEST = 900.0  # seconds, whatever happens
SIDE, CELLS = 6144, 900
FIXED = np.random.default_rng(1).random(30_000).tolist()


@dataclass(frozen=True)
class Watched:
    """What was measured, all in milliseconds.

    `turns` (N, 2): work of the thread and wall clock; `fixed` (M,): work of the thread
    for the same piece of work each time.
    """

    turns: NDArray[np.float64]
    fixed: NDArray[np.float64]


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("slide", type=Path, nargs="?")
    parser.add_argument("--folder", type=Path, help="keeps the phantom")
    parser.add_argument("--seconds", type=float, default=90.0)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["MARROWSCOPE_HOME"] = home
        slide = given.slide or phantom(given.folder or Path(home))
        watched, window = watch(slide, given.seconds)
        write_section("The window's thread during a run", facts(watched, window))
        window.close()


def phantom(folder: Path) -> Path:
    """A drawn smear in `folder`, made when it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "phantom.tif"
    if not path.exists():
        plan = SmearPlan(SIDE, SIDE, CELLS, 1, mpp=0.25, dysplasia=dict(DYSPLASIA))
        unfinished = folder / "phantom.part.tif"
        write_slide(plan, unfinished)
        unfinished.rename(path)
    return path


def watch(slide: Path, seconds: float) -> tuple[Watched, MainWindow]:
    """Read and look about, until the end or for so long after the first field."""
    application = make_application()
    window = make_window(ThemeChoice.DARK)
    window.resize(1600, 1000)
    window.show()
    settle_memory()  # as the program itself does
    window.session.open_paths([slide], start=True)
    turns: list[tuple[float, float]] = []
    fixed: list[float] = []
    owed = 0.0  # seconds of turns that no fixed work was done for yet
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and not _read_through(window):
        wall, work = time.perf_counter(), time.thread_time()
        application.processEvents()
        turns.append((time.thread_time() - work, time.perf_counter() - wall))
        if window.session.run.done:
            end = min(end, time.monotonic() + seconds)
        move(window, len(turns))
        owed += turns[-1][0]
        while owed > 0:
            fixed.append(_fixed_work())
            owed -= fixed[-1]
        time.sleep(0.002)
    return Watched(np.asarray(turns) * 1000, np.asarray(fixed) * 1000), window


def _fixed_work() -> float:
    """Seconds of the thread's own time."""
    began = time.thread_time()
    sorted(FIXED)
    return time.thread_time() - began


def _read_through(window: MainWindow) -> bool:
    return window.session.run.phase is Phase.FINISHED


def move(window: MainWindow, turn: int) -> None:
    """Pan a little at every third turn, change the objective at every 300th."""
    if window.session.slide is None or turn % 3:
        return
    navigator = window.smear.navigator
    if turn % 300 == 0:
        navigator.zoom_to(window.smear.objectives.scale_at(turn // 300 % 4))
    navigator.pan(4, 2 if turn // 200 % 2 else -3)


def facts(watched: Watched, window: MainWindow) -> list[Fact]:
    """The run, both clocks, and what the machine does to a fixed piece of work."""
    run, turns = window.session.run, watched.turns
    done = f"{run.done} of {run.total} fields, {run.cells} cells, {len(turns)} turns"
    work = _longest("work of the thread", turns[:, 0])
    clock = _longest("wall clock", turns[:, 1])
    usual, longest = np.median(watched.fixed), watched.fixed.max()
    fixed = (
        f"{usual:.1f} ms, at worst {longest:.1f} ms: {longest / usual:.1f} times as "
        f"long ({len(watched.fixed)} times, as much in all as the turns)"
    )
    return [
        Fact("read meanwhile", done),
        work,
        clock,
        Fact("the same fixed work between the turns, work of the thread", fixed),
    ]


def _longest(name: str, spent: NDArray[np.float64]) -> Fact:
    usual, high, rare = np.percentile(spent, (50, 95, 99.9))
    longest, over = spent.max(), int((spent > LIMIT_MS).sum())
    return Fact(
        f"longest block of the window's thread, {name}",
        f"{longest:.1f} ms (median {usual:.1f}, 95th {high:.1f}, 99.9th {rare:.1f}; "
        f"{over} turns over {LIMIT_MS:.0f})",
        f"<= {LIMIT_MS:.0f} ms",
        bool(longest <= LIMIT_MS),
    )


if __name__ == "__main__":
    main()
