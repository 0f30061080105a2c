"""Composed fields with a box for every red cell and platelet that can be made out."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from marrowscope.training.locator.canvas import Canvas, Stamp
from marrowscope.training.locator.composing import Composer
from marrowscope.training.mori.boxed_field import BoxedField, boxed

# Of a thing's area that must be free of others for a person to box it.
MADE_OUT = 0.7
SMALLEST = 12  # pixels


class RememberingCanvas(Canvas):
    """A canvas that keeps which pixels each red cell or platelet was laid on last."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.things = np.zeros((size, size), np.int32)
        self.areas: list[int] = []

    def lay_background(self, stamp: Stamp, x: float, y: float) -> None:
        """Lay a red cell or platelet and remember where."""
        super().lay_background(stamp, x, y)
        place = stamp.at(x, y, self.things.shape)
        if place is None:
            return
        window, _, alpha, _ = place
        solid = alpha > 0.5
        self.areas.append(int(solid.sum()))
        self.things[window][solid] = len(self.areas)

    def made_out(self) -> np.ndarray:
        """(M, 4) x, y, right, bottom of what still shows for the most part."""
        free = np.where(self.cells > 0, 0, self.things)
        seen = np.bincount(free.ravel(), minlength=len(self.areas) + 1)[1:]
        boxes = []
        for place, area, left in zip(
            ndimage.find_objects(free), self.areas, seen, strict=False
        ):
            if place is not None and left >= max(MADE_OUT * area, SMALLEST):
                rows, columns = place
                boxes.append((columns.start, rows.start, columns.stop, rows.stop))
        return np.array(boxes, np.float64).reshape(-1, 4)


def composed_field(composer: Composer, rng: np.random.Generator) -> BoxedField:
    """One field of the composer, its background boxed as well."""
    canvas = RememberingCanvas(composer.size)
    field = composer.compose(rng, canvas=canvas)
    return boxed(field, canvas.made_out())
