"""A scene as it was painted once: moved along and scaled until it is painted anew."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QRegion

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.layers import CellStyle, Layers, Scene
from marrowscope.gui.slide_view.smear_picture import MOST, Sight, Smear, area, parts

HAIR = 1e-6  # device pixels: what is lost in reckoning is nowhere bare
MARKED = 24  # device pixels that letters and lines stand out of a cell's box


@dataclass(slots=True, eq=False)
class ScenePicture:
    """Smear and layers beneath the marks, where they lay when they were painted.

    `exact`: as a view at rest is, not moved there by whole pixels nor of coarser tiles.
    """

    scene: Scene
    smear: Smear
    picture: QPixmap
    exact: bool = False

    @property
    def dense(self) -> bool:
        """Whether cells are shown as density."""
        return self.scene.style is CellStyle.DENSITY

    def of(self, scene: Scene) -> bool:
        """Whether it shows this very scene."""
        return replace(self.scene, style=scene.style) == scene

    def like(self, scene: Scene) -> bool:
        """Whether it shows the same, at whatever place and scale."""
        now, before = scene.viewport, self.scene.viewport
        moved = replace(before, x=now.x, y=now.y, scale=now.scale)
        return replace(self.scene, viewport=moved, style=scene.style) == scene

    def far(self, scene: Scene) -> float:
        """How many times larger or smaller than the scene it was painted."""
        share = scene.viewport.scale / self.scene.viewport.scale
        return max(share, 1 / share)

    def place(self, sight: Sight) -> QRectF:
        """Where it lies now, in device pixels."""
        before, view = self.scene.viewport, sight.viewport
        x, y = (c * sight.ratio for c in view.to_screen(*before.to_slide(0, 0)))
        larger = view.scale / before.scale
        size = self.picture.size()
        return QRectF(x, y, larger * size.width(), larger * size.height())

    def draw(self, painter: QPainter, sight: Sight) -> None:
        """Draw it where it lies now, under a painter of device pixels."""
        if sight.viewport == self.scene.viewport:
            painter.drawPixmap(0, 0, self.picture)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            whole = QRectF(self.picture.rect())
            painter.drawPixmap(self.place(sight), self.picture, whole)

    def move_to(self, scene: Scene, smear: Smear) -> QRegion | None:
        """Move it along by whole pixels; the device pixels that are to be painted then.

        None where most are, or where it is another picture.
        """
        before, now = self.smear.sight, smear.sight
        shift = now.shift_from(before)
        if shift is None or scene.style is not self.scene.style:
            return None
        away = (pixels / now.ratio for pixels in shift)
        near = replace(now, viewport=before.viewport.panned(*away))
        changed = smear.changed_since(self.smear, near)
        if changed is None:
            return None
        missing, whole = QRegion(), self.picture.rect()
        if any(shift):
            self.picture.scroll(*shift, whole, missing)
        self.scene = replace(scene, viewport=near.viewport)
        self.smear, self.exact = Smear(near, smear.tiles), False
        missing = (missing + changed) & whole
        few = area(missing) < MOST * whole.width() * whole.height()
        return missing if few else None

    def repaint(self, missing: QRegion, layers: Layers) -> None:
        """Paint parts of it, in device pixels."""
        painter = QPainter(self.picture)
        paint_parts(painter, missing, self.scene, self.smear, layers)
        painter.end()


def paint_parts(
    painter: QPainter, region: QRegion, scene: Scene, smear: Smear, layers: Layers
) -> None:
    """Paint parts of a scene, one after another, under a painter of device pixels."""
    for part in parts(region):  # clipping to a single rectangle costs nothing
        painter.save()
        painter.setClipRect(part)
        painter.scale(smear.sight.ratio, smear.sight.ratio)
        needed = _on_slide(part, smear.sight)
        smear.paint(painter, needed)
        layers.beneath(replace(scene, needed=needed))(painter)
        painter.restore()


def _on_slide(part: QRect, sight: Sight) -> Box:
    """Level-0 pixels around device pixels, and as far as marks of cells reach them."""
    ratio, part = sight.ratio, part.adjusted(-MARKED, -MARKED, MARKED, MARKED)
    sides = [(part.left(), part.right() + 1), (part.top(), part.bottom() + 1)]
    corners = [
        sight.viewport.to_slide(x / ratio, y / ratio)
        for x in sides[0]
        for y in sides[1]
    ]
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def inside(place: QRectF) -> QRect:
    """The whole pixels that a rectangle covers."""
    left, top = (math.ceil(edge - HAIR) for edge in (place.left(), place.top()))
    right, bottom = (math.floor(e + HAIR) for e in (place.right(), place.bottom()))
    return QRect(left, top, right - left, bottom - top)
