"""Small levels for a slide that has none: halves of halves, made when looked at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from threading import Lock

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.halving import halved
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.pixel_memory import MEMORY
from marrowscope.imaging.regions import paste, plain
from marrowscope.imaging.slide import Level, Slide

SMALL_ENOUGH = 4096  # pixels, the longer side of a level that is quick to look at
SMALLEST = 1024
MOST_STEPS = 3  # halvings from the last stored level to the first made one
FINE_ENOUGH = 2048  # pixels: a window showing the whole slide is no wider
TILE = 512  # pixels of a made level
KEPT = 96 << 20  # bytes of made tiles: the first made level of 46,000 x 46,000 pixels
Key = tuple[int, int, int]  # level, column, row


class OverviewSlide:
    """`slide` with further levels below its smallest; its own are read as they are.

    The pixels of all of a level are read once to look at the whole slide, tile by tile
    by whoever asks first, and no more than KEPT bytes of their halves are held. Several
    threads that look at the same moment share the reading.
    """

    def __init__(self, slide: Slide) -> None:
        self._slide = slide
        self._stored = len(slide.levels)
        self._steps = _steps(slide.levels[-1])
        self._levels = (*slide.levels, *_made_levels(slide.levels[-1], self._steps))
        self._made = PixelCache(KEPT)
        self._reading: dict[Key, Lock] = {}

    @property
    def identity(self) -> SlideIdentity:
        return self._slide.identity

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._levels

    @property
    def background(self) -> tuple[int, int, int]:
        return self._slide.background

    @property
    def profile(self) -> bytes | None:
        return self._slide.profile

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        if level < self._stored:
            return self._slide.read(x, y, width, height, level=level)
        here = self._levels[level]
        left, top = (math.floor(place / here.downsample) for place in (x, y))
        out = plain(width, height, self.background)
        columns = _touched(left, width, here.width)
        rows = _touched(top, height, here.height)
        for (_, column, row), tile in self._tiles(level, columns, rows):
            paste(out, tile, x=column * TILE - left, y=row * TILE - top)
        return out

    def close(self) -> None:
        """Let the file go."""
        self._slide.close()

    def _tiles(
        self, level: int, columns: range, rows: range
    ) -> Iterator[tuple[Key, Pixels]]:
        """Tiles of a made level; those that another thread is reading come last."""
        taken: list[Key] = []
        for key in ((level, column, row) for row in rows for column in columns):
            if self._lock(key).locked():
                taken.append(key)
            else:
                yield key, self._tile(key)
        for key in taken:
            yield key, self._tile(key)

    def _lock(self, key: Key) -> Lock:
        return self._reading.setdefault(key, Lock())

    def _tile(self, key: Key) -> Pixels:
        known = self._made.get(key)
        if known is not None:
            return known
        if key[0] > self._stored:
            return self._held(key, self._from_made(*key))
        # Halving made tiles twice costs little; reading stored ones twice does not.
        with self._lock(key):
            known = self._made.get(key)
            return self._held(key, self._from_stored(*key)) if known is None else known

    def _held(self, key: Key, tile: Pixels) -> Pixels:
        self._made.put(key, tile)
        return tile

    def _from_stored(self, level: int, column: int, row: int) -> Pixels:
        """Of the smallest stored level, halved."""
        last, span = self._levels[level - 1], TILE << self._steps
        x, y = column * span, row * span
        width, bottom = min(span, last.width - x), min(y + span, last.height)
        shrink = 1 << self._steps
        out = MEMORY.lend((_shrunk(bottom - y, shrink), _shrunk(width, shrink), 3))
        # In bands, which stay in the processor's cache.
        for top in range(y, bottom, TILE):
            left, up = (round(side * last.downsample) for side in (x, top))
            rows = min(TILE, bottom - top)
            pixels = self._slide.read(left, up, width, rows, level=level - 1)
            for _ in range(self._steps - 1):
                pixels = halved(pixels)
            there = (top - y) // shrink
            halved(pixels, out[there : there + _shrunk(rows, shrink)])
        return out

    def _from_made(self, level: int, column: int, row: int) -> Pixels:
        """Of the four tiles of the level before."""
        before = self._levels[level - 1]
        x, y = 2 * column * TILE, 2 * row * TILE
        width = min(2 * TILE, before.width - x)
        out = MEMORY.lend((min(2 * TILE, before.height - y), width, 3))
        columns, rows = (
            range(2 * place, 2 * place + -(-side // TILE))
            for place, side in ((column, width), (row, len(out)))
        )
        for (_, across, down), part in self._tiles(level - 1, columns, rows):
            paste(out, part, x=across * TILE - x, y=down * TILE - y)
        return halved(out, MEMORY.lend((_shrunk(len(out), 2), _shrunk(width, 2), 3)))


def with_overview(slide: Slide) -> Slide:
    """`slide` itself, or with small levels where it has none."""
    last = slide.levels[-1]
    if max(last.width, last.height) <= SMALL_ENOUGH:
        return slide
    return OverviewSlide(slide)


def _steps(last: Level) -> int:
    """As few as leave a level that is quick to look at: what is seen is kept then."""
    finer = max(last.width, last.height) / FINE_ENOUGH
    return max(1, min(MOST_STEPS, math.floor(math.log2(finer))))


def _made_levels(last: Level, steps: int) -> tuple[Level, ...]:
    found: list[Level] = []
    shrink = 1 << steps
    while not found or max(found[-1].width, found[-1].height) > SMALLEST:
        width, height = (_shrunk(side, shrink) for side in (last.width, last.height))
        found.append(Level(width, height, last.downsample * shrink))
        shrink *= 2
    return tuple(found)


def _shrunk(side: int, shrink: int) -> int:
    return -(-side // shrink)


def _touched(start: int, length: int, end: int) -> range:
    """Numbers of the tiles from `start` on, inside 0 to `end`."""
    first, last = max(start, 0), min(start + length, end)
    return range(first // TILE, -(-last // TILE)) if first < last else range(0)
