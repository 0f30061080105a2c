"""How fast 555,052 cells are grouped, sorted, scrolled and called on the wall.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.gallery [--folder FOLDER]

The real window of 1600 by 1000 pixels is open on the large case, its gallery 500 pixels
high. A frame is everything the window's thread does to show the wall elsewhere: the
scroll bar moved, tiles painted, pictures asked for, those that came taken in. Told are
the wall clock, which a busy machine lengthens, and the thread's own work.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.large_case import large_case
from benchmarks.large_window import wait_until, window_on
from benchmarks.memory import resident_mb
from benchmarks.results import Fact, write_section
from marrowscope.gui.gallery.arranging import Grouping, Show, Wish, arrange
from marrowscope.gui.gallery.orders import IMPACT, ORDERS
from marrowscope.gui.gallery.panel import GalleryPanel
from marrowscope.gui.main_window import MainWindow

HEIGHT, BATCH = 500, 1000
Times = NDArray[np.float64]  # (N, 2) milliseconds: wall clock, work of the thread


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, help="keeps slide and case")
    parser.add_argument("--frames", type=int, default=600)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        case = large_case(given.folder or Path(folder)).case
        application, window = window_on(case)
        before = resident_mb()
        gallery = opened(application, window)
        facts = [*sorting(application, gallery)]
        facts += scrolling(application, gallery, given.frames)
        facts += folding(application, gallery)
        facts += calling(application, gallery)
        pictures = gallery.wall.pictures.kept_bytes / 2**20
        grown = resident_mb() - before
        facts.append(
            Fact(
                "memory that the gallery adds, of it pictures",
                f"{grown:.0f} MB, {pictures:.0f} MB",
                "<= 200 MB",
                grown <= 200,
            )
        )
        write_section("555,052 cells in the gallery", facts)
        window.close()


def opened(application: QApplication, window: MainWindow) -> GalleryPanel:
    """The gallery once all in sight is painted."""
    window.actions_["gallery"].trigger()
    gallery = window.panels.gallery
    dock = next(one for one in window.panels.docks if one.widget() is gallery)
    window.resizeDocks([dock], [HEIGHT], Qt.Orientation.Vertical)
    wait_until(application, lambda: bool(gallery.desk.wall.groups))
    wait_until(application, lambda: gallery.wall.settled)
    return gallery


def timed(deed: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds: wall clock, and work of this thread."""
    wall, work = time.perf_counter(), time.thread_time()
    deed()
    return 1e3 * (time.perf_counter() - wall), 1e3 * (time.thread_time() - work)


def told(what: str, times: Times, limit: float) -> Fact:
    """Median and 95th percentile; the limit is of the thread's work."""
    (wall, work), (wall_95, work_95) = np.percentile(times, (50, 95), axis=0)
    value = f"{wall:.1f} ({wall_95:.1f}) ms, work {work:.1f} ({work_95:.1f}) ms"
    return Fact(what, value, f"<= {limit:g} ms", bool(work_95 <= limit))


def sorting(application: QApplication, gallery: GalleryPanel) -> list[Fact]:
    """Every grouping in every order: on the worker, and what the window feels of it."""
    desk, cells = gallery.desk, gallery.desk.cells
    assert cells is not None
    nobody = np.zeros(0, np.int64)
    desk.wish(order=IMPACT)
    wait_until(application, lambda: gallery.wall.settled)
    impact = desk.impact.order if desk.impact else None
    sorts, turns = [], []
    for grouping in Grouping:
        for one in desk.orders:
            wish = Wish(grouping, one, Show.ALL, False, nobody, impact)
            sorts.append(timed(lambda w=wish: arrange(cells, w)))
            desk.wish(grouping=grouping, order=one)
            while not gallery.wall.settled:
                turns.append(timed(application.processEvents))
    desk.wish(grouping=Grouping.CLASS, order=ORDERS[0])
    wait_until(application, lambda: gallery.wall.settled)
    longest = np.asarray(turns)[:, 1].max()
    return [
        told("grouping and sorting, on a worker", np.asarray(sorts), 200),
        Fact(
            "longest turn of the window's thread meanwhile",
            f"{longest:.1f} ms of work",
            "<= 50 ms",
            bool(longest <= 50),
        ),
    ]


def scrolling(
    application: QApplication, gallery: GalleryPanel, count: int
) -> list[Fact]:
    """Row by row through cells never seen before, and anywhere at once."""
    bar, view = gallery.wall.verticalScrollBar(), gallery.wall.viewport()
    chance = np.random.default_rng(7)

    def frame(top: int) -> None:
        bar.setValue(top)
        view.repaint()
        application.processEvents()

    def frames(tops: Sequence[int]) -> Times:
        return np.asarray([timed(lambda t=top: frame(t)) for top in tops])

    steady = frames([50_000 + 24 * step for step in range(count)])
    leaps = frames(chance.integers(0, bar.maximum(), count // 4).tolist())
    gallery.wall.set_side(40)
    small = frames([90_000 + 24 * step for step in range(count // 4)])
    gallery.wall.set_side(72)
    wait_until(application, lambda: gallery.wall.settled)
    return [
        told("a frame of scrolling", steady, 16),
        told("a frame after a leap anywhere", leaps, 16),
        told("a frame of scrolling, smallest pictures", small, 16),
    ]


def folding(application: QApplication, gallery: GalleryPanel) -> list[Fact]:
    """A group of tens of thousands of selected cells folded, and unfolded again."""
    view, turns = gallery.wall.viewport(), []

    def turned(number: int) -> None:
        gallery.folding.toggle(number)
        view.repaint()

    for number in (3, 3, 8, 8, 11, 11) * 3:
        if not gallery.folding.is_folded(number):
            gallery.wall.selection.group(number)
        wait_until(application, lambda: gallery.wall.settled)
        turns.append(timed(lambda n=number: turned(n)))
    gallery.wall.selection.clear()
    wait_until(application, lambda: gallery.wall.settled)
    return [told("a group folded or unfolded", np.asarray(turns), 50)]


def calling(application: QApplication, gallery: GalleryPanel) -> list[Fact]:
    """A key to its painted change: of one cell, and of a thousand that were seen."""
    session, wall = gallery.desk.session, gallery.wall
    gallery.wall.setFocus()

    def confirm() -> None:
        QTest.keyClick(wall, Qt.Key.Key_Return)
        wall.viewport().repaint()

    wall.selection.only(0)
    single = []
    for _ in range(20):
        single.append(timed(confirm))
        wait_until(application, lambda: wall.settled and session.saved)
    ids = gallery.desk.ids(np.arange(200_000, 200_000 + BATCH))
    session.select_cells(ids)
    session.seen.in_sight("benchmark", ids)
    wait_until(application, lambda: not session.unseen(ids).any())
    batch = [timed(confirm)]
    wait_until(application, lambda: wall.settled and session.saved)
    return [
        told("Enter on one cell to its painted change", np.asarray(single), 30),
        told(f"Enter on {BATCH:,} cells seen", np.asarray(batch), 50),
    ]


if __name__ == "__main__":
    main()
