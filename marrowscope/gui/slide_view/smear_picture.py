"""The smear beneath all layers, kept as a picture while it stays the same.

Scaling tiles takes longer than all that is painted over them, and most of what makes a
view paint itself anew (a call, a cell pointed at, a class hidden) leaves the smear as
it is: then the picture is copied.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.layers import turning
from marrowscope.gui.slide_view.tile_cache import TileCache
from marrowscope.gui.slide_view.tile_painting import (
    TileSources,
    device_rect,
    paint_sources,
    tiles_seen,
)
from marrowscope.gui.slide_view.tile_places import TilePlace, zoom_in_motion
from marrowscope.gui.slide_view.viewport import Viewport

MOST = 0.5  # of the picture; more is not painted in parts


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: a viewport on a slide of `size` level-0 pixels.

    `ground` is painted beside the slide; `ratio` is device pixels per logical one.
    """

    viewport: Viewport
    size: tuple[int, int]
    ratio: float
    ground: QColor

    @property
    def pixels(self) -> tuple[int, int]:
        """Device pixels across and down."""
        view = self.viewport
        return math.ceil(view.width * self.ratio), math.ceil(view.height * self.ratio)

    def shift_from(self, other: Sight) -> tuple[int, int] | None:
        """Whole device pixels that the picture of `other` has moved by since.

        None where it is not the same picture in another place.
        """
        view, before = self.viewport, other.viewport
        if (
            replace(self, viewport=before) != other
            or replace(view, x=before.x, y=before.y) != before
        ):
            return None
        x, y = view.to_screen(before.x, before.y)
        return (
            round((x - view.width / 2) * self.ratio),
            round((y - view.height / 2) * self.ratio),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Smear:
    """The tiles of a sight as they were at one moment: any thread may paint them."""

    sight: Sight
    tiles: Mapping[TilePlace, TileSources]

    def paint(self, painter: QPainter, needed: Box | None = None) -> None:
        """Paint the whole view; of the tiles only those that are needed (level 0)."""
        sight, view = self.sight, self.sight.viewport
        painter.fillRect(QRectF(0, 0, view.width, view.height), sight.ground)
        tiles = self.tiles if needed is None else self._touching(needed)
        with turning(painter, view):
            paint_sources(painter, tiles, view.upright, sight.size, sight.ratio)

    def _touching(self, needed: Box) -> dict[TilePlace, TileSources]:
        return {
            place: sources
            for place, sources in self.tiles.items()
            if needed.intersection(place.region(self.sight.size)) is not None
        }

    def changed_since(self, before: Smear, sight: Sight) -> QRegion | None:
        """Device pixels of `sight`, which lies no further than a shift away, where
        other tiles are painted now; None: they cannot be told apart."""
        changed = [
            place
            for place, sources in self.tiles.items()
            if place not in before.tiles or before.tiles[place].keys != sources.keys
        ]
        if changed and sight.viewport.angle != 0:
            return None
        region = QRegion()
        for place in changed:
            region += device_rect(place, sight.viewport, sight.size, sight.ratio)
        return region & QRect(0, 0, *sight.pixels)


def smear_of(cache: TileCache, sight: Sight, *, moving: bool = False) -> Smear:
    """What is seen now; coarser where the scale changes, which is painted faster."""
    scale, size = sight.viewport.scale * sight.ratio, sight.size
    zoom = zoom_in_motion(scale, size) if moving else None
    view = sight.viewport.upright
    return Smear(sight, tiles_seen(cache, view, size, sight.ratio, zoom=zoom))


class SmearPicture:
    """Keeps the smear that was painted last; it is exactly as `Smear` paints it."""

    def __init__(self) -> None:
        self._kept = QPixmap()
        self._smear: Smear | None = None

    def shows(self, smear: Smear) -> bool:
        """Whether nothing of it is left to be painted."""
        missing = self._missing(smear)
        return missing is not None and missing.isEmpty()

    def take(self, smear: Smear, picture: QPixmap) -> None:
        """Keep what was painted elsewhere."""
        self._smear, self._kept = smear, picture

    def paint(self, painter: QPainter, smear: Smear) -> None:
        """Paint the whole view."""
        self._bring_up_to_date(smear)
        painter.save()
        painter.scale(1 / smear.sight.ratio, 1 / smear.sight.ratio)
        painter.drawPixmap(0, 0, self._kept)
        painter.restore()

    def _missing(self, smear: Smear) -> QRegion | None:
        """Device pixels that are out of date; None: all of them."""
        before = self._smear
        if before is None or before.sight != smear.sight:
            return None
        return smear.changed_since(before, smear.sight)

    def _bring_up_to_date(self, smear: Smear) -> None:
        missing, sight = self._missing(smear), smear.sight
        if self._kept.size().toTuple() != sight.pixels:
            self._kept, missing = QPixmap(*sight.pixels), None
        whole = QRect(0, 0, *sight.pixels)
        if missing is None or area(missing) > MOST * whole.width() * whole.height():
            missing = QRegion(whole)
        self._smear = smear
        for part in parts(missing):
            painter = QPainter(self._kept)
            painter.setClipRect(part)
            painter.scale(sight.ratio, sight.ratio)
            smear.paint(painter)
            painter.end()


def area(region: QRegion) -> int:
    """Pixels of a region."""
    return sum(part.width() * part.height() for part in parts(region))


def parts(region: QRegion) -> list[QRect]:
    """The rectangles of a region; the stubs of PySide do not know that it has them."""
    return list(region)  # pyright: ignore
