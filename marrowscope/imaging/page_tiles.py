"""The tiles of one TIFF page, decoded straight from the file.

OpenSlide spends two thirds of its time on compositing tiles that never overlap
(shared/docs/performance.md, A). The pixels here are the same, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tifffile import PLANARCONFIG, TiffPage

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.pixel_memory import MEMORY
from marrowscope.imaging.stored_tiles import StoredTile, StoredTiles
from marrowscope.imaging.tile_band import TileBand, copy
from marrowscope.imaging.tile_codecs import OtherTiles, codec_of

LARGEST_TILE = 4096  # pixels a side: larger ones are rare, and decoded elsewhere
LOOKED_AT = 1024  # bytes of a tile that say how it is coded


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the tiles of a page lie, in pixels of the page."""

    width: int
    height: int
    tile_width: int
    tile_height: int

    @property
    def columns(self) -> int:
        return -(-self.width // self.tile_width)

    @property
    def rows(self) -> int:
        return -(-self.height // self.tile_height)


class _Cut(NamedTuple):
    """What is wanted of a row or column of tiles: `part` of it, put `there`."""

    number: int
    part: slice
    there: slice
    whole: bool


class PageTiles:
    """The tiles of one page. `cache` keeps tiles of which a part was used, keyed by
    `key` and number: the rest of such a tile is likely to be asked for next.

    Raises OtherTiles for a page whose tiles are no plain 8-bit colour of a known code.
    """

    def __init__(
        self, page: TiffPage, file: FilePieces, *, cache: PixelCache, key: object
    ) -> None:
        _check(page)
        self._grid = _Grid(
            page.imagewidth, page.imagelength, page.tilewidth, page.tilelength
        )
        self._stored = StoredTiles(page, file)
        if len(self._stored) < self._grid.columns * self._grid.rows:
            raise OtherTiles("its list of tiles is cut short")
        self._complete = self._stored.complete
        self._codec = codec_of(page, self._stored.start_of_first(LOOKED_AT))
        self._cache, self._key = cache, key

    def covers(self, left: int, top: int, width: int, height: int) -> bool:
        """True when `paint` fills every pixel of a canvas there."""
        inside = left >= 0 and top >= 0
        inside = inside and left + width <= self._grid.width
        return inside and top + height <= self._grid.height and self._complete

    def paint(self, canvas: Pixels, left: int, top: int) -> None:
        """Fill what lies inside the page of a canvas whose corner is at `left`, `top`.

        Tiles the file does not store leave the canvas as it is. Raises OSError or
        ValueError when the file is gone or a tile is damaged.
        """
        grid = self._grid
        height, width = canvas.shape[:2]
        rows = _cuts(top, height, step=grid.tile_height, size=grid.height)
        columns = list(_cuts(left, width, step=grid.tile_width, size=grid.width))
        band = TileBand((grid.tile_height, grid.tile_width, 3))
        for row in rows if columns else ():
            self._paint_row(canvas[row.there], row, columns, band)

    def _paint_row(
        self, picture: Pixels, row: _Cut, columns: Sequence[_Cut], band: TileBand
    ) -> None:
        decode, ahead = self._codec.decode, self._codec.ahead
        first = row.number * self._grid.columns + columns[0].number
        fresh = self._fresh(picture, row, columns)
        band.begin(picture, row.part)
        for number, stored in self._stored.each(fresh, ahead=ahead):
            column = columns[number - first]
            if row.whole and column.whole:
                decode(stored, band.place(column.there))
            else:
                tile = self._kept(number, stored, band.shape)
                copy(tile[row.part, column.part], picture[:, column.there])
        band.flush()

    def _fresh(
        self, picture: Pixels, row: _Cut, columns: Sequence[_Cut]
    ) -> Sequence[int]:
        """The tiles of a row by number, less those known, which are painted."""
        first = row.number * self._grid.columns
        fresh = list[int]()
        for column in columns:
            number = first + column.number
            known = self._cache.get((self._key, number))
            if known is None:
                fresh.append(number)
            else:
                copy(known[row.part, column.part], picture[:, column.there])
        return fresh

    def _kept(
        self, number: int, stored: StoredTile, shape: tuple[int, int, int]
    ) -> Pixels:
        """A tile whose rest is likely to be asked for next."""
        tile = MEMORY.lend(shape)
        self._codec.decode(stored, tile)
        self._cache.put((self._key, number), tile)
        return tile


def _cuts(begin: int, length: int, *, step: int, size: int) -> Iterator[_Cut]:
    """The rows (or columns) of tiles under a canvas of `length` pixels."""
    end = min(begin + length, size)
    for number in range(max(begin, 0) // step, _up(end, step)):
        start = number * step
        first, last = max(start, begin), min(start + step, end)
        whole = first == start and last == min(start + step, size)
        part, there = (
            slice(first - start, last - start),
            slice(first - begin, last - begin),
        )
        yield _Cut(number, part, there, whole)


def _up(length: int, step: int) -> int:
    return -(-length // step)


def _check(page: TiffPage) -> None:
    if not page.is_tiled:
        raise OtherTiles("it has no tiles")
    if page.samplesperpixel != 3 or page.bitspersample != 8:
        raise OtherTiles("its samples are not 8-bit colour")
    if page.planarconfig != PLANARCONFIG.CONTIG or page.imagedepth > 1:
        raise OtherTiles("its colours are stored apart")
    if not 0 < max(page.tilewidth, page.tilelength) <= LARGEST_TILE:
        raise OtherTiles("its tiles are too large")
