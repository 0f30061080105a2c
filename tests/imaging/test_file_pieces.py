"""A slide on a network share that goes away and comes back."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import tifffile

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.opening import open_slide


def _spoil(pieces: FilePieces) -> None:
    """What was open on a share that was gone: every read fails from now on."""
    folder = os.open(os.curdir, os.O_RDONLY)
    os.dup2(folder, pieces._opened[-1].fileno())
    os.close(folder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "share.bin"
    path.write_bytes(bytes(range(256)))
    return path


def test_a_file_that_is_back_is_read_on_by_itself(file):
    pieces = FilePieces(file)
    away = file.rename(file.with_suffix(".away"))
    _spoil(pieces)
    with pytest.raises(OSError, match=r"share\.bin"):
        pieces.read(10, 3)
    away.rename(file)
    for _ in range(5):
        assert pieces.read(10, 3) == bytes([10, 11, 12])
        _spoil(pieces)
    assert len(pieces._opened) <= 3
    pieces.close()
    with pytest.raises(OSError, match="closed"):
        pieces.read(0, 1)


def test_another_file_in_its_place_is_not_taken_for_it(file):
    pieces = FilePieces(file)
    _spoil(pieces)
    file.unlink()
    file.write_bytes(bytes(255))
    with pytest.raises(OSError, match="another file"):
        pieces.read(10, 3)
    pieces.close()


@pytest.mark.parametrize("compression", ["jpeg", "zlib"])
def test_a_slide_says_that_it_is_gone_and_reads_on_when_it_is_back(
    tmp_path, compression
):
    path = tmp_path / "smear.tif"
    pixels = np.random.default_rng(1).integers(0, 255, (600, 600, 3), np.uint8)
    tifffile.imwrite(path, pixels, tile=(128, 128), compression=compression)
    slide = open_slide(path)
    before = slide.read(300, 300, 50, 50, level=0)
    away = path.rename(tmp_path / "away")
    inner = getattr(slide, "_slide", slide)
    _spoil(inner.file)
    with pytest.raises(UnreadableRegion, match=r"smear\.tif"):
        slide.read(140, 140, 50, 50, level=0)
    away.rename(path)
    slide.read(140, 140, 50, 50, level=0)
    np.testing.assert_array_equal(slide.read(300, 300, 50, 50, level=0), before)
    slide.close()
