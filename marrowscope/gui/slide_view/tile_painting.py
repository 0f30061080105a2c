"""Painting the smear itself: fine tiles where they are, coarser ones until then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from marrowscope.gui.slide_view.tile_cache import TileCache
from marrowscope.gui.slide_view.tile_places import (
    TilePlace,
    ancestors,
    coarsest,
    tiles_in,
    zoom_for,
)
from marrowscope.gui.slide_view.viewport import Viewport

NOT_HERE = QColor(214, 214, 212)  # no glass is so grey: nothing was read here
UNREADABLE = QColor(190, 190, 188, 170)  # over what a coarser tile shows of it


@dataclass(frozen=True, slots=True)
class TileSources:
    """The pictures painted one over another where a tile lies, and whose they are.

    `covering`: they leave nothing bare. `unreadable`: the tile's last reading failed.
    """

    pictures: tuple[tuple[TilePlace, QImage], ...]
    covering: bool = True
    unreadable: bool = False

    @property
    def keys(self) -> tuple[int, ...]:
        """The same as long as the same is painted."""
        return self.unreadable, *(picture.cacheKey() for _, picture in self.pictures)


def sources_of(
    cache: TileCache, place: TilePlace, slide: tuple[int, int]
) -> TileSources:
    """The tile itself, else a coarser one beneath those of the finer that are here."""
    tile = cache.get(place)
    if tile is not None:
        return TileSources(((place, tile),))
    children = [child for child in place.children if _on_slide(child, slide)]
    finer = [(c, picture) for c in children if (picture := cache.get(c)) is not None]
    whole = bool(children) and len(finer) == len(children)
    beneath = [] if whole else _coarser(cache, place, coarsest(slide))
    return TileSources(
        (*beneath, *finer),
        covering=whole or bool(beneath),
        unreadable=place in cache.unreadable,
    )


def _on_slide(place: TilePlace, slide: tuple[int, int]) -> bool:
    return place.column * place.span < slide[0] and place.row * place.span < slide[1]


def _coarser(
    cache: TileCache, place: TilePlace, top: int
) -> list[tuple[TilePlace, QImage]]:
    """The next coarser tile that is here; none where none is."""
    kept = ((coarser, cache.get(coarser)) for coarser in ancestors(place, top))
    return list(islice(((c, tile) for c, tile in kept if tile is not None), 1))


def paint_tiles(
    painter: QPainter,
    cache: TileCache,
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
) -> None:
    """Paint what is seen, at the zoom at which nothing is enlarged."""
    sources = tiles_seen(cache, viewport, slide, device_ratio)
    paint_sources(painter, sources, viewport, slide, device_ratio)


def tiles_seen(
    cache: TileCache,
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
    *,
    zoom: int | None = None,
) -> dict[TilePlace, TileSources]:
    """What is painted at this moment where each tile in sight lies.

    `zoom`: of the tiles, by default the one at which nothing is enlarged.
    """
    if zoom is None:
        zoom = zoom_for(viewport.scale * device_ratio, slide)
    seen = tiles_in(viewport.region, zoom, slide)
    return {place: sources_of(cache, place, slide) for place in seen}


def paint_sources(
    painter: QPainter,
    seen: Mapping[TilePlace, TileSources],
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
) -> None:
    """Paint tiles on whole device pixels, so that no seams show; on any thread.

    What is not here yet is shown by a coarser tile, else grey: white would be glass.
    """
    painter.save()
    painter.scale(1 / device_ratio, 1 / device_ratio)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for place, sources in seen.items():
        target = device_rect(place, viewport, slide, device_ratio)
        if not sources.covering:
            painter.fillRect(target, NOT_HERE)
        for whose, picture in sources.pictures:
            if whose.zoom > place.zoom:
                part = _part(picture, whose, place, slide)
                painter.drawImage(QRectF(target), picture, part)
            else:
                where = device_rect(whose, viewport, slide, device_ratio)
                painter.drawImage(where, picture)
        if sources.unreadable:
            painter.fillRect(target, UNREADABLE)
    painter.restore()


def device_rect(
    place: TilePlace,
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
) -> QRect:
    """Where a tile lies, in device pixels of an upright view."""
    region = place.region(slide)
    left, top = viewport.to_screen(region.x, region.y)
    right, bottom = viewport.to_screen(region.right, region.bottom)
    x, y = round(left * device_ratio), round(top * device_ratio)
    return QRect(
        x, y, round(right * device_ratio) - x, round(bottom * device_ratio) - y
    )


def _part(
    tile: QImage, coarser: TilePlace, place: TilePlace, slide: tuple[int, int]
) -> QRectF:
    """Where `place` lies in the picture of the coarser tile that holds it."""
    whole, part = coarser.region(slide), place.region(slide)
    x, y = tile.width() / whole.width, tile.height() / whole.height
    return QRectF(
        (part.x - whole.x) * x, (part.y - whole.y) * y, part.width * x, part.height * y
    )
