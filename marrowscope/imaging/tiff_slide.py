"""Any TIFF that OpenSlide refuses: zstd and other codecs, strips, odd pyramids."""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tifffile import TiffFile, TiffFileError, TiffPage

from marrowscope.domain.errors import UnreadableInput, UnreadableRegion
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.colour import WHITE, full_scale_of
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.regions import paste, plain
from marrowscope.imaging.slide import Level
from marrowscope.imaging.tiff_pages import NoPicture, Segment, TiffPicture
from marrowscope.imaging.tiff_scale import tiff_mpp

log = logging.getLogger(__name__)

TILES_KEPT = 64 << 20
# Deep samples are scaled by the brightest of a level small enough to look at.
LOOKED_AT = 16_000_000
THUMBNAIL = 512  # pixels, the longer side: a camera's is no larger
_ICC = 34675  # the tag of an ICC profile


# What tifffile and its codecs raise on files that break the format's rules.
_FAILURES = (
    OSError,
    ValueError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    TiffFileError,
    TypeError,
    struct.error,
)


class TiffSlide:
    """A TIFF read tile by tile with tifffile; memory is bounded by its tiles.

    `pages` are those of its levels in `file`, for who reads past it; `content` gives
    its content hash, and is asked last. Raises UnreadableInput, with the reason, when
    no page is a picture.
    """

    file: FilePieces
    pages: tuple[TiffPage, ...]

    def __init__(self, path: Path, *, content: Callable[[], str], name: str) -> None:
        self._cache = PixelCache(TILES_KEPT)
        self._path = path
        try:
            self.file = FilePieces(path)
            with TiffFile(path) as tiff:
                self.pages = _pyramid(tiff)
                self._pictures = _pictures(self.pages, self.file)
                mpp = tiff_mpp(tiff)
                self._profile = _profile(tiff)
                scanned = _scanned(self.pages, mpp)
        except _FAILURES as error:
            raise _damaged(name, error) from error
        top = self._pictures[0]
        size = top.width, top.height
        self._identity = SlideIdentity(content(), name, *size, mpp, scanned=scanned)
        self._levels = tuple(_level(picture, top) for picture in self._pictures)

    @property
    def identity(self) -> SlideIdentity:
        return self._identity

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._levels

    @property
    def background(self) -> tuple[int, int, int]:
        return WHITE

    @property
    def profile(self) -> bytes | None:
        return self._profile

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        scale = self._levels[level].downsample
        left, top = int(np.floor(x / scale)), int(np.floor(y / scale))
        picture = self._pictures[level]
        out = plain(width, height, self.background)
        for segment in picture.segments(Box(left, top, width, height)):
            try:
                pixels = self._segment(level, segment)
            except _FAILURES as error:
                log.info("%s, piece %d: %s", self._path, segment.number, error)
                raise UnreadableRegion(
                    f"{self._identity.name} cannot be read at pixel {x}, {y}.",
                    "The rest of the slide stays readable; copy the file again if it "
                    "should be whole.",
                ) from error
            if pixels is not None:
                paste(out, pixels, x=segment.x - left, y=segment.y - top)
        return out

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _segment(self, level: int, segment: Segment) -> Pixels | None:
        key = (level, segment.number)
        known = self._cache.get(key)
        if known is None:
            known = self._pictures[level].decode(segment)
            if known is not None:
                self._cache.put(key, known)
        return known


def _pyramid(tiff: TiffFile) -> tuple[TiffPage, ...]:
    """The largest series' first page of every size, the largest first."""
    series = max(tiff.series, key=lambda one: _area(one.levels[0].pages[0]))
    pages = [level.pages[0] for level in series.levels]
    whole = [page.aspage() for page in pages if page]
    return tuple(sorted(whole, key=lambda page: -page.imagewidth))


def _scanned(pages: Sequence[TiffPage], mpp: float | None) -> bool:
    """True for a pyramid, and for a tiled picture that states its scale.

    A camera stores one level in strips, if need be with a thumbnail beside it.
    """
    smaller = (max(page.imagewidth, page.imagelength) for page in pages[1:])
    pyramid = any(side > THUMBNAIL for side in smaller)
    return pyramid or (mpp is not None and pages[0].is_tiled)


def _pictures(pages: Sequence[TiffPage], file: FilePieces) -> tuple[TiffPicture, ...]:
    pictures = tuple(TiffPicture(page, file) for page in pages)
    _set_full_scale(pictures)
    return pictures


def _level(picture: TiffPicture, top: TiffPicture) -> Level:
    """A level's downsample by its longer side, where rounding weighs least."""
    if top.width >= top.height:
        scale = top.width / picture.width
    else:
        scale = top.height / picture.height
    return Level(picture.width, picture.height, scale)


def _set_full_scale(pictures: Sequence[TiffPicture]) -> None:
    """One full scale for the whole slide, so that its tiles match."""
    smallest = pictures[-1]
    if smallest.sample_bits <= 8:
        return
    look = smallest.width * smallest.height <= LOOKED_AT
    top = smallest.brightest() if look else 2**smallest.sample_bits - 1
    for picture in pictures:
        picture.full_scale = full_scale_of(top, smallest.sample_bits)


def _profile(tiff: TiffFile) -> bytes | None:
    page = tiff.pages.first
    found = page.tags.valueof(_ICC) if isinstance(page, TiffPage) else None
    return found if isinstance(found, bytes) and found else None


def _area(page: Any) -> int:
    return int(page.imagewidth) * int(page.imagelength)


def _damaged(name: str, error: Exception) -> UnreadableInput:
    log.info("%s: %r", name, error)
    if isinstance(error, NoPicture):
        return UnreadableInput(
            f"{name} cannot be read as a picture: {error}.",
            "Export it as an 8-bit RGB TIFF and open that.",
        )
    return UnreadableInput(
        f"{name} is a TIFF, but damaged or cut short.",
        "Copy it again from where it came.",
    )
