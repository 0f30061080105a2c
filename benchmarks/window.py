"""How long the window's thread is kept while a smear is read and looked at.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window [SLIDE] [--seconds 90]

Opens the real window, reads the slide (by default a phantom drawn for it) with the
shipped model, and pans and zooms all the while. Told are the longest and the usual turn
of the event loop: work of the thread itself (CPU time), and wall-clock time, which a
busy machine lengthens. Opening the slide and ending the run are within.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
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
        turns, window = watch(slide, given.seconds)
        write_section("The window's thread during a run", facts(turns, window))
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


def watch(
    slide: Path, seconds: float
) -> tuple[NDArray[np.float64], MainWindow]:  # (N, 2) milliseconds: work, wall clock
    """Read and look about, until the end or for so long after the first field."""
    application = make_application()
    window = make_window(ThemeChoice.DARK)
    window.resize(1600, 1000)
    window.show()
    settle_memory()  # as the program itself does
    window.session.open_paths([slide], start=True)
    turns: list[tuple[float, float]] = []
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and not _read_through(window):
        wall, work = time.perf_counter(), time.thread_time()
        application.processEvents()
        turns.append((time.thread_time() - work, time.perf_counter() - wall))
        if window.session.run.done:
            end = min(end, time.monotonic() + seconds)
        move(window, len(turns))
        time.sleep(0.002)
    return np.asarray(turns) * 1000, window


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


def facts(turns: NDArray[np.float64], window: MainWindow) -> list[Fact]:
    """`turns` (N, 2) milliseconds of work and of wall clock."""
    run = window.session.run
    done = f"{run.done} of {run.total} fields, {run.cells} cells, {len(turns)} turns"
    rows = [Fact("read meanwhile", done)]
    for name, column in (("work of the thread", 0), ("wall clock", 1)):
        spent = turns[:, column]
        usual, high, rare = np.percentile(spent, (50, 95, 99.9))
        longest, over = spent.max(), int((spent > LIMIT_MS).sum())
        rows.append(
            Fact(
                f"longest block of the window's thread, {name}",
                f"{longest:.1f} ms (median {usual:.1f}, 95th {high:.1f}, 99.9th "
                f"{rare:.1f}; {over} turns over {LIMIT_MS:.0f})",
                f"<= {LIMIT_MS:.0f} ms",
                bool(longest <= LIMIT_MS),
            )
        )
    return rows


if __name__ == "__main__":
    main()
