"""Which cells and slides look unlike the pictures their model was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_table import CellTable

# Of the training crops one in two hundred is beyond the limit; of the cells of a
# laboratory never seen that stains in the usual way, few more.
MARKED = 0.2


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of `cells` measured cells of a slide, `unlike` look unlike the training."""

    cells: int
    unlike: int

    @property
    def share(self) -> float:
        """Part of the cells that look unlike, 0 to 1; 0 without any."""
        return self.unlike / self.cells if self.cells else 0.0

    @property
    def marked(self) -> bool:
        """Whether the slide as a whole is outside what the model was tested on."""
        return self.share > MARKED


def is_unlike(strangeness: float) -> bool:
    """Whether one cell is marked; never where nothing was measured."""
    return strangeness > 1.0


def likeness_by_slide(table: CellTable) -> Mapping[int, Likeness]:
    """Every slide that has cells whose look was measured."""
    cells = np.bincount(table.slide[~np.isnan(table.strangeness)])
    unlike = np.bincount(table.slide[table.strangeness > 1], minlength=len(cells))
    return {
        int(number): Likeness(int(cells[number]), int(unlike[number]))
        for number in np.flatnonzero(cells)
    }
