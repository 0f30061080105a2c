"""How long the window's thread is kept while a smear is read and looked at.

    python benchmarks/window.py SLIDE [--seconds 60]

Opens the real window, reads the slide with the shipped model, and pans and zooms all
the while. Prints the longest and the usual turn of the event loop: work of the thread
itself (CPU time), and wall-clock time, which a busy machine lengthens.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from marrowscope.gui.app import make_application, make_window, settle_memory
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.theme import ThemeChoice

LIMIT_MS = 50.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slide", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    application = make_application()
    window = make_window(ThemeChoice.DARK)
    window.show()
    settle_memory()  # as the program itself does
    window.session.open_paths([asked.slide], start=True)
    turns: list[tuple[float, float]] = []
    end = time.monotonic() + asked.seconds
    while time.monotonic() < end:
        wall, work = time.perf_counter(), time.thread_time()
        application.processEvents()
        turns.append((time.thread_time() - work, time.perf_counter() - wall))
        move(window, len(turns))
        time.sleep(0.002)
    report(np.asarray(turns) * 1000, window)
    window.close()


def move(window: MainWindow, turn: int) -> None:
    """Pan a little at every third turn, change the objective at every 300th."""
    if window.session.slide is None or turn % 3:
        return
    navigator = window.smear.navigator
    if turn % 300 == 0:
        navigator.zoom_to(window.smear.objectives.scale_at(turn // 300 % 4))
    navigator.pan(4, 2 if turn // 200 % 2 else -3)


def report(turns: np.ndarray, window: MainWindow) -> None:
    """`turns` (N, 2) milliseconds of work and of wall clock."""
    run = window.session.run
    print(f"{len(turns)} turns, {run.done} of {run.total} fields, {run.cells} cells")
    for name, column in (("work", turns[:, 0]), ("wall clock", turns[:, 1])):
        usual, rare = np.percentile(column, (50, 99))
        print(
            f"{name}: median {usual:.1f} ms, 99 % below {rare:.1f} ms, longest "
            f"{column.max():.1f} ms, {(column > LIMIT_MS).sum()} over {LIMIT_MS:.0f} ms"
        )


if __name__ == "__main__":
    main()
