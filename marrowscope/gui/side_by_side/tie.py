"""How two views are tied: where one is, given where the other is. Arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marrowscope.gui.slide_view.viewport import Viewport, turned_vector


@dataclass(frozen=True, slots=True)
class Tie:
    """The level-0 point `here` of one slide lies where `there` of the other does.

    `ratio`: level-0 pixels of the other for one of this; `turn`: degrees that the other
    is turned clockwise against this. A fixed relation, so that nothing drifts.
    """

    here: tuple[float, float]
    there: tuple[float, float]
    ratio: float
    turn: float

    @classmethod
    def between(cls, one: Viewport, other: Viewport, *, ratio: float) -> Tie:
        """The middles as they are now lie at the same place."""
        turn = other.angle - one.angle
        return cls((one.x, one.y), (other.x, other.y), ratio, turn)

    @property
    def reversed(self) -> Tie:
        """The same relation, from the other to this."""
        return Tie(self.there, self.here, 1 / self.ratio, -self.turn)

    def carried(self, one: Viewport, other: Viewport) -> Viewport:
        """The other view, brought to where `one` is: place, magnification, angle."""
        away = one.x - self.here[0], one.y - self.here[1]
        dx, dy = turned_vector(*away, -self.turn)
        moved = replace(
            other,
            x=self.there[0] + self.ratio * dx,
            y=self.there[1] + self.ratio * dy,
            scale=one.scale / self.ratio,
        )
        middle = (other.width / 2, other.height / 2)
        return moved.turned(one.angle + self.turn, at=middle)
