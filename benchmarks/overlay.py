"""How fast 555,052 cells are painted, hidden, selected and hit.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.overlay [--folder FOLDER]

The real window is open on a slide of 40,960 pixels a side (`benchmarks.large_case`).
Its frames are those of `benchmarks.overlay_frames`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from benchmarks.large_case import large_case
from benchmarks.large_window import wait_until, window_on
from benchmarks.overlay_frames import SIZE, Clock, frames
from benchmarks.results import Row, write_section
from marrowscope.gui.case_state import Changes
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.slide_view.viewport import Viewport

# A machine that does other work as well lengthens the wall clock; the work of the
# window's thread itself stays.
CLOCKS = {"wall": time.perf_counter, "work": time.thread_time}
CALLED, PAINTED = "one cell called", "one cell called, to the painted change"
MANY = "10,000 cells called in one step"
STORED = f"{MANY}, to the stored and painted change (wall)"
REPAINTED, HIT = "panels repainted on a recount", "a cell hit"
# Seconds; a tenth for all else.
LIMITS = {CALLED: 0.005, PAINTED: 0.03, MANY: 0.05, STORED: 1, REPAINTED: 0.05}
LIMITS[HIT] = 0.001


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, help="keeps slide and case")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--first", type=Path, help="only open CASE and say how long")
    given = parser.parse_args(argv)
    if given.first:
        print(first_overlay(given.first))
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = large_case(given.folder or Path(folder)).case
        first = [_fresh(kept) for _ in range(given.rounds)]
        case = Path(folder) / "worked_on.marrow"  # what is called stays in a case
        shutil.copyfile(kept, case)
        application, window = window_on(case)
        clock, rounds = CLOCKS[given.clock], given.rounds
        rows = frames(application, window.smear, rounds=rounds, clock=clock)
        rows += deeds(application, window, rounds=rounds, clock=clock)
        rows.append(_limit("stored cells to first painted overlay", first, 1.0))
        write_section(f"555,052 cells on the smear ({given.clock} clock)", rows)
        window.close()


def first_overlay(case: Path) -> float:
    """Seconds from opening the case to its cells on the screen."""
    began = time.perf_counter()
    _, window = window_on(case)
    taken = time.perf_counter() - began
    assert window.smear.cells.shown is not None
    window.close()
    return taken


def _fresh(case: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.overlay", "--first", str(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


# Deeds: how long the window's thread is kept -----------------------------------------


def deeds(
    application: QApplication, window: MainWindow, *, rounds: int, clock: Clock
) -> list[Row]:
    """Hiding, recolouring and selecting, each with its painting; calling, hitting."""
    session, view = window.session, window.smear
    times: dict[str, list[float]] = {}

    def settle() -> None:
        wait_until(application, lambda: view.settled and session.saved)

    def timed(what: str, deed: Callable[[], object], clock: Clock = clock) -> None:
        settle()
        began = clock()
        deed()
        times.setdefault(what, []).append(clock() - began)

    def painted(what: str, deed: Callable[[], object]) -> None:
        timed(what, lambda: (deed(), application.processEvents()))

    rng = np.random.default_rng(5)
    for number in range(rounds):
        hidden = {"GN"} if number % 2 else set()
        painted("a class hidden", lambda h=hidden: session.set_hidden_classes(h))
        painted("another palette", view.appearance.changed.emit)
        painted("100,000 cells selected", lambda: _select(view))
        session.select_cell(None)
        cells = 1 + rng.choice(500_000, 10_002, replace=False)
        one, other, *many = cells.tolist()
        timed(CALLED, lambda c=one: _call(session, [c]))
        painted(PAINTED, lambda c=other: _call(session, [c]))
        timed(MANY, lambda c=many: _call(session, c))
        session.undo()
        timed(STORED, lambda c=many: (_call(session, c), settle()), time.perf_counter)
        session.undo()
        timed(REPAINTED, lambda: _recount(window))
        x, y = rng.uniform(10_000, 20_000, 2).tolist()
        spot = Spot(QPointF(0, 0), x, y, 1.0, Qt.KeyboardModifier.NoModifier)
        timed(HIT, lambda s=spot: view.cells.at(s))
    return [_limit(what, spent, LIMITS.get(what, 0.1)) for what, spent in times.items()]


def _call(session: CaseSession, cells: list[int]) -> None:
    """Call these cells blasts."""
    session.call(["blast"], cells=cells)


def _select(view: SlideView) -> None:
    """A rubber band over some 100,000 cells."""
    frame = Viewport(14_000, 20_480, SIZE[1] / 16_000, *SIZE)
    chosen = view.cells.inside(QRectF(480, 0, 640, 1000), frame)
    view.session.select_cells(chosen)


def _recount(window: MainWindow) -> None:
    window.session.changed.emit(Changes.COUNTS)
    for holder in window.panels.docks:
        holder.widget().repaint()


def _limit(what: str, spent: Sequence[float], limit: float) -> Row:
    """A time set against what it may take, in seconds."""
    return Row(what, spent, [limit], f"<= {1000 * limit:g} ms")


if __name__ == "__main__":
    main()
