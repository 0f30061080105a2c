"""Painting the smear itself: fine tiles where they are, coarser ones until then."""

from __future__ import annotations

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


def paint_tiles(
    painter: QPainter,
    cache: TileCache,
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
) -> None:
    """Paint what is seen, on whole device pixels so that no seams show.

    What is not here yet is shown by a coarser tile, else grey: white would be glass.
    """
    painter.save()
    painter.scale(1 / device_ratio, 1 / device_ratio)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    top = coarsest(slide)
    zoom = zoom_for(viewport.scale * device_ratio, slide)
    for place in tiles_in(viewport.region, zoom, slide):
        target = _target(place, viewport, slide, device_ratio)
        tile = cache.get(place)
        if tile is not None:
            painter.drawImage(target, tile)
            continue
        _paint_stand_in(painter, cache, place, target, slide, top)
        for child in place.children:
            finer = cache.get(child)
            if finer is not None:
                where = _target(child, viewport, slide, device_ratio)
                painter.drawImage(where, finer)
        if place in cache.unreadable:
            painter.fillRect(target, UNREADABLE)
    painter.restore()


def _target(
    place: TilePlace,
    viewport: Viewport,
    slide: tuple[int, int],
    device_ratio: float,
) -> QRect:
    region = place.region(slide)
    left, top = viewport.to_screen(region.x, region.y)
    right, bottom = viewport.to_screen(region.right, region.bottom)
    x, y = round(left * device_ratio), round(top * device_ratio)
    return QRect(
        x, y, round(right * device_ratio) - x, round(bottom * device_ratio) - y
    )


def _paint_stand_in(
    painter: QPainter,
    cache: TileCache,
    place: TilePlace,
    target: QRect,
    slide: tuple[int, int],
    top: int,
) -> None:
    for coarser in ancestors(place, top):
        tile = cache.get(coarser)
        if tile is not None:
            painter.drawImage(QRectF(target), tile, _part(tile, coarser, place, slide))
            return
    painter.fillRect(target, NOT_HERE)


def _part(
    tile: QImage, coarser: TilePlace, place: TilePlace, slide: tuple[int, int]
) -> QRectF:
    """Where `place` lies in the picture of the coarser tile that holds it."""
    whole, part = coarser.region(slide), place.region(slide)
    x, y = tile.width() / whole.width, tile.height() / whole.height
    return QRectF(
        (part.x - whole.x) * x, (part.y - whole.y) * y, part.width * x, part.height * y
    )
