"""Which tiles a view needs: a pyramid of halves over whatever levels a slide has."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from marrowscope.domain.geometry import Box

TILE = 512  # pixels across, at every zoom
NEARLY = 0.95  # screen pixels of a tile's pixel


class TilePlace(NamedTuple):
    """Tile `column`, `row` of a grid whose pixels are 2**zoom level-0 pixels wide."""

    zoom: int
    column: int
    row: int

    @property
    def span(self) -> int:
        """Level-0 pixels across."""
        return TILE << self.zoom

    @property
    def parent(self) -> TilePlace:
        """The tile of the next coarser zoom that holds this one."""
        return TilePlace(self.zoom + 1, self.column >> 1, self.row >> 1)

    @property
    def children(self) -> tuple[TilePlace, ...]:
        """The four tiles of the next finer zoom."""
        if self.zoom == 0:
            return ()
        x, y = 2 * self.column, 2 * self.row
        return tuple(
            TilePlace(self.zoom - 1, x + dx, y + dy) for dy in (0, 1) for dx in (0, 1)
        )

    def region(self, slide: tuple[int, int]) -> Box:
        """Level-0 pixels of the slide this tile shows; cut at the slide's edge."""
        x, y = self.column * self.span, self.row * self.span
        return Box(x, y, min(self.span, slide[0] - x), min(self.span, slide[1] - y))


def zoom_for(device_scale: float, slide: tuple[int, int]) -> int:
    """The coarsest zoom with at least one tile pixel for every device pixel."""
    if device_scale >= 1:
        return 0
    return min(math.floor(-math.log2(device_scale) + 1e-6), coarsest(slide))


def zoom_in_motion(device_scale: float, slide: tuple[int, int]) -> int:
    """The zoom that is painted while the scale changes.

    To enlarge a tile takes half as long as to shrink one, which has four times as many
    pixels: the next coarser zoom, unless a fine tile is nearly as large as it is shown.
    """
    fine = zoom_for(device_scale, slide)
    nearly = device_scale * 2**fine >= NEARLY
    return fine if nearly else min(fine + 1, coarsest(slide))


def coarsest(slide: tuple[int, int]) -> int:
    """The zoom at which one tile shows the whole slide."""
    return max(0, math.ceil(math.log2(max(slide) / TILE)))


def tiles_in(region: Box, zoom: int, slide: tuple[int, int]) -> list[TilePlace]:
    """Tiles that show a region, those in its middle first."""
    span = TILE << zoom
    shown = region.intersection(Box(0, 0, slide[0], slide[1]))
    if shown is None:
        return []
    x, y = (c / span - 0.5 for c in shown.centre)
    places = [
        TilePlace(zoom, column, row)
        for row in _range(shown.y, shown.bottom, span)
        for column in _range(shown.x, shown.right, span)
    ]
    return sorted(places, key=lambda p: (p.column - x) ** 2 + (p.row - y) ** 2)


def _range(low: float, high: float, span: int) -> range:
    return range(int(low // span), math.ceil(high / span))


def ancestors(place: TilePlace, coarsest_zoom: int) -> Iterator[TilePlace]:
    """Ever coarser tiles that hold this one."""
    while place.zoom < coarsest_zoom:
        place = place.parent
        yield place
