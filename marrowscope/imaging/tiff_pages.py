"""One page of a TIFF, piece by piece: tiles or strips to RGB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import COMPRESSION, PHOTOMETRIC, PLANARCONFIG, TiffPage

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.colour import cmyk_to_rgb, eight_bit, rgb
from marrowscope.imaging.file_pieces import FilePieces

# A strip or tile is decoded whole: 100 megapixels of RGB is the most one may hold.
LARGEST_SEGMENT = 300 << 20


class NoPicture(ValueError):
    """A TIFF page that is no picture of a smear; its text finishes "because"."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A tile or strip: its number and its place in pixels of the page."""

    number: int
    x: int
    y: int
    width: int
    height: int


class TiffPicture:
    """A page as a grid of segments, each decoded alone; its TIFF may be closed.

    Raises NoPicture for a page that holds no colour or grey picture.
    """

    def __init__(self, page: TiffPage, file: FilePieces) -> None:
        self._page = page
        self._file = file
        self.width, self.height = page.imagewidth, page.imagelength
        self._tile_width = page.tilewidth if page.is_tiled else page.imagewidth
        self._tile_height = page.tilelength if page.is_tiled else page.rowsperstrip
        self._columns = -(-self.width // max(self._tile_width, 1))
        self._rows = -(-self.height // max(self._tile_height, 1))
        self._separate = (
            page.planarconfig == PLANARCONFIG.SEPARATE and page.samplesperpixel > 1
        )
        self.full_scale: int | None = None
        self._check()
        # What a page fetches from its file when asked for first is asked for here.
        self._decode, self._colormap = page.decode, page.colormap
        self._tables = page.jpegtables if page.compression in _JPEG else None

    def _check(self) -> None:
        page = self._page
        if self.width <= 0 or self.height <= 0:
            raise NoPicture(f"it is {self.width} x {self.height} pixels")
        if self._tile_width <= 0 or self._tile_height <= 0:
            raise NoPicture("its pieces have no size")
        if page.dtype is None or page.dtype.kind not in "ub":
            kind = page.dtype or "of an unknown kind"
            raise NoPicture(f"its samples are {kind}")
        if page.samplesperpixel > 5 or page.imagedepth > 1:
            raise NoPicture(f"it has {page.samplesperpixel} channels")
        rows = min(self._tile_height, self.height)
        size = self._tile_width * rows * page.samplesperpixel
        if size * page.dtype.itemsize > LARGEST_SEGMENT:
            raise NoPicture(f"one piece of it takes {size >> 20} MB")
        planes = page.samplesperpixel if self._separate else 1
        if len(page.dataoffsets) < self._columns * self._rows * planes:
            raise NoPicture("its list of pieces is cut short")

    def segments(self, box: Box) -> Iterator[Segment]:
        """The segments that a box of page pixels touches."""
        first_column = max(int(box.x) // self._tile_width, 0)
        first_row = max(int(box.y) // self._tile_height, 0)
        last_column = min(-(-int(box.right) // self._tile_width), self._columns)
        last_row = min(-(-int(box.bottom) // self._tile_height), self._rows)
        for row in range(first_row, last_row):
            for column in range(first_column, last_column):
                yield Segment(
                    row * self._columns + column,
                    column * self._tile_width,
                    row * self._tile_height,
                    self._tile_width,
                    self._tile_height,
                )

    @property
    def sample_bits(self) -> int:
        """Bits of one stored sample, as it comes out of the decoder."""
        return 8 * self._page.dtype.itemsize if self._page.dtype else 8

    def decode(self, segment: Segment) -> Pixels | None:
        """RGB of one segment inside the page; None where the file stores nothing."""
        planes = self._page.samplesperpixel if self._separate else 1
        per_plane = self._columns * self._rows
        numbers = [segment.number + i * per_plane for i in range(planes)]
        parts = [self._samples(number) for number in numbers]
        present = [part for part in parts if part is not None]
        if len(present) < planes:
            return None
        pixels = self._colour(np.concatenate(present, axis=2))
        return pixels[: self.height - segment.y, : self.width - segment.x]

    def brightest(self) -> int:
        """The largest sample of the page; decodes all of it."""
        found = 0
        for number in range(len(self._page.dataoffsets)):
            samples = self._samples(number)
            found = max(found, 0 if samples is None else int(samples.max(initial=0)))
        return found

    def _samples(self, number: int) -> NDArray[Any] | None:
        """(H, W, samples) of one stored segment, as written."""
        page = self._page
        offset, count = page.dataoffsets[number], page.databytecounts[number]
        if not count:
            return None
        data = self._file.read(offset, count)
        samples, _, shape = self._decode(data, number, jpegtables=self._tables)
        if samples is None:
            return None
        return samples[0, : shape[1], : shape[2]]

    def _colour(self, samples: NDArray[Any]) -> Pixels:
        photometric = self._page.photometric
        if photometric == PHOTOMETRIC.PALETTE and self._colormap is not None:
            return eight_bit(self._colormap[:, samples[..., 0]].transpose(1, 2, 0))
        scale = self.full_scale
        if photometric == PHOTOMETRIC.MINISWHITE:
            return 255 - rgb(samples[..., :1], full_scale=scale)
        if photometric == PHOTOMETRIC.SEPARATED and samples.shape[2] >= 4:
            return cmyk_to_rgb(eight_bit(samples[..., :4], full_scale=scale))
        return rgb(samples[..., :4], full_scale=scale)


_JPEG = (COMPRESSION.JPEG, COMPRESSION.JPEG_LOSSY)
