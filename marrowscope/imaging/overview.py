"""Small levels for a slide that has none: halves of halves, made when looked at."""

from __future__ import annotations

import math

import numpy as np

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.halving import halved
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.regions import paste, plain
from marrowscope.imaging.slide import Level, Slide

SMALL_ENOUGH = 4096  # pixels, the longer side of a level that is quick to look at
SMALLEST = 1024
STEPS = 3  # halvings from the last stored level to the first made one
TILE = 512  # pixels of a made level
KEPT = 96 << 20  # bytes of made tiles: the first made level of 46,000 x 46,000 pixels


class OverviewSlide:
    """`slide` with further levels below its smallest; its own are read as they are.

    The pixels of all of a level are read once to look at the whole slide, tile by tile
    by whoever asks first, and no more than KEPT bytes of their halves are held.
    """

    def __init__(self, slide: Slide) -> None:
        self._slide = slide
        self._stored = len(slide.levels)
        self._levels = (*slide.levels, *_made_levels(slide.levels[-1]))
        self._made = PixelCache(KEPT)

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
        for row in _touched(top, height, here.height):
            for column in _touched(left, width, here.width):
                tile = self._tile(level, column, row)
                paste(out, tile, x=column * TILE - left, y=row * TILE - top)
        return out

    def close(self) -> None:
        """Let the file go."""
        self._slide.close()

    def _tile(self, level: int, column: int, row: int) -> Pixels:
        key = (level, column, row)
        known = self._made.get(key)
        if known is None:
            first = level == self._stored
            known = (self._from_stored if first else self._from_made)(*key)
            self._made.put(key, known)
        return known

    def _from_stored(self, level: int, column: int, row: int) -> Pixels:
        """Of the smallest stored level, halved."""
        last, span = self._levels[level - 1], TILE << STEPS
        x, y = column * span, row * span
        width, bottom = min(span, last.width - x), min(y + span, last.height)
        bands: list[Pixels] = []
        # In bands, which stay in the processor's cache.
        for top in range(y, bottom, TILE):
            left, up = (round(side * last.downsample) for side in (x, top))
            rows = min(TILE, bottom - top)
            pixels = self._slide.read(left, up, width, rows, level=level - 1)
            for _ in range(STEPS):
                pixels = halved(pixels)
            bands.append(pixels)
        return np.concatenate(bands)

    def _from_made(self, level: int, column: int, row: int) -> Pixels:
        """Of the four tiles of the level before."""
        before = self._levels[level - 1]
        x, y = 2 * column * TILE, 2 * row * TILE
        width = min(2 * TILE, before.width - x)
        out = np.empty((min(2 * TILE, before.height - y), width, 3), np.uint8)
        for down in range(-(-out.shape[0] // TILE)):
            for across in range(-(-width // TILE)):
                part = self._tile(level - 1, 2 * column + across, 2 * row + down)
                paste(out, part, x=across * TILE, y=down * TILE)
        return halved(out)


def with_overview(slide: Slide) -> Slide:
    """`slide` itself, or with small levels where it has none."""
    last = slide.levels[-1]
    if max(last.width, last.height) <= SMALL_ENOUGH:
        return slide
    return OverviewSlide(slide)


def _made_levels(last: Level) -> tuple[Level, ...]:
    found: list[Level] = []
    shrink = 1 << STEPS
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
