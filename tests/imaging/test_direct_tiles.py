"""JPEG tiles decoded past OpenSlide give OpenSlide's own pixels."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import numpy as np
import openslide
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.imaging.direct_tiles import DirectTilesSlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.page_tiles import PageTiles
from marrowscope.imaging.tiff_slide import TiffSlide
from marrowscope.imaging.tile_band import HELD, TileBand

WIDTH, HEIGHT = 700, 524  # tiles are cut off at both edges; level 2 is 175 x 131


def _smear(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    rng = np.random.default_rng(3)
    coarse = rng.integers(60, 250, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), np.uint8))[:height, :width]


def _write(path: Path, *, subsampling=(2, 2), photometric="rgb", tile=(256, 256)):
    """A pyramid of JPEG tiles at 0.25 microns per pixel."""
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


def _write_aperio(path: Path, compression: int) -> Path:
    """An SVS with JPEG 2000 tiles: RGB (33005), or taken for YCbCr (33003)."""
    with tifffile.TiffWriter(path) as file:
        for step in (1, 4):
            file.write(
                _smear()[::step, ::step],
                tile=(240, 240),
                compression=compression,
                compressionargs={"level": 38, "mct": False, "codecformat": "j2k"},
                photometric="rgb",
                description="Aperio Image Library v10.0.51\n|AppMag = 40|MPP = 0.25",
                metadata=None,
            )
    return path


def _with_own_adobe_marker(path: Path, *, first: int = 0) -> Path:
    """The slide, every tile from the `first` saying of itself that it is RGB."""
    marker = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
    with tifffile.TiffFile(path, mode="r+b") as tiff:
        for page in tiff.pages:
            offsets, counts = [], []
            places = zip(page.dataoffsets, page.databytecounts, strict=True)
            for number, (offset, count) in enumerate(places):
                tiff.filehandle.seek(offset)
                data = tiff.filehandle.read(count)
                if number >= first:
                    # Instead of its JFIF segment, which would outdo any marker.
                    data = data[:2] + marker + data[20:]
                offsets.append(tiff.filehandle.seek(0, os.SEEK_END))
                counts.append(tiff.filehandle.write(data))
            page.tags["TileOffsets"].overwrite(offsets)
            page.tags["TileByteCounts"].overwrite(counts)
    return path


def _by_openslide(path: Path, x: int, y: int, size: tuple[int, int], level: int):
    with openslide.OpenSlide(path) as slide:
        rgba = np.asarray(slide.read_region((x, y), level, size))
    return np.where(rgba[..., 3:] == 0, 255, rgba[..., :3])


OWN_MARKERS = ["own marker", "own marker but for the first tile"]
CODINGS = ["4:2:0", "4:2:2", "4:4:4", "rgb", "odd tiles", *OWN_MARKERS]


@pytest.fixture(scope="module", params=CODINGS)
def written(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    if request.param in OWN_MARKERS:
        first = OWN_MARKERS.index(request.param)
        return _with_own_adobe_marker(_write(folder / "smear.tif"), first=first)
    ways = {
        "4:2:0": {"photometric": "ycbcr"},
        "4:2:2": {"photometric": "ycbcr", "subsampling": (2, 1)},
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
    width=st.integers(1, 760),
    height=st.integers(1, 560),
)
def test_every_region_of_every_level_is_openslides_to_the_last_bit(
    written, level, x, y, width, height
):
    x, y = x << level, y << level
    slide = open_slide(written)
    assert isinstance(slide, DirectTilesSlide)
    # Its usual reader would give the same pixels, and hide that these are not its own.
    with patch.object(TiffSlide, "read", side_effect=AssertionError):
        got = slide.read(x, y, width, height, level=level)
    expected = _by_openslide(written, x, y, (width, height), level)
    slide.close()
    np.testing.assert_array_equal(got, expected)


def test_a_wide_row_of_tiles_is_copied_together_within_its_bound():
    picture = np.zeros((200, 20 * 256 + 90, 3), np.uint8)  # the last tile is cut
    band, memory = TileBand((256, 256, 3)), set()
    band.begin(picture, slice(56, 256))
    for number in (*range(9), *range(11, 21)):  # two are not stored
        there = slice(number * 256, min((number + 1) * 256, picture.shape[1]))
        tile = band.place(there)
        tile[:] = np.arange(256, dtype=np.uint8)[:, None, None] + np.uint8(number)
        memory.add(tile.ctypes.data)
    band.flush()
    assert 1 < len(memory) * tile.nbytes <= HELD
    for number in range(21):
        stored = number not in (9, 10)
        rows = (np.arange(56, 256) + number) % 256 if stored else np.zeros(200)
        part = picture[:, number * 256 : (number + 1) * 256]
        assert (part == rows[:, None, None]).all()


@pytest.mark.parametrize("compression", [33003, 33005])
def test_jpeg_2000_of_aperio_reads_as_openslide_reads_it(tmp_path, compression):
    path = _write_aperio(tmp_path / "smear.svs", compression)
    slide = open_slide(path)
    assert isinstance(slide, DirectTilesSlide)
    assert slide.identity.scanned
    for place in ((0, 0), (200, 100), (-30, 400), (600, 500)):
        for level in (0, 1):
            got = slide.read(*place, 300, 200, level=level)
            expected = _by_openslide(path, *place, (300, 200), level)
            np.testing.assert_array_equal(got, expected)
    slide.close()


def test_every_chroma_of_jpeg_2000_is_openslides(tmp_path):
    blue, red = np.meshgrid(np.arange(256), np.arange(256))
    samples = np.stack([np.full_like(blue, 128), blue, red], axis=-1)
    path = tmp_path / "chroma.svs"
    tifffile.imwrite(
        path,
        samples.astype(np.uint8),
        tile=(256, 256),
        compression=33003,
        compressionargs={"reversible": True, "mct": False, "codecformat": "j2k"},
        photometric="rgb",
        description="Aperio Image Library v10.0.51\n|AppMag = 40|MPP = 0.25",
        metadata=None,
    )
    slide = open_slide(path)
    assert isinstance(slide, DirectTilesSlide)
    got = slide.read(0, 0, 256, 256, level=0)
    slide.close()
    np.testing.assert_array_equal(got, _by_openslide(path, 0, 0, (256, 256), 0))


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
        tiles = PageTiles(tiff.pages[0], FilePieces(path), cache=cache, key=0)
    canvas = np.zeros((256, 256, 3), np.uint8)
    tiles.paint(canvas, 256, 256)
    assert cache.held == 0
    for x in range(0, WIDTH, 40):
        tiles.paint(canvas, x, 100)
        assert cache.held <= 2 * one_tile
    assert cache.held > 0
