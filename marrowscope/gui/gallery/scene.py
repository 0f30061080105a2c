"""The part of a wall that is in sight, and all that decides how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.gallery.arranging import Arrangement, Group
from marrowscope.gui.gallery.layout import Rows, WallLayout
from marrowscope.gui.gallery.wall_cells import WallCells
from marrowscope.gui.theme import Appearance


@dataclass(frozen=True, slots=True)
class WallScene:
    """The wall as it is shown now: `top` of the whole is at the top of the `size`.

    `says`: what a heading says beside its name; `aside`: what all say at the right.
    """

    cells: WallCells
    wall: Arrangement
    layout: WallLayout
    selected: NDArray[np.bool_]  # (N,) by row of the table
    current: int | None  # the place that is looked at
    target: int | None  # the heading something is dragged over
    hovered: int | None  # the heading under the mouse
    heading: int | None  # the heading the keyboard stands on
    top: int
    size: tuple[int, int]
    ratio: float
    blind: bool
    says: Callable[[Group], str]
    aside: str
    lettered: bool
    appearance: Appearance

    def parts(self) -> Iterator[Rows]:
        """Rows of tiles in sight."""
        return self.layout.in_sight(self.top, self.top + self.size[1])
