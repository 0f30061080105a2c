"""How fast pixels come off a slide: `python -m benchmarks.tiles [--side N]`.

Both sides of every row are timed in turn in one process on the same regions. The roof
is libjpeg-turbo decoding the same tiles from memory into a buffer that is used again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import openslide
import simplejpeg
import tifffile

from benchmarks.drawn_slide import SLIDES, TILE, write_slide
from benchmarks.results import Row, write_section
from marrowscope.gui.app import settle_memory
from marrowscope.gui.reader_cores import core_each
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.pixel_memory import MEMORY
from marrowscope.imaging.slide import Level, Slide
from marrowscope.imaging.stored_tiles import StoredTiles
from marrowscope.imaging.tile_codecs import JpegCodec

REGION = 1024
VIEW = 1600, 1000
SHOWN = 512  # pixels of a level, a side of a tile of the window
READERS = 2  # threads that share a view, as the window's do
REGIONS = 24  # of each round
POOL = ThreadPoolExecutor(READERS, initializer=core_each(READERS))  # of both sides


# By level: seconds of one thread of ours, of READERS, of libjpeg-turbo alone by as
# many, and of openslide-python.
Views = dict[int, tuple[list[float], ...]]


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the easy and the hard slide and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--side", type=int, default=16_384, help="pixels")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--whole", type=Path, help="a large slide, to open")
    given = parser.parse_args(argv)
    settle_memory()  # as the program does
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, coding in SLIDES.items():
            path = Path(folder) / "smear.tif"
            write_slide(path, given.side, coding)
            bits = 8 * path.stat().st_size / (given.side**2 * 4 / 3)
            rows += measure(path, f"{name}, {bits:.2f} bit/px", rounds=given.rounds)
    if given.whole is not None:
        rows.append(opening(given.whole, rounds=given.rounds))
    write_section("Pixels off the slide", rows)


def measure(path: Path, name: str, *, rounds: int) -> list[Row]:
    """Rows of one slide: aligned regions against OpenSlide and the roof, and views."""
    slide = open_slide(path)
    old = openslide.OpenSlide(path)
    rng = np.random.default_rng(2)
    side = slide.identity.width
    times: dict[str, list[float]] = {"ours": [], "openslide": [], "roof": []}
    views: Views = {}
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[0].aspage()
        for number in range(rounds):
            places = TILE * rng.integers(0, (side - REGION) // TILE, (REGIONS, 2))
            ways = {
                "ours": _ours(slide, places),
                "openslide": _openslides(old, places),
                "roof": _roof(page, path, places),
            }
            # Each way goes first in its turn: the first finds the pages cold.
            for way, work in _turned(list(ways.items()), number):
                times[way].append(_seconds(work) / REGIONS)
            _check_same(slide, old, places[0])
            _look(path, rng, views)
    slide.close()
    return [*_region_rows(name, times), *_view_rows(name, views)]


def _turned(ways: list, by: int) -> list:
    return ways[by % len(ways) :] + ways[: by % len(ways)]


def _ours(slide: Slide, places: np.ndarray) -> Callable[[], None]:
    def work() -> None:
        for x, y in places.tolist():
            slide.read(x, y, REGION, REGION, level=0)

    return work


def _openslides(slide: openslide.OpenSlide, places: np.ndarray) -> Callable[[], None]:
    def work() -> None:
        for x, y in places.tolist():
            np.asarray(slide.read_region((x, y), 0, (REGION, REGION)).convert("RGB"))

    return work


def _roof(
    page: tifffile.TiffPage, path: Path, places: np.ndarray
) -> Callable[[], None]:
    columns = -(-page.imagewidth // TILE)
    numbers = [
        (y + row) * columns + x + column
        for x, y in (places // TILE).tolist()
        for row in range(REGION // TILE)
        for column in range(REGION // TILE)
    ]
    return partial(decode_all, stored_tiles(path, page, numbers))


def stored_tiles(
    path: Path, page: tifffile.TiffPage, numbers: Iterable[int]
) -> list[bytes]:
    """Tiles of a page as pictures that any JPEG decoder takes."""
    codec, stored = JpegCodec(page), StoredTiles(page, FilePieces(path))
    return [
        bytes(codec.complete(tile))
        for number in numbers
        for _, tile in stored.each([number], ahead=codec.ahead)
    ]


def decode_all(tiles: Iterable[bytes]) -> None:
    """By raw libjpeg-turbo, one after the other into the same memory."""
    buffer = MEMORY.lend((TILE, TILE, 3))  # which it writes to as fast as it can
    for tile in tiles:
        simplejpeg.decode_jpeg(tile, buffer=buffer)


def _look(path: Path, rng: np.random.Generator, views: Views) -> None:
    """One never-seen view of every level that is large enough, each way."""
    for number, level in enumerate(_levels(path)):
        room_x, room_y = level.width - VIEW[0], level.height - VIEW[1]
        if room_x <= 0 or room_y <= 0:
            continue
        step = round(level.downsample)
        place = int(rng.integers(room_x)) * step, int(rng.integers(room_y)) * step
        ways = (_own_view, _shared_view, _raw_view, _raw_shared, _openslides_view)
        empty = tuple(list[float]() for _ in ways)
        for times, way in zip(views.setdefault(number, empty), ways, strict=True):
            times.append(way(path, place, number))


def _levels(path: Path) -> tuple[Level, ...]:
    slide = open_slide(path)
    slide.close()
    return slide.levels


def _own_view(path: Path, place: tuple[int, int], level: int) -> float:
    slide = open_slide(path)  # anew: nothing was seen of it
    try:
        return _seconds(partial(slide.read, *place, *VIEW, level=level))
    finally:
        slide.close()


def _shared_view(path: Path, place: tuple[int, int], level: int) -> float:
    """The tiles of one view, each read by whoever is free, as the window reads them."""
    slide = open_slide(path)
    step = round(slide.levels[level].downsample)
    columns, rows = (
        list(_pieces(at // step, side)) for at, side in zip(place, VIEW, strict=True)
    )

    def read(piece: tuple[tuple[int, int], tuple[int, int]]) -> None:
        (y, height), (x, width) = piece
        slide.read(x * step, y * step, width, height, level=level)

    try:
        return _seconds(lambda: list(POOL.map(read, product(rows, columns))))
    finally:
        slide.close()


def _pieces(start: int, length: int) -> Iterator[tuple[int, int]]:
    """Starts and lengths of the window's tiles, as far as they are in the view."""
    end = start + length
    while start < end:
        following = min((start // SHOWN + 1) * SHOWN, end)
        yield start, following - start
        start = following


def _raw_view(path: Path, place: tuple[int, int], level: int) -> float:
    return _seconds(partial(decode_all, _tiles_touched(path, place, level)))


def _raw_shared(path: Path, place: tuple[int, int], level: int) -> float:
    tiles = _tiles_touched(path, place, level)
    parts = [tiles[number::READERS] for number in range(READERS)]
    return _seconds(lambda: list(POOL.map(decode_all, parts)))


def _tiles_touched(path: Path, place: tuple[int, int], level: int) -> list[bytes]:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[level].aspage()
        across, down = (
            range(at // 2**level // TILE, -(-(at // 2**level + side) // TILE))
            for at, side in zip(place, VIEW, strict=True)
        )
        columns = -(-page.imagewidth // TILE)
        return stored_tiles(path, page, (y * columns + x for y in down for x in across))


def _openslides_view(path: Path, place: tuple[int, int], level: int) -> float:
    with openslide.OpenSlide(path) as slide:
        return _seconds(
            lambda: np.asarray(slide.read_region(place, level, VIEW).convert("RGB"))
        )


def opening(path: Path, *, rounds: int) -> Row:
    """From a path to the pixels of the first view of a whole slide, set against the
    raw decoding of the tiles this view shows. Both from the page cache.
    """
    ours, roof = list[float](), list[float]()
    for _ in range(rounds):
        level = _first_level(_levels(path))
        ours.append(_seconds(partial(_first_pixels, path)))
        with tifffile.TiffFile(path) as tiff:
            stored = tiff.series[0].levels
            # Levels smaller than those stored are made of the smallest.
            page = stored[min(level, len(stored) - 1)].pages[0].aspage()  # type: ignore[union-attr]
            tiles = stored_tiles(path, page, range(len(page.dataoffsets)))
        roof.append(_seconds(partial(decode_all, tiles)))
    what = f"open to first pixels of {path.stem}, against decoding what is shown"
    return Row(what, ours, against=roof, goal=">= 0.5 x")


def _first_pixels(path: Path) -> None:
    slide = open_slide(path)
    level = _first_level(slide.levels)
    slide.read(0, 0, slide.levels[level].width, slide.levels[level].height, level=level)
    slide.close()


def _first_level(levels: Sequence[Level]) -> int:
    """What a view of a whole slide is made of: the smallest level that fills it."""
    enough = [n for n, one in enumerate(levels) if one.height >= VIEW[1]]
    return max(enough, default=0)


def _check_same(slide: Slide, old: openslide.OpenSlide, place: np.ndarray) -> None:
    x, y = place.tolist()
    theirs = np.asarray(old.read_region((x, y), 0, (REGION, REGION)).convert("RGB"))
    np.testing.assert_array_equal(slide.read(x, y, REGION, REGION, level=0), theirs)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _region_rows(name: str, times: dict[str, list[float]]) -> list[Row]:
    goal = 6.0 if "easy" in name else 3.0
    return [
        Row(
            f"1024² regions against openslide-python, {name}",
            times["ours"],
            against=times["openslide"],
            goal=f">= {goal:g} x",
        ),
        Row(
            f"the same against raw libjpeg-turbo, {name}",
            times["ours"],
            against=times["roof"],
            goal=">= 0.85 x",
        ),
    ]


def _view_rows(name: str, views: Views) -> list[Row]:
    many, view = f"{READERS} readers", f"never-seen {VIEW[0]}x{VIEW[1]} view"
    limit = "(the most that decoding allows)"
    goals = {"1 reader": ">= 5 x", many: ">= 5 x"}
    goals |= {"libjpeg-turbo alone": limit, f"libjpeg-turbo, {READERS} threads": limit}
    return [
        Row(f"{view}, level {number}, {way}, {name}", seconds, theirs, goal)
        for number, (*ours, theirs) in views.items()
        for (way, goal), seconds in zip(goals.items(), ours, strict=True)
    ]


if __name__ == "__main__":
    main()
