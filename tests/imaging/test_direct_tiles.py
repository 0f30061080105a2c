"""JPEG tiles decoded past OpenSlide give OpenSlide's own pixels."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openslide
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.imaging.direct_tiles import DirectTilesSlide
from marrowscope.imaging.jpeg_tiles import JpegTiles
from marrowscope.imaging.opening import open_slide

WIDTH, HEIGHT = 700, 524  # tiles are cut off at both edges; level 2 is 175 x 131


def _smear(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    rng = np.random.default_rng(3)
    coarse = rng.integers(60, 250, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), np.uint8))[:height, :width]


def _write(path: Path, *, subsampling=(2, 2), photometric="rgb", tile=(256, 256)):
    pixels = _smear()
    with tifffile.TiffWriter(path) as file:
        for step in (1, 2, 4):
            file.write(
                pixels[::step, ::step],
                tile=tile,
                compression="jpeg",
                compressionargs={"level": 85},
                photometric=photometric,
                subsampling=subsampling if photometric == "ycbcr" else None,
                subfiletype=int(step > 1),
                resolution=(40_000, 40_000),
                resolutionunit="CENTIMETER",
            )
    return path


def _by_openslide(path: Path, x: int, y: int, size: tuple[int, int], level: int):
    with openslide.OpenSlide(path) as slide:
        rgba = np.asarray(slide.read_region((x, y), level, size))
    return np.where(rgba[..., 3:] == 0, 255, rgba[..., :3])


@pytest.fixture(scope="module", params=["4:2:0", "4:4:4", "rgb", "odd tiles"])
def written(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    ways = {
        "4:2:0": {"photometric": "ycbcr"},
        "4:4:4": {"photometric": "ycbcr", "subsampling": (1, 1)},
        "rgb": {},
        "odd tiles": {"photometric": "ycbcr", "tile": (112, 208)},
    }
    return _write(folder / "smear.tif", **ways[request.param])


@settings(max_examples=25, deadline=None)
@given(
    level=st.integers(0, 2),
    x=st.integers(-40, 200),
    y=st.integers(-40, 150),
    width=st.integers(1, 400),
    height=st.integers(1, 400),
)
def test_every_region_of_every_level_is_openslides_to_the_last_bit(
    written, level, x, y, width, height
):
    x, y = x << level, y << level
    slide = open_slide(written)
    assert isinstance(slide, DirectTilesSlide)
    got = slide.read(x, y, width, height, level=level)
    expected = _by_openslide(written, x, y, (width, height), level)
    slide.close()
    np.testing.assert_array_equal(got, expected)


@pytest.mark.shared
def test_an_aperio_slide_reads_as_openslide_reads_it(shared_dir):
    path = shared_dir / "slides" / "CMU-1-Small-Region.svs"
    slide = open_slide(path)
    assert isinstance(slide, DirectTilesSlide)
    rng = np.random.default_rng(1)
    for _ in range(25):
        x, y = int(rng.integers(-50, 2220)), int(rng.integers(-50, 2967))
        size = int(rng.integers(1, 600)), int(rng.integers(1, 600))
        got = slide.read(x, y, *size, level=0)
        np.testing.assert_array_equal(got, _by_openslide(path, x, y, size, 0))
    slide.close()


def test_many_threads_read_the_same_pixels_as_one(written):
    slide = open_slide(written)
    whole = slide.read(0, 0, WIDTH, HEIGHT, level=0)

    def agrees(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        x, y = int(rng.integers(0, 500)), int(rng.integers(0, 400))
        got = slide.read(x, y, 150, 100, level=0)
        return np.array_equal(got, whole[y : y + 100, x : x + 150])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(agrees, range(80)))
    slide.close()
    assert threading.active_count() < 20


def test_a_tile_the_file_does_not_store_is_background(tmp_path):
    path = _write(tmp_path / "gap.tif", photometric="ycbcr")
    with tifffile.TiffFile(path, mode="r+b") as file:
        tag = file.pages[0].tags["TileByteCounts"]
        counts = list(tag.value)
        counts[0] = 0
        tag.overwrite(counts)
    slide = open_slide(path)
    assert (slide.read(0, 0, 64, 64, level=0) == 255).all()
    assert not (slide.read(300, 0, 64, 64, level=0) == 255).all()
    slide.close()


def test_a_file_cut_short_while_open_says_so_and_nothing_else_breaks(tmp_path):
    path = _write(tmp_path / "smear.tif", photometric="ycbcr")
    slide = open_slide(path)
    os.truncate(path, 2000)
    with pytest.raises(UnreadableRegion, match=r"smear\.tif"):
        slide.read(300, 300, 200, 200, level=0)
    slide.close()


def test_only_tiles_used_in_part_are_kept_and_within_the_bound(tmp_path):
    path = _write(tmp_path / "smear.tif", photometric="ycbcr")
    from marrowscope.imaging.file_pieces import FilePieces
    from marrowscope.imaging.pixel_cache import PixelCache

    one_tile = 256 * 256 * 3
    cache = PixelCache(2 * one_tile)
    with tifffile.TiffFile(path) as tiff:
        tiles = JpegTiles(tiff.pages[0], FilePieces(path), cache=cache, key=0)
    canvas = np.zeros((256, 256, 3), np.uint8)
    tiles.paint(canvas, 256, 256)
    assert cache.held == 0
    for x in range(0, WIDTH, 40):
        tiles.paint(canvas, x, 100)
        assert cache.held <= 2 * one_tile
    assert cache.held > 0
