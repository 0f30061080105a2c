"""How much memory the window takes on a large slide, and whether it grows.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.memory [--seconds 300]

The window is open on 40,960 pixels a side with 555,052 cells; it pans and zooms all the
while. What counts is memory in use after each half minute, in megabytes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.large_case import large_case
from benchmarks.large_window import window_on
from benchmarks.results import Fact, write_section
from marrowscope.gui.main_window import MainWindow

LIMIT_MB, FLAT_MB = 900, 20
EVERY = 30.0  # seconds


def main(argv: Sequence[str] | None = None) -> None:
    """Print a line for each half minute, and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, help="keeps slide and case")
    parser.add_argument("--seconds", type=float, default=300.0)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        case = large_case(given.folder or Path(folder)).case
        application, window = window_on(case)
        taken, began, turn = [resident_mb()], time.monotonic(), 0
        print(f"{0:5.0f} s {taken[0]:7.0f} MB")
        while time.monotonic() - began < given.seconds:
            application.processEvents()
            move(window, turn)
            turn += 1
            time.sleep(0.005)
            if time.monotonic() - began > EVERY * len(taken):
                taken.append(resident_mb())
                print(f"{EVERY * (len(taken) - 1):5.0f} s {taken[-1]:7.0f} MB")
        grown = taken[-1] - taken[len(taken) // 2]
        write_section("Memory of the window on 555,052 cells", facts(taken, grown))
        window.close()


def facts(taken: Sequence[float], grown: float) -> list[Fact]:
    """What was in use every half minute, and by how much the second half grew (MB)."""
    most = f"{max(taken):.0f} MB (highest ever {peak_mb():.0f})"
    minutes = EVERY * (len(taken) - 1) / 60
    return [
        Fact(
            f"in use, at most, over {minutes:g} minutes of panning",
            most,
            f"<= {LIMIT_MB} MB",
            max(taken) <= LIMIT_MB,
        ),
        Fact(
            "grown over the second half",
            f"{grown:+.0f} MB",
            f"flat: < {FLAT_MB} MB",
            grown < FLAT_MB,
        ),
    ]


def move(window: MainWindow, turn: int) -> None:
    """Wander over the slide, changing the objective every 200 steps."""
    view = window.smear
    if turn % 200 == 0:
        view.navigator.zoom_to(view.objectives.scale_at(turn // 200 % 4))
    elif turn % 200 > 60:
        view.navigator.pan(-9 if turn // 1000 % 2 else 9, 5 if turn // 400 % 2 else -5)


def resident_mb() -> float:
    """Memory of this process that lies in the machine's now."""
    return _kilobytes("VmRSS") / 1000


def peak_mb() -> float:
    return _kilobytes("VmHWM") / 1000


def _kilobytes(name: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return float(line.split()[1])
    raise OSError(f"this system does not tell {name}")


if __name__ == "__main__":
    main()
