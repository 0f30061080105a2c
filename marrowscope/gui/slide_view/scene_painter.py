"""Painting a scene, smear and layers: anew, or from what was painted last.

While a view zooms, what was painted last is enlarged or shrunk as one picture, which
takes a third of the time; where that does not reach, the scene is painted. When it has
gone far, and once it has come to rest, all is painted anew.
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.cells_layer import CellsLayer
from marrowscope.gui.slide_view.layers import Layers, Scene
from marrowscope.gui.slide_view.pace import Pace
from marrowscope.gui.slide_view.smear_picture import Sight, SmearPicture
from marrowscope.gui.slide_view.tile_cache import TileCache

MARKED = 24  # device pixels that letters and lines stand out of a cell's box
FURTHEST = 1.7  # times larger or smaller than it was painted


class ScenePainter:
    """Paints tiles of a cache and layers, the cells among them."""

    def __init__(self, cache: TileCache, layers: Layers, cells: CellsLayer) -> None:
        self._smear, self._layers = SmearPicture(cache), layers
        self._cells = cells
        self._kept = QPixmap()
        self._painted: tuple[Scene, bool] | None = None  # what is kept; by density?

    def outdate(self) -> None:
        """Something looks otherwise now: nothing of what was painted is used again."""
        self._painted = None

    def paint(
        self, painter: QPainter, scene: Scene, ground: QColor, pace: Pace
    ) -> None:
        """Paint all; beside the slide there is `ground`."""
        view, ratio = scene.viewport, scene.device_ratio
        sight = Sight(view, scene.size, ratio, ground)
        dense = self._cells.too_many(scene)
        if pace is Pace.PAN:
            self._paint_beneath(painter, scene, sight, pace)
            self._painted = None
        else:
            if pace is Pace.REST or not self._near(scene, dense):
                self._paint_anew(scene, sight, pace)
                self._painted = scene, dense
            self._paint_kept(painter, scene, sight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._layers.paint_above(painter, scene)

    def _near(self, scene: Scene, dense: bool) -> bool:
        """Whether the picture kept is of the same, not much smaller or larger."""
        if self._painted is None or self._painted[1] != dense:
            return False
        before, now = self._painted[0].viewport, scene.viewport
        moved = replace(before, x=now.x, y=now.y, scale=now.scale)
        far = max(now.scale / before.scale, before.scale / now.scale)
        return replace(self._painted[0], viewport=moved) == scene and far <= FURTHEST

    def _paint_anew(self, scene: Scene, sight: Sight, pace: Pace) -> None:
        if self._kept.size().toTuple() != sight.pixels:
            self._kept = QPixmap(*sight.pixels)
        painter = QPainter(self._kept)
        painter.scale(sight.ratio, sight.ratio)
        self._paint_beneath(painter, scene, sight, pace)
        painter.end()

    def _paint_beneath(
        self, painter: QPainter, scene: Scene, sight: Sight, pace: Pace
    ) -> None:
        self._smear.paint(painter, sight, pace)
        self._paint_layers(painter, scene)

    def _paint_layers(self, painter: QPainter, scene: Scene) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._layers.paint_beneath(painter, scene)

    def _paint_kept(self, painter: QPainter, scene: Scene, sight: Sight) -> None:
        """What is kept where it lies in the scene now, and around it what it lacks."""
        assert self._painted is not None
        view, (painted, dense) = scene.viewport, self._painted
        before = painted.viewport
        painter.save()
        painter.scale(1 / sight.ratio, 1 / sight.ratio)
        if view == before:
            painter.drawPixmap(0, 0, self._kept)
        else:
            x, y = (c * sight.ratio for c in view.to_screen(*before.to_slide(0, 0)))
            larger, (width, height) = view.scale / before.scale, sight.pixels
            place = QRectF(x, y, larger * width, larger * height)
            self._paint_around(painter, place, scene, sight, dense=dense)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, self._kept, QRectF(self._kept.rect()))
        painter.restore()

    def _paint_around(
        self,
        painter: QPainter,
        place: QRectF,
        scene: Scene,
        sight: Sight,
        *,
        dense: bool,
    ) -> None:
        """The scene where a picture at `place` (device pixels) does not cover it."""
        inner = _inside(place)
        around = QRegion(0, 0, *sight.pixels) - QRegion(inner)
        if around.isEmpty():
            return
        painter.save()
        painter.setClipRegion(around)
        painter.scale(sight.ratio, sight.ratio)
        self._smear.paint(painter, sight, Pace.ZOOM)
        # Lines in a region of several rectangles take longer than those hidden beneath
        # the picture, which comes over them.
        painter.setClipping(dense)
        self._paint_layers(painter, replace(scene, covered=_on_slide(inner, sight)))
        painter.restore()


def _on_slide(inner: QRect, sight: Sight) -> Box:
    """Level-0 pixels under device pixels, less what marks of cells reach beyond them.

    Nothing in a turned view.
    """
    view, ratio = sight.viewport, sight.ratio
    inner = inner.adjusted(MARKED, MARKED, -MARKED, -MARKED)
    if view.angle != 0 or inner.isEmpty():
        return Box(view.x, view.y, 0, 0)
    x, y = view.to_slide(inner.left() / ratio, inner.top() / ratio)
    scale = ratio * view.scale
    return Box(x, y, inner.width() / scale, inner.height() / scale)


def _inside(place: QRectF) -> QRect:
    """The whole pixels that a rectangle covers."""
    left, top = math.ceil(place.left()), math.ceil(place.top())
    right, bottom = math.floor(place.right()), math.floor(place.bottom())
    return QRect(left, top, right - left, bottom - top)
