"""Painting a scene, smear and layers: from what was painted last, or anew.

While a view zooms, what was painted last is enlarged or shrunk as one picture, which
takes a third of the time; around it lies a wider picture, and where neither reaches the
scene is painted. While it is dragged what was painted moves along, and only what comes
into sight is painted. When it has come to rest a worker paints it anew to the last
pixel, so that no frame takes the time of that.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QRect, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.cells_layer import CellsLayer
from marrowscope.gui.slide_view.layers import Drawing, Layers, Scene
from marrowscope.gui.slide_view.pace import Pace
from marrowscope.gui.slide_view.picture_making import (
    MadePicture,
    PictureMaker,
    PictureRequest,
    Use,
)
from marrowscope.gui.slide_view.scene_picture import ScenePicture, inside, paint_parts
from marrowscope.gui.slide_view.smear_picture import (
    Sight,
    Smear,
    SmearPicture,
    parts,
    smear_of,
)
from marrowscope.gui.slide_view.tile_loading import TileLoader

FURTHEST = 1.7  # times larger or smaller than it was painted
FAR = 1.2  # the same: from there on a nearer picture is made meanwhile
WIDER = 1.5  # times as much is seen in the wide picture: a notch at any edge
QUIET = 150  # milliseconds at rest before it is made


class ScenePainter(QObject):
    """Paints tiles of a cache and layers, the cells among them.

    `made` says that a better picture of the scene is there.
    """

    made = Signal()

    def __init__(
        self,
        session: CaseSession,
        loader: TileLoader,
        layers: Layers,
        cells: CellsLayer,
    ) -> None:
        super().__init__(cells)
        self._cache, self._layers, self._cells = loader.cache, layers, cells
        self._maker = PictureMaker(session.runner, self)
        self._maker.made.connect(self._on_made)
        self._smear = SmearPicture()
        self._kept: ScenePicture | None = None
        self._wide: ScenePicture | None = None
        self._version = 0
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self._widen)

    def outdate(self) -> None:
        """Something looks otherwise now: nothing of what was painted is used again."""
        self._kept = self._wide = None
        self._version += 1

    @property
    def settled(self) -> bool:
        """False while the picture of a view that has come to rest is being made."""
        return not self._maker.making(Use.SHARP)

    def sharpen(self, scene: Scene, ground: QColor) -> bool:
        """The view has come to rest: have it painted to the last pixel.

        False where there is nothing to be seen until then.
        """
        near = self._near(scene) is not None
        if near:
            smear = smear_of(self._cache, _sight(scene, ground))
            self._ask(Use.SHARP, self._styled(scene), smear)
        return near

    def paint(
        self, painter: QPainter, scene: Scene, ground: QColor, pace: Pace
    ) -> None:
        """Paint all; beside the slide there is `ground`."""
        sight = _sight(scene, ground)
        painter.save()
        painter.scale(1 / sight.ratio, 1 / sight.ratio)
        if pace is Pace.PAN:
            kept = self._pan(self._styled(scene), sight)
            painter.drawPixmap(0, 0, kept.picture)
        else:
            bring = self._rest if pace is Pace.REST else self._zoom
            self._draw(painter, bring(scene, sight), sight)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._layers.paint_above(painter, scene)

    def _styled(self, scene: Scene) -> Scene:
        return replace(scene, style=self._cells.style(scene))

    def _near(self, scene: Scene) -> ScenePicture | None:
        """The picture kept, if it is of the same and not much smaller or larger."""
        kept = self._kept
        near = kept is not None and kept.like(scene) and kept.far(scene) <= FURTHEST
        return kept if near else None

    # Each pace: what is drawn -----------------------------------------------------

    def _rest(self, scene: Scene, sight: Sight) -> ScenePicture:
        smear, near = smear_of(self._cache, sight), self._near(scene)
        if near is not None:
            there = near.of(scene) and near.exact and self._smear.shows(smear)
            if there or self._maker.sharpens(scene):
                return near
        tiles = partial(self._smear.paint, smear=smear)
        painted = self._painted(self._styled(scene), smear, tiles)
        painted.exact = True
        return self._keep(painted)

    def _zoom(self, scene: Scene, sight: Sight) -> ScenePicture:
        near, dense = self._near(scene), self._cells.dense(scene)
        if near is None:
            smear = smear_of(self._cache, sight, moving=True)
            self._kept = self._painted(self._styled(scene), smear, smear.paint)
            return self._kept
        if near.dense != dense or near.far(scene) > FAR:
            self._improve(Use.NEAR, self._styled(scene), sight)
        return near

    def _pan(self, scene: Scene, sight: Sight) -> ScenePicture:
        scene, smear = self._styled(scene), smear_of(self._cache, sight)
        kept = self._kept
        missing = None if kept is None else kept.move_to(scene, smear)
        if kept is None or missing is None:
            kept = self._kept = self._painted(scene, smear, smear.paint)
        else:
            kept.repaint(missing, self._layers)
        self._note(scene)
        return kept

    def _painted(self, scene: Scene, smear: Smear, tiles: Drawing) -> ScenePicture:
        picture = QPixmap(*smear.sight.pixels)
        painter = QPainter(picture)
        painter.scale(smear.sight.ratio, smear.sight.ratio)
        tiles(painter)
        self._layers.beneath(scene)(painter)
        painter.end()
        return ScenePicture(scene, smear, picture)

    def _keep(self, picture: ScenePicture) -> ScenePicture:
        """The view at rest is painted."""
        self._kept, self._wide = picture, None
        self._quiet.start()
        self._note(picture.scene)
        return picture

    def _note(self, scene: Scene) -> None:
        if not self._layers.hidden:
            self._cells.note(scene)

    # Where it lies now ------------------------------------------------------------

    def _draw(self, painter: QPainter, kept: ScenePicture, sight: Sight) -> None:
        """What is kept where it lies in the scene now, and around it what it lacks."""
        around = QRegion(0, 0, *sight.pixels) - QRegion(inside(kept.place(sight)))
        if not around.isEmpty():
            scene = replace(kept.scene, viewport=sight.viewport)
            self._draw_around(painter, around, scene, sight)
        kept.draw(painter, sight)

    def _draw_around(
        self, painter: QPainter, around: QRegion, scene: Scene, sight: Sight
    ) -> None:
        wide, reach = self._wide, QRect()
        if wide is not None and wide.like(scene):
            reach = inside(wide.place(sight))
            for part in parts(around & reach):
                painter.setClipRect(part)
                wide.draw(painter, sight)
            painter.setClipping(False)
        bare = around - QRegion(reach)
        if not bare.isEmpty():
            smear = smear_of(self._cache, sight, moving=True)
            paint_parts(painter, bare, scene, smear, self._layers)
            self._improve(Use.WIDE, _widened(scene), sight)

    # Pictures that a worker makes ----------------------------------------------------

    def _improve(self, use: Use, scene: Scene, sight: Sight) -> None:
        """Have another picture for the frames to come, unless one is coming."""
        if not self._maker.making(use):
            sight = replace(sight, viewport=scene.viewport)
            self._ask(use, scene, smear_of(self._cache, sight, moving=True))

    def _ask(self, use: Use, scene: Scene, smear: Smear) -> None:
        drawing = self._layers.beneath(scene)
        self._maker.ask(PictureRequest(use, self._version, scene, smear, drawing))

    @Slot()
    def _widen(self) -> None:
        if self._kept is not None and self._kept.exact:
            scene, sight = self._kept.scene, self._kept.smear.sight
            self._improve(Use.WIDE, _widened(scene), sight)

    @Slot(object)
    def _on_made(self, made: MadePicture) -> None:
        request, picture = made.request, QPixmap.fromImage(made.whole)
        if request.use is Use.SHARP:
            self._smear.take(request.smear, QPixmap.fromImage(made.smear))
        if request.version != self._version:
            return
        painted = ScenePicture(request.scene, request.smear, picture)
        if request.use is Use.WIDE:
            self._wide = painted
        elif request.use is Use.SHARP:
            painted.exact = True
            self._keep(painted)
            self.made.emit()
        elif self._kept is None or not self._kept.exact:
            self._kept = painted


def _sight(scene: Scene, ground: QColor) -> Sight:
    return Sight(scene.viewport, scene.size, scene.device_ratio, ground)


def _widened(scene: Scene) -> Scene:
    view = scene.viewport
    return replace(scene, viewport=replace(view, scale=view.scale / WIDER))
