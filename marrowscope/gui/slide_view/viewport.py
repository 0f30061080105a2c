"""Where the reader is on the slide: arithmetic between screen and level-0 pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marrowscope.domain.geometry import Box

FIT_MARGIN = 0.96
MAX_SCALE = 16.0  # logical screen pixels per level-0 pixel


@dataclass(frozen=True, slots=True)
class Viewport:
    """`x`, `y` (level-0 pixels) lie in the middle of `width` by `height` screen pixels.

    `scale` is logical screen pixels per level-0 pixel.
    """

    x: float
    y: float
    scale: float
    width: float
    height: float

    @property
    def region(self) -> Box:
        """What is seen, in level-0 pixels; may reach beyond the slide."""
        width, height = self.width / self.scale, self.height / self.scale
        return Box(self.x - width / 2, self.y - height / 2, width, height)

    def to_slide(self, x: float, y: float) -> tuple[float, float]:
        """A screen point in level-0 pixels."""
        return (
            self.x + (x - self.width / 2) / self.scale,
            self.y + (y - self.height / 2) / self.scale,
        )

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """A level-0 point in logical screen pixels."""
        return (
            (x - self.x) * self.scale + self.width / 2,
            (y - self.y) * self.scale + self.height / 2,
        )

    def box_to_screen(self, box: Box) -> Box:
        left, top = self.to_screen(box.x, box.y)
        return Box(left, top, box.width * self.scale, box.height * self.scale)

    def panned(self, dx: float, dy: float) -> Viewport:
        """The picture moved by screen pixels; to the right for positive `dx`."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)

    def zoomed(self, scale: float, *, at: tuple[float, float]) -> Viewport:
        """Another scale; the slide point under the screen point `at` is kept there."""
        x, y = self.to_slide(*at)
        return replace(
            self,
            x=x - (at[0] - self.width / 2) / scale,
            y=y - (at[1] - self.height / 2) / scale,
            scale=scale,
        )

    def centred(self, x: float, y: float) -> Viewport:
        return replace(self, x=x, y=y)

    def resized(self, width: float, height: float) -> Viewport:
        """Another widget size; the middle stays the middle."""
        return replace(self, width=max(width, 1.0), height=max(height, 1.0))

    def kept_on(self, slide: tuple[int, int]) -> Viewport:
        """Scale within its limits, and the middle on the slide."""
        smallest = fit_scale(slide, self.width, self.height) / 2
        return replace(
            self,
            scale=min(max(self.scale, smallest), MAX_SCALE),
            x=min(max(self.x, 0.0), float(slide[0])),
            y=min(max(self.y, 0.0), float(slide[1])),
        )


def fit_scale(slide: tuple[int, int], width: float, height: float) -> float:
    """The scale at which the whole slide is just seen."""
    return FIT_MARGIN * min(width / slide[0], height / slide[1], MAX_SCALE)


def fitting(slide: tuple[int, int], width: float, height: float) -> Viewport:
    """The whole slide in a widget of this size."""
    width, height = max(width, 1.0), max(height, 1.0)
    scale = fit_scale(slide, width, height)
    return Viewport(slide[0] / 2, slide[1] / 2, scale, width, height)
