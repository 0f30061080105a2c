"""Calls to be looked at a second time: those that contradict a very sure model.

A reader errs too. Where the model is hardly ever wrong, a call that contradicts it is
oftener a slip of the reader than a find; a second look, without the first call, tells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.decision_impact import Called

SURE = 0.02  # chance of being what it was called, below which a cell is shown again


def second_looks(chances: CellChances, called: Called) -> NDArray[np.int64]:
    """(K,) ids of called cells to look at again, the least likely calls first.

    By what was supposed before any call: a reader who slips often would else teach the
    program to expect it.
    """
    rows, held = called.among(chances)
    chance = chances.of_standing(held.standing, rows)
    agrees = held.standing == chances.said[rows]
    least = np.where(agrees, 1, chance).min(axis=1, initial=1)
    order = np.lexsort((held.id, least))
    return held.id[order[least[order] < SURE]]
