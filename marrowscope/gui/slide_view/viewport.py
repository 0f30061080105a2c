"""Where the reader is on the slide: arithmetic between screen and level-0 pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box

FIT_MARGIN = 0.96
MAX_SCALE = 16.0  # logical screen pixels per level-0 pixel


@dataclass(frozen=True, slots=True)
class Viewport:
    """`x`, `y` (level-0 pixels) lie in the middle of `width` by `height` screen pixels.

    `scale` is logical screen pixels per level-0 pixel; the picture is turned clockwise
    by `angle` degrees around that middle.
    """

    x: float
    y: float
    scale: float
    width: float
    height: float
    angle: float = 0.0

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height, in screen pixels along the slide's axes, of what is seen.

        For a turned picture, of the upright rectangle that holds it.
        """
        cos, sin = (abs(part) for part in _cos_sin(self.angle))
        return (
            self.width * cos + self.height * sin,
            self.width * sin + self.height * cos,
        )

    @property
    def upright(self) -> Viewport:
        """The same place not turned, large enough to hold all that is seen.

        Layers of the slide are painted in it, under a painter that turns.
        """
        if self.angle == 0:
            return self
        width, height = self.extent
        return replace(self, width=width, height=height, angle=0.0)

    @property
    def region(self) -> Box:
        """What is seen, in level-0 pixels; may reach beyond the slide."""
        width, height = (side / self.scale for side in self.extent)
        return Box(self.x - width / 2, self.y - height / 2, width, height)

    def to_slide(self, x: float, y: float) -> tuple[float, float]:
        """A screen point in level-0 pixels."""
        dx, dy = turned_vector(x - self.width / 2, y - self.height / 2, -self.angle)
        return self.x + dx / self.scale, self.y + dy / self.scale

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """A level-0 point in logical screen pixels."""
        dx, dy = turned_vector(
            (x - self.x) * self.scale, (y - self.y) * self.scale, self.angle
        )
        return dx + self.width / 2, dy + self.height / 2

    def all_to_screen(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Level-0 points (N, 2) in logical screen pixels (N, 2)."""
        cos, sin = _cos_sin(self.angle)
        turn = self.scale * np.asarray([[cos, sin], [-sin, cos]])
        away = points.astype(np.float64) - (self.x, self.y)
        return away @ turn + (self.width / 2, self.height / 2)

    def box_to_screen(self, box: Box) -> Box:
        """The upright screen rectangle around a box of the slide."""
        x, y = self.to_screen(*box.centre)
        cos, sin = (abs(part) * self.scale for part in _cos_sin(self.angle))
        width = box.width * cos + box.height * sin
        height = box.width * sin + box.height * cos
        return Box(x - width / 2, y - height / 2, width, height)

    def panned(self, dx: float, dy: float) -> Viewport:
        """The picture moved by screen pixels; to the right for positive `dx`."""
        dx, dy = turned_vector(dx, dy, -self.angle)
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)

    def zoomed(self, scale: float, *, at: tuple[float, float]) -> Viewport:
        """Another scale; the slide point under the screen point `at` is kept there."""
        return replace(self, scale=scale).keeping(self.to_slide(*at), at=at)

    def turned(self, angle: float, *, at: tuple[float, float]) -> Viewport:
        """Turned to `angle` degrees, the slide point under `at` kept there."""
        angle = (angle + 180.0) % 360.0 - 180.0
        return replace(self, angle=angle).keeping(self.to_slide(*at), at=at)

    def keeping(
        self, point: tuple[float, float], *, at: tuple[float, float]
    ) -> Viewport:
        """Moved so that a point of the slide lies under the screen point `at`."""
        x, y = self.to_screen(*point)
        return self.panned(at[0] - x, at[1] - y)

    def centred(self, x: float, y: float) -> Viewport:
        return replace(self, x=x, y=y)

    def resized(self, width: float, height: float) -> Viewport:
        """Another widget size; the middle stays the middle."""
        return replace(self, width=max(width, 1.0), height=max(height, 1.0))

    def kept_on(self, slide: tuple[int, int]) -> Viewport:
        """Scale within its limits, and the middle on the slide."""
        smallest = fit_scale(slide, *self.extent) / 2
        return replace(
            self,
            scale=min(max(self.scale, smallest), MAX_SCALE),
            x=min(max(self.x, 0.0), float(slide[0])),
            y=min(max(self.y, 0.0), float(slide[1])),
        )


def fit_scale(slide: tuple[float, float], width: float, height: float) -> float:
    """The scale at which the whole slide is just seen."""
    return FIT_MARGIN * min(width / slide[0], height / slide[1], MAX_SCALE)


def fitting(
    slide: tuple[int, int], width: float, height: float, angle: float = 0.0
) -> Viewport:
    """The whole slide in a widget of this size, turned by `angle` degrees."""
    width, height = max(width, 1.0), max(height, 1.0)
    # What the slide spans on the screen when it is turned.
    spans = Viewport(0, 0, 1, slide[0], slide[1], angle).extent
    scale = fit_scale(spans, width, height)
    return Viewport(slide[0] / 2, slide[1] / 2, scale, width, height, angle)


def _cos_sin(degrees: float) -> tuple[float, float]:
    """Exact at right angles, where the picture must stay on whole pixels."""
    quarter, rest = divmod(degrees, 90.0)
    if rest == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def turned_vector(x: float, y: float, degrees: float) -> tuple[float, float]:
    """A vector turned clockwise on a screen, whose y points down."""
    if degrees == 0:
        return x, y
    cos, sin = _cos_sin(degrees)
    return x * cos - y * sin, x * sin + y * cos
