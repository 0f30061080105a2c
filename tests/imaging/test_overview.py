"""A slide without small levels is looked at through levels made for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import numpy as np
import pytest
import tifffile

from marrowscope.domain.geometry import Box
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.halving import halved
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.overview import KEPT, OverviewSlide, with_overview
from marrowscope.imaging.pixel_cache import PixelCache


def _written(path, width: int, height: int, **how):
    rng = np.random.default_rng(4)
    small = rng.integers(0, 255, (-(-height // 64), -(-width // 64), 3), np.uint8)
    pixels = np.kron(small, np.ones((64, 64, 1), np.uint8))[:height, :width]
    tifffile.imwrite(path, pixels, compression="zlib", **how)
    return pixels


@pytest.mark.parametrize(("height", "width"), [(1, 1), (301, 2047), (3, 200_001)])
def test_a_half_is_the_mean_of_four_pixels_whatever_the_size(height, width):
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    four = even.reshape(len(even) // 2, 2, -1, 2, 3).sum(axis=(1, 3), dtype=np.uint16)
    np.testing.assert_array_equal(halved(pixels), (four + 2) // 4)


@pytest.mark.parametrize(("width", "height"), [(9001, 4100), (30_000, 200)])
def test_made_levels_are_halves_of_halves_to_the_last_bit(tmp_path, width, height):
    path = tmp_path / "flat.tif"
    pixels = _written(path, width, height, tile=(256, 256))
    slide = open_slide(path)
    assert isinstance(slide, OverviewSlide)
    first = 4 if width < 10_000 else 8
    assert [one.downsample for one in slide.levels[:3]] == [1, first, 2 * first]
    assert max(slide.levels[-1].width, slide.levels[-1].height) <= 1024
    expected = halved(halved(pixels))
    if first == 8:
        expected = halved(expected)
    for number, level in list(enumerate(slide.levels))[1:]:
        got = slide.read(0, 0, level.width, level.height, level=number)
        np.testing.assert_array_equal(got, expected)
        step = int(level.downsample)
        part = slide.read(-8 * step, 4 * step, 700, 20, level=number)
        assert (part[:, :8] == 255).all()
        inside = part[: level.height - 4, 8 : 8 + level.width]
        np.testing.assert_array_equal(inside, expected[4:24, :692])
        expected = halved(expected)
    slide.close()


class _Counted(MemorySlide):
    """A slide without small levels that counts what is read of it."""

    def __init__(self, pixels):
        super().__init__(pixels)
        self._counting, self.read_pixels = Lock(), 0

    @property
    def levels(self):
        return super().levels[:1]

    def read(self, x, y, width, height, *, level):
        with self._counting:
            self.read_pixels += width * height
        return super().read(x, y, width, height, level=level)


def test_the_whole_slide_is_read_once_however_often_it_is_looked_at(tmp_path):
    flat = _Counted(np.full((5000, 9000, 3), 77, np.uint8))
    slide = with_overview(flat)
    for _ in range(3):
        seen = read_resized(slide, Box(0, 0, 9000, 5000), width=180, height=100)
        assert (seen == 77).all()
    assert flat.read_pixels == 9000 * 5000


def test_threads_that_look_at_once_share_the_reading_of_the_slide():
    together = Barrier(4, timeout=30)
    flat = _Counted(np.full((5000, 9000, 3), 77, np.uint8))
    slide = with_overview(flat)

    def look(side: int):
        together.wait()
        return read_resized(slide, Box(0, 0, 9000, 5000), width=9 * side, height=side)

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(look, (20, 40, 80, 160)))
    assert all((one == 77).all() for one in seen)
    assert flat.read_pixels == 9000 * 5000


def test_made_tiles_are_held_within_the_bound():
    flat = MemorySlide(np.full((16_500, 4100, 3), 7, np.uint8))
    flat._levels = flat.levels[:1]
    slide = OverviewSlide(flat)
    assert slide._made._limit == KEPT
    slide._made = PixelCache(2 << 20)
    last = slide.levels[-1]
    got = slide.read(0, 0, last.width, last.height, level=len(slide.levels) - 1)
    assert (got == 7).all()
    assert slide._made.held <= 2 << 20


def test_a_slide_with_small_levels_stays_as_it_is():
    slide = MemorySlide(np.zeros((5000, 300, 3), np.uint8))
    assert with_overview(slide) is slide
