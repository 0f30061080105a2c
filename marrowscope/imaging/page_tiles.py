"""The tiles of one TIFF page, decoded straight from the file.

OpenSlide spends two thirds of its time on compositing tiles that never overlap
(shared/docs/performance.md, A). The pixels here are the same, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import local

import cv2
from tifffile import PLANARCONFIG, TiffPage

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.file_pieces import FilePieces
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.pixel_memory import MEMORY
from marrowscope.imaging.tile_codecs import OtherTiles, codec_of

LARGEST_TILE = 4096  # pixels a side: larger ones are rare, and decoded elsewhere
LARGEST_STORED = 64 << 20  # bytes
LOOKED_AT = 1024  # bytes of a tile that say how it is coded


class _Stored(local):
    """Where each thread has the stored tile that it decodes."""

    def __init__(self) -> None:
        self._memory = bytearray()

    def room(self, count: int) -> bytearray:
        """At least `count` bytes."""
        if len(self._memory) < count:
            self._memory = bytearray(count + count // 2)
        return self._memory


_STORED = _Stored()


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
        # As they are: pairs of a large slide's take longer to make than its first view.
        self._offsets, self._counts = page.dataoffsets, page.databytecounts
        stored = min(len(self._offsets), len(self._counts))
        if stored < self._grid.columns * self._grid.rows:
            raise OtherTiles("its list of tiles is cut short")
        self._complete = 0 not in self._counts
        self._file = file
        self._codec = codec_of(page, self._start_of_first())
        self._cache, self._key = cache, key

    def _start_of_first(self) -> bytes:
        number = next((n for n, count in enumerate(self._counts) if count), None)
        if number is None:
            return b""
        length = min(self._counts[number], LOOKED_AT)
        return self._file.read(self._offsets[number], length)

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
        right, bottom = min(left + width, grid.width), min(top + height, grid.height)
        scratch = MEMORY.lend((grid.tile_height, grid.tile_width, 3))
        for row in range(
            max(top, 0) // grid.tile_height, _up(bottom, grid.tile_height)
        ):
            for column in range(
                max(left, 0) // grid.tile_width, _up(right, grid.tile_width)
            ):
                self._paint_tile(
                    canvas, (left, top), (right, bottom), (column, row), scratch
                )

    def _paint_tile(
        self,
        canvas: Pixels,
        start: tuple[int, int],
        end: tuple[int, int],
        place: tuple[int, int],
        scratch: Pixels,
    ) -> None:
        grid = self._grid
        x, y = place[0] * grid.tile_width, place[1] * grid.tile_height
        first_x, first_y = max(x, start[0]), max(y, start[1])
        last_x, last_y = (
            min(x + grid.tile_width, end[0]),
            min(y + grid.tile_height, end[1]),
        )
        whole = (first_x, first_y) == (x, y) and (last_x, last_y) == (
            min(x + grid.tile_width, grid.width),
            min(y + grid.tile_height, grid.height),
        )
        number = place[1] * grid.columns + place[0]
        tile = self._tile(number, scratch, keep=not whole)
        if tile is not None:
            part = tile[first_y - y : last_y - y, first_x - x : last_x - x]
            there = canvas[
                first_y - start[1] : last_y - start[1],
                first_x - start[0] : last_x - start[0],
            ]
            # A fifth faster than numpy, row by row into memory not yet in the cache.
            cv2.copyTo(part, None, there)  # type: ignore[arg-type]

    def _tile(self, number: int, scratch: Pixels, *, keep: bool) -> Pixels | None:
        known = self._cache.get((self._key, number))
        if known is not None:
            return known
        if not self._counts[number]:
            return None
        if not keep:
            return self._decoded(number, scratch)
        tile = self._decoded(number, MEMORY.lend(scratch.shape))
        self._cache.put((self._key, number), tile)
        return tile

    def _decoded(self, number: int, into: Pixels) -> Pixels:
        offset, count = self._offsets[number], self._counts[number]
        if count > LARGEST_STORED:
            raise ValueError("a tile is larger than any can be")
        ahead = self._codec.ahead
        stored, end = _STORED.room(ahead + count), ahead + count
        self._file.read_into(memoryview(stored)[ahead:end], offset)
        tile = self._codec.decode(stored, end, into)
        if tile.shape != into.shape:
            raise ValueError("a tile is not of its page's size")
        return tile


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
