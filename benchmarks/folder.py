"""How soon the first of many photos is seen, and how long each further one takes.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.folder [--photos 500] [--folder DIR]

Opens a folder of photos (1,600 x 1,200, JPEG, cut from a drawn field) in the real
window, waits for every small picture, and turns to photos all over the folder. Set
against it is decoding the photos, once each, in the same process: the least that any
program takes which decodes what it opens.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.results import Fact, write_section
from marrowscope.gui.app import make_application, make_window, settle_memory
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.theme import ThemeChoice
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field

FIELD, CELLS = (4096, 3072), 260
WIDTH, HEIGHT = 1600, 1200
TURNS = 15
LONGEST = 300.0  # seconds, whatever happens


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="keeps the photos")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ["MARROWSCOPE_HOME"] = home
        # In a process of its own, or the drawing would count as the window's memory.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as drawing:
            kept = given.folder or Path(home)
            photos = drawing.submit(cut_photos, kept, given.photos).result()
        write_section("A folder of photos", facts(photos, given.photos))


def cut_photos(folder: Path, count: int) -> Path:
    """So many photos of one drawn field, made when they are not there yet."""
    path = folder / f"photos-{count}"
    if path.exists():
        return path
    drawn = draw_field(SmearPlan(*FIELD, CELLS, 7, mpp=0.12)).pixels
    unfinished = folder / f"photos-{count}.part"
    unfinished.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    for number in range(1, count + 1):
        x, y = rng.integers(0, FIELD[0] - WIDTH), rng.integers(0, FIELD[1] - HEIGHT)
        noise = rng.integers(-3, 4, (HEIGHT, WIDTH, 1), np.int16)
        lit = drawn[y : y + HEIGHT, x : x + WIDTH] + noise
        photo = Image.fromarray(lit.clip(0, 255).astype(np.uint8))
        photo.save(unfinished / f"{number}.jpg", quality=90)
    return unfinished.rename(path)


def facts(photos: Path, count: int) -> list[Fact]:
    """What was met, in the order in which a reader meets it."""
    decoding = _decoding(photos)
    window = _window()
    session, view = window.session, window.smear
    turns: list[float] = []
    began = time.perf_counter()
    session.open_paths([photos])
    _until(lambda: len(session.slides) == count and _painted(window), turns)
    opening = time.perf_counter() - began
    _until(lambda: all(s.thumbnail is not None for s in session.slides), turns)
    pictured = time.perf_counter() - began
    turning: list[float] = []
    for place in range(TURNS):
        began = time.perf_counter()
        session.show_slide(session.slides[(place * 37 + 5) % count].number)
        _until(lambda: view.settled and _painted(window), turns)
        turning.append(1e3 * (time.perf_counter() - began))
    window.close()
    usual, longest, work = np.median(turning), max(turning), 1e3 * max(turns)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        _fact(f"{count} photos entered, the first painted", opening, "s", 2.0),
        Fact("the same against decoding each photo", f"{opening / decoding:.2f}", ""),
        Fact("every small picture there", f"{pictured:.1f} s", ""),
        _fact("from one photo to another painted, usual", float(usual), "ms", 100.0),
        Fact("the longest of them", f"{longest:.0f} ms", ""),
        _fact("longest work of the window's thread", work, "ms", 50.0),
        Fact("memory at its peak", f"{peak:.0f} MB", ""),
    ]


def _fact(what: str, value: float, unit: str, goal: float) -> Fact:
    digits = 1 if unit == "s" else 0
    said, meant = f"{value:.{digits}f} {unit}", f"<= {goal:g} {unit}"
    return Fact(what, said, meant, reached=value <= goal)


def _decoding(photos: Path) -> float:
    """Seconds to decode every photo once."""
    began = time.perf_counter()
    for path in photos.iterdir():
        with Image.open(path) as image:
            image.load()
    return time.perf_counter() - began


def _window() -> MainWindow:
    make_application()
    window = make_window(ThemeChoice.DARK)
    window.resize(1600, 1000)
    window.show()
    settle_memory()  # as the program itself does
    return window


def _painted(window: MainWindow) -> bool:
    return window.smear.settled and window.smear.loader.cache.bytes > 0


def _until(so: Callable[[], bool], turns: list[float]) -> None:
    """Turn the event loop until it is so; CPU seconds of each turn go to `turns`."""
    application, end = make_application(), time.monotonic() + LONGEST
    while time.monotonic() < end and not so():
        work = time.thread_time()
        application.processEvents()
        turns.append(time.thread_time() - work)
        time.sleep(0.0005)


if __name__ == "__main__":
    main()
