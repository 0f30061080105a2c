"""A slide whose tiles are decoded past its usual reader, several times faster."""

from __future__ import annotations

import logging
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tifffile import TiffFile, TiffFileError, TiffPage

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.page_tiles import PageTiles
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.pixel_memory import MEMORY
from marrowscope.imaging.regions import plain
from marrowscope.imaging.slide import Level, Slide
from marrowscope.imaging.tiff_slide import TiffSlide
from marrowscope.imaging.tile_codecs import OtherTiles

log = logging.getLogger(__name__)

TILES_KEPT = 64 << 20  # bytes of tiles of which only a part was wanted yet
_FAILURES = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    RuntimeError,  # what imagecodecs says of a damaged tile
    TiffFileError,
    struct.error,
)


class DirectTilesSlide:
    """`slide`, with the levels in `tiles` read from the file itself.

    Whatever a level's own tiles cannot answer is left to `slide`, which then says what
    is wrong. A place between two pixels of a level is the nearer one: where sizes are
    odd a level's downsample is no whole number, and nothing is interpolated for that.
    """

    def __init__(
        self, slide: Slide, file: FilePieces, tiles: Mapping[int, PageTiles]
    ) -> None:
        self._slide = slide
        self._file = file
        self._tiles = tiles

    @property
    def identity(self) -> SlideIdentity:
        return self._slide.identity

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._slide.levels

    @property
    def background(self) -> tuple[int, int, int]:
        return self._slide.background

    @property
    def profile(self) -> bytes | None:
        return self._slide.profile

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        tiles = self._tiles.get(level)
        if tiles is not None:
            scale = self.levels[level].downsample
            left, top = (math.floor(place / scale + 0.5) for place in (x, y))
            try:
                return self._painted(tiles, (left, top), (width, height))
            except _FAILURES as error:
                log.info("%s at %d, %d: %s", self.identity.name, x, y, error)
        return self._slide.read(x, y, width, height, level=level)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
        self._slide.close()

    def _painted(
        self, tiles: PageTiles, corner: tuple[int, int], size: tuple[int, int]
    ) -> Pixels:
        if tiles.covers(*corner, *size):
            canvas = MEMORY.lend((size[1], size[0], 3))
        else:
            canvas = plain(*size, self.background)
        tiles.paint(canvas, *corner)
        return canvas


def with_direct_tiles(slide: Slide, path: Path) -> Slide:
    """`slide` itself, or read past its reader where the TIFF at `path` allows it."""
    try:
        file, pages = _structure(slide, path)
        tiles = dict(_levels_with_tiles(slide, pages, file))
    except _FAILURES as error:
        log.info("%s is read by its usual reader: %s", slide.identity.name, error)
        return slide
    return DirectTilesSlide(slide, file, tiles) if tiles else slide


def _structure(slide: Slide, path: Path) -> tuple[FilePieces, Sequence[TiffPage]]:
    """The file and its pages, as `slide` knows them already where it does."""
    if isinstance(slide, TiffSlide):
        return slide.file, slide.pages
    with TiffFile(path) as tiff:
        return FilePieces(path), list(_pages(tiff))


def _levels_with_tiles(
    slide: Slide, found: Sequence[TiffPage], file: FilePieces
) -> Iterator[tuple[int, PageTiles]]:
    """The levels whose page has tiles of a known code; its size tells the page."""
    cache = PixelCache(TILES_KEPT)
    pages = {(p.imagewidth, p.imagelength): p for p in found}
    for number, level in enumerate(slide.levels):
        page = pages.get((level.width, level.height))
        if page is None:
            continue
        try:
            yield number, PageTiles(page, file, cache=cache, key=number)
        except OtherTiles as why:
            log.debug("level %d of %s: %s", number, slide.identity.name, why)


def _pages(tiff: TiffFile) -> Iterator[TiffPage]:
    """Every tiled page of every series, the first of a size coming last."""
    found = [
        page.aspage()
        for series in tiff.series
        for level in series.levels
        for page in level.pages
        if page is not None
    ]
    return reversed([page for page in found if page.is_tiled])
