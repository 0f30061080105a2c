"""What every implementation of Slide must do, whatever file it comes from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from marrowscope.imaging.content_hash import file_hash
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.openslide_slide import OpenSlideSlide
from marrowscope.imaging.slide import Slide

WIDTH, HEIGHT = 1300, 700


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Every pixel different from its neighbours, smooth enough for JPEG."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    parts = (x * 255 // WIDTH, y * 255 // HEIGHT, (x + y) * 255 // (WIDTH + HEIGHT))
    return np.stack(parts, axis=2).astype(np.uint8)


def in_memory(pixels: np.ndarray, _: Path) -> Slide:
    return MemorySlide(pixels, mpp=0.25, name="array")


def photo(pixels: np.ndarray, folder: Path) -> Slide:
    path = folder / "骨髓 мазок.png"
    Image.fromarray(pixels).save(path)
    return open_slide(path)


def write_pyramid(pixels: np.ndarray, folder: Path) -> Path:
    """A tiled pyramid with a scale, as many programs write it."""
    path = folder / "smear.tif"
    with tifffile.TiffWriter(path) as writer:
        for step in (1, 2):
            writer.write(
                pixels[::step, ::step],
                tile=(256, 256),
                photometric="rgb",
                compression="deflate",
                subfiletype=int(step > 1),
                resolution=(40_000 / step, 40_000 / step),
                resolutionunit="CENTIMETER",
                metadata=None,
            )
    return path


def by_openslide(pixels: np.ndarray, folder: Path) -> Slide:
    path = write_pyramid(pixels, folder)
    return OpenSlideSlide(path, content=partial(file_hash, path), name=path.name)


def pyramid(pixels: np.ndarray, folder: Path) -> Slide:
    return open_slide(write_pyramid(pixels, folder))


def strips(pixels: np.ndarray, folder: Path) -> Slide:
    """Strips, which OpenSlide refuses."""
    path = folder / "strips.tif"
    tifffile.imwrite(path, pixels, rowsperstrip=33, compression="zstd", metadata=None)
    return open_slide(path)


MAKERS = [in_memory, photo, by_openslide, pyramid, strips]
Maker = Callable[[np.ndarray, Path], Slide]


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def slide(request, picture, tmp_path):
    made = request.param(picture, tmp_path)
    yield made
    made.close()


def test_it_says_its_size_and_holds_ever_smaller_levels(slide):
    assert isinstance(slide, Slide)
    assert (slide.identity.width, slide.identity.height) == (WIDTH, HEIGHT)
    first = slide.levels[0]
    assert (first.width, first.height, first.downsample) == (WIDTH, HEIGHT, 1.0)
    scales = [level.downsample for level in slide.levels]
    assert scales == sorted(scales)


def test_pixels_are_where_they_belong(slide, picture):
    for x, y in ((0, 0), (250, 250), (1100, 500)):
        pixels = slide.read(x, y, 200, 150, level=0)
        assert pixels.dtype == np.uint8
        assert np.array_equal(pixels, picture[y : y + 150, x : x + 200])


def test_beyond_the_edge_lies_background(slide, picture):
    pixels = slide.read(-10, -20, 40, 50, level=0)
    assert pixels.shape == (50, 40, 3)
    assert (pixels[:20] == slide.background).all()
    assert (pixels[:, :10] == slide.background).all()
    assert np.array_equal(pixels[20:, 10:], picture[:30, :30])
    corner = slide.read(WIDTH - 5, HEIGHT - 5, 10, 10, level=0)
    assert (corner[5:] == slide.background).all()
    assert (corner[:, 5:] == slide.background).all()


def test_far_away_is_all_background(slide):
    pixels = slide.read(10 * WIDTH, -10 * HEIGHT, 7, 3, level=0)
    assert pixels.shape == (3, 7, 3)
    assert (pixels == slide.background).all()


def test_smaller_levels_show_the_same_place(slide, picture):
    for number, level in enumerate(slide.levels):
        scale = level.downsample
        pixels = slide.read(400, 200, 20, 20, level=number)
        there = picture[200 : 200 + int(20 * scale), 400 : 400 + int(20 * scale)]
        assert np.abs(pixels.mean((0, 1)) - there.mean((0, 1))).max() < 2


def test_readers_in_several_threads_see_the_same(slide, picture):
    places = [(x, y) for x in range(0, WIDTH - 64, 97) for y in range(0, 600, 151)]

    def right(place: tuple[int, int]) -> bool:
        x, y = place
        pixels = slide.read(x, y, 64, 64, level=0)
        return np.array_equal(pixels, picture[y : y + 64, x : x + 64])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(right, places * 3))


def test_what_is_read_may_be_written_on(slide, picture):
    slide.read(0, 0, 50, 50, level=0)[:] = 0
    assert np.array_equal(slide.read(0, 0, 50, 50, level=0), picture[:50, :50])


@pytest.mark.parametrize("maker", MAKERS[1:], ids=lambda maker: maker.__name__)
def test_the_same_content_is_the_same_slide_wherever_it_lies(maker, picture, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (maker(picture, tmp_path / name) for name in ("one", "two"))
    assert one.identity == two.identity
    other = picture.copy()
    other[0, 0] = 7
    assert maker(other, tmp_path).identity.content != one.identity.content
