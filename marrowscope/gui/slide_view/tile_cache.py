"""Painted tiles kept while they fit, and which of them are out of date or cannot be."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtGui import QImage

from marrowscope.gui.slide_view.tile_places import TilePlace


@dataclass(slots=True)
class _Kept:
    picture: QImage
    age: int


class TileCache:
    """The tiles used last, at most `limit` bytes of them.

    After `outdate` the tiles are still painted until others take their place, but count
    as wanted. `unreadable`: places whose last reading failed.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tiles: OrderedDict[TilePlace, _Kept] = OrderedDict()
        self._age = 0
        self.bytes = 0
        self.unreadable: dict[TilePlace, None] = {}

    def get(self, place: TilePlace) -> QImage | None:
        """The tile as it was put last, out of date or not."""
        tile = self._tiles.get(place)
        if tile is None:
            return None
        self._tiles.move_to_end(place)
        return tile.picture

    def __contains__(self, place: TilePlace) -> bool:
        """True for a tile that is here and up to date."""
        tile = self._tiles.get(place)
        return tile is not None and tile.age == self._age

    def put(self, place: TilePlace, tile: QImage) -> None:
        """Keep a tile; those unused longest make room."""
        self._drop(place)
        self._tiles[place] = _Kept(tile, self._age)
        self.bytes += tile.sizeInBytes()
        while self.bytes > self._limit and len(self._tiles) > 1:
            self._drop(next(iter(self._tiles)))

    def outdate(self) -> None:
        """Everything is to be made anew."""
        self._age += 1

    def clear(self) -> None:
        self._tiles.clear()
        self.unreadable.clear()
        self.bytes = 0

    def _drop(self, place: TilePlace) -> None:
        tile = self._tiles.pop(place, None)
        self.bytes -= tile.picture.sizeInBytes() if tile else 0
