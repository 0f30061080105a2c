"""What is painted over the smear, in layers that know nothing of each other.

A layer paints one thing: the boxes, the regions, a heat map, the scale bar. Those of
the slide paint in `Scene.frame`, upright, under a painter that turns with the picture;
those of the screen paint in `Scene.viewport`, over everything, never turned.

What lies beneath the marks takes longest and is painted on a worker as well: such a
layer gives a drawing, which holds all that it paints and asks nothing of the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Protocol

from PySide6.QtGui import QPainter

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import Appearance


class Level(IntEnum):
    """How high a layer lies; the first is painted first."""

    GROUND = 0  # on the smear, beneath the cells: fields, zones
    CELLS = 1
    MARKS = 2  # over the cells, turning with them: regions, measured lines
    SCREEN = 3  # over everything, never turned: scale bar, rubber band


class CellStyle(Enum):
    """How the cells of a scene are drawn."""

    DENSITY = auto()
    OUTLINED = auto()
    MARKED = auto()  # outlined, with letters and ticks


@dataclass(frozen=True, slots=True)
class Scene:
    """The slide as it is shown at this moment.

    `slide`: its number in the case; `size`: its level-0 pixels; `mpp`: microns per
    level-0 pixel, None when uncalibrated; `device_ratio`: device pixels per logical
    screen pixel. `needed`: level-0 pixels that are to be painted, where not all are;
    `style`: of the cells, where it is not that which they have in this scene.
    """

    slide: int
    size: tuple[int, int]
    mpp: float | None
    viewport: Viewport
    device_ratio: float
    appearance: Appearance
    needed: Box | None = None
    style: CellStyle | None = None

    @property
    def frame(self) -> Viewport:
        """Where layers of the slide paint: the viewport, not turned."""
        return self.viewport.upright


class Layer(Protocol):
    """Something painted over the smear. Whoever changes it calls the view's update."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint in a few milliseconds at most; nothing is read or computed here.

        The painter's state may be left changed.
        """
        ...


Drawing = Callable[[QPainter], None]


class Ground(Protocol):
    """Something painted beneath the marks. Whoever changes it has the view outdated."""

    def drawing(self, scene: Scene) -> Drawing | None:
        """What is to be painted, on any thread and at any time; None: nothing."""
        ...


class Optional(Protocol):
    """A layer that paints only while it is `shown`."""

    shown: bool


class Layers:
    """The layers of a view, by level; within a level in the order they came.

    `hidden`: the bare smear is wanted, nothing over it.
    """

    def __init__(self) -> None:
        self.hidden = False
        self._layers: list[tuple[Level, Layer]] = []
        self._ground: list[tuple[Level, Ground]] = []

    def add(self, layer: Layer, level: Level) -> None:
        self._layers.append((level, layer))
        self._layers.sort(key=lambda pair: pair[0])

    def add_ground(self, layer: Ground, level: Level) -> None:
        self._ground.append((level, layer))
        self._ground.sort(key=lambda pair: pair[0])

    def remove(self, layer: Layer) -> None:
        self._layers = [pair for pair in self._layers if pair[1] is not layer]

    def beneath(self, scene: Scene) -> Drawing:
        """The ground and the cells; what one does reaches no other."""
        ground = [] if self.hidden else self._ground
        made = (layer.drawing(scene) for _, layer in ground)
        drawings = [drawing for drawing in made if drawing is not None]

        def draw(painter: QPainter) -> None:
            with turning(painter, scene.viewport):
                for drawing in drawings:
                    painter.save()
                    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                    drawing(painter)
                    painter.restore()

        return draw

    def paint_above(self, painter: QPainter, scene: Scene) -> None:
        """Paint the marks, and what lies over everything."""
        with turning(painter, scene.viewport):
            self._paint(painter, scene, Level.MARKS)
        self._paint(painter, scene, Level.SCREEN)

    def _paint(self, painter: QPainter, scene: Scene, wanted: Level) -> None:
        for level, layer in [] if self.hidden else self._layers:
            if level is wanted:
                painter.save()
                layer.paint(painter, scene)
                painter.restore()


@contextmanager
def turning(painter: QPainter, viewport: Viewport) -> Iterator[None]:
    """A painter whose coordinates are those of `viewport.upright`."""
    painter.save()
    if viewport.angle != 0:
        width, height = viewport.extent
        painter.translate(viewport.width / 2, viewport.height / 2)
        painter.rotate(viewport.angle)
        painter.translate(-width / 2, -height / 2)
    yield
    painter.restore()


@contextmanager
def unturned(painter: QPainter, viewport: Viewport) -> Iterator[None]:
    """Within `turning`: a painter whose coordinates are those of the screen again."""
    painter.save()
    if viewport.angle != 0:
        width, height = viewport.extent
        painter.translate(width / 2, height / 2)
        painter.rotate(-viewport.angle)
        painter.translate(-viewport.width / 2, -viewport.height / 2)
    yield
    painter.restore()
