"""The smear beneath all layers, kept as a picture while it stays the same.

Scaling tiles takes longer than all that is painted over them, and most of what makes a
view paint itself anew (a call, a cell pointed at, a class hidden) leaves the smear as
it is: then the picture is copied. While the view is dragged the picture is moved along,
and only what comes into sight is painted; while it zooms, quicker tiles are painted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from marrowscope.gui.slide_view.layers import turning
from marrowscope.gui.slide_view.pace import Pace
from marrowscope.gui.slide_view.tile_cache import TileCache
from marrowscope.gui.slide_view.tile_painting import (
    device_rect,
    paint_tiles,
    sources_of,
)
from marrowscope.gui.slide_view.tile_places import (
    TilePlace,
    tiles_in,
    zoom_for,
    zoom_in_motion,
)
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


class SmearPicture:
    """Paints the tiles of a cache: at rest exactly as `paint_tiles` does."""

    def __init__(self, cache: TileCache) -> None:
        self._cache = cache
        self._kept = QPixmap()
        self._sight: Sight | None = None  # what the kept picture shows
        self._sources: dict[TilePlace, tuple[int, ...]] = {}  # what it is made of
        self._exact = False  # in its very place, not moved there by whole pixels

    def paint(self, painter: QPainter, sight: Sight, pace: Pace) -> None:
        """Paint the whole view."""
        if pace is Pace.ZOOM:
            scale = sight.viewport.scale * sight.ratio
            _paint(painter, self._cache, sight, zoom_in_motion(scale, sight.size))
            return
        self._bring_up_to_date(sight, moving=pace is Pace.PAN)
        painter.save()
        painter.scale(1 / sight.ratio, 1 / sight.ratio)
        painter.drawPixmap(0, 0, self._kept)
        painter.restore()

    def _bring_up_to_date(self, sight: Sight, *, moving: bool) -> None:
        before, exact = self._sight, self._exact and sight == self._sight
        changed = self._changed(sight)
        if before is not None and (moving or exact):
            missing = self._moved_along(before, sight, changed)
        else:
            missing = None
        self._exact = exact or missing is None
        if missing is None:
            self._sight, missing = sight, QRegion(0, 0, *sight.pixels)
            if self._kept.size().toTuple() != sight.pixels:
                self._kept = QPixmap(*sight.pixels)
        self._repaint(missing)

    def _changed(self, sight: Sight) -> list[TilePlace]:
        """Tiles in sight that are not painted as they would be now."""
        scale, size = sight.viewport.scale * sight.ratio, sight.size
        seen = tiles_in(sight.viewport.region, zoom_for(scale, size), size)
        before = self._sources
        self._sources = {p: sources_of(self._cache, p, size).keys for p in seen}
        return [p for p, keys in self._sources.items() if keys != before.get(p)]

    def _moved_along(
        self, before: Sight, sight: Sight, changed: list[TilePlace]
    ) -> QRegion | None:
        """Move the kept picture: what is missing of it then; None: all of it."""
        shift = sight.shift_from(before)
        if shift is None or (sight.viewport.angle != 0 and changed):
            return None
        missing, whole = QRegion(), self._kept.rect()
        if any(shift):
            self._kept.scroll(*shift, whole, missing)
            away = (pixels / sight.ratio for pixels in shift)
            sight = replace(sight, viewport=before.viewport.panned(*away))
            self._sight = sight
        for place in changed:
            missing += device_rect(place, sight.viewport, sight.size, sight.ratio)
        missing &= whole
        return (
            missing
            if _area(_parts(missing)) < MOST * whole.width() * whole.height()
            else None
        )

    def _repaint(self, missing: QRegion) -> None:
        """Paint parts of the kept picture, in device pixels."""
        assert self._sight is not None
        for part in _parts(missing):
            painter = QPainter(self._kept)
            painter.setClipRect(part)
            painter.scale(self._sight.ratio, self._sight.ratio)
            _paint(painter, self._cache, self._sight)
            painter.end()


def _paint(
    painter: QPainter, cache: TileCache, sight: Sight, zoom: int | None = None
) -> None:
    view = sight.viewport
    painter.fillRect(QRectF(0, 0, view.width, view.height), sight.ground)
    with turning(painter, view):
        paint_tiles(painter, cache, view.upright, sight.size, sight.ratio, zoom=zoom)


def _area(parts: list[QRect]) -> int:
    return sum(part.width() * part.height() for part in parts)


def _parts(region: QRegion) -> list[QRect]:
    """The rectangles of a region; the stubs of PySide do not know that it has them."""
    return list(region)  # pyright: ignore
