"""How long after a large slide is chosen its picture stands on the screen.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.opening [--folder FOLDER]

The window is there already, as it is for a reader; a slide of 40,960 pixels a side is
opened in it, each time as if for the first time (its case is new). It is set against
raw libjpeg-turbo decoding the tiles of the file that this first picture is made of,
by as many threads as the window reads tiles with.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path

import tifffile
from PySide6.QtWidgets import QApplication

from benchmarks.large_case import SIDE, large_slide
from benchmarks.large_window import KEPT, wait_until
from benchmarks.results import Row, write_section
from benchmarks.tiles import decode_all, stored_tiles
from marrowscope.gui.app import make_application, make_window, settle_memory
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.reader_cores import core_each
from marrowscope.gui.slide_view.tile_places import zoom_for
from marrowscope.gui.theme import ThemeChoice


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, help="keeps the slide")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        path = large_slide(given.folder or Path(home))
        write_section(
            "From open to first pixels", measure(path, Path(home), given.rounds)
        )


def measure(path: Path, home: Path, rounds: int) -> list[Row]:
    """Opening and decoding, in turn."""
    application = make_application()
    opened, decoded = list[float](), list[float]()
    for number in range(rounds):
        os.environ["MARROWSCOPE_HOME"] = str(home / str(number))
        window = make_window(ThemeChoice.DARK)
        KEPT.extend((application, window))
        window.resize(1600, 1000)
        window.show()
        settle_memory()  # as the program itself does
        _settle(application, window)
        opened.append(first_pixels(application, window, path))
        place = window.smear.navigator.viewport
        zoom = zoom_for(place.scale, (SIDE, SIDE))
        decoded.append(decoding(path, 2**zoom, window.session.runner.tile_readers))
        window.close()
    what = f"from open to first pixels, {SIDE}² slide"
    return [Row(what, opened, decoded, ">= 0.5 x")]


def first_pixels(application: QApplication, window: MainWindow, path: Path) -> float:
    """Seconds from choosing a slide until all tiles seen are painted."""
    began = time.perf_counter()
    window.session.open_paths([path])
    wait_until(application, lambda: bool(window.session.slides))
    wait_until(application, lambda: window.smear.settled)
    window.smear.repaint()
    return time.perf_counter() - began


def decoding(path: Path, downsample: float, threads: int) -> float:
    """Seconds that libjpeg-turbo takes for the tiles of the stored level shown."""
    with tifffile.TiffFile(path) as tiff:
        pages = [page.aspage() for page in tiff.pages]
        widest = pages[0].imagewidth / (downsample + 0.5)
        enough = [page for page in pages if page.imagewidth >= widest]
        page = min(enough, key=attrgetter("imagewidth"))
        data = stored_tiles(path, page, range(len(page.dataoffsets)))
    with ThreadPoolExecutor(threads, initializer=core_each(threads)) as pool:
        began = time.perf_counter()
        list(pool.map(decode_all, [data[n::threads] for n in range(threads)]))
        return time.perf_counter() - began


def _settle(application: QApplication, window: MainWindow) -> None:
    """Let what a new window looks up come to an end."""
    wait_until(application, lambda: not window.session.runner.busy)


if __name__ == "__main__":
    main()
