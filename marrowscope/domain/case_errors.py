"""How sure a model is found to be in this very case, as its first calls show.

Stated probabilities may be too sure or not sure enough on this stain and this scanner.
Two numbers tell how far: the log-odds that an answer is wrong are multiplied by one and
moved by the other (Platt's scaling). They begin as 1 and 0, what was supposed before
any call, and follow the calls as these outweigh what was supposed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.reported_shares import PART, REST

SUPPOSED = np.array([0.0, 1.0])  # moved by, multiplied by
SPREADS = np.array([0.5, 0.3])  # how far a case may be from what was supposed (sd)
_KEPT = (0.4, 2.5)  # the multiplier's bounds, whatever the calls
_SUREST = 1e-4  # no answer is held for certain
_ROUNDS = 8  # of Newton's method


def as_called(
    chances: CellChances, rows: NDArray[np.intp], called: NDArray[np.int8]
) -> CellChances:
    """The chances of the same cells, as wrong as calls found their answers.

    `called` (K, S): where the calls put the cells of these `rows`. What a cell is, if
    not what the model says, stays in proportion.
    """
    if not len(rows):
        return chances
    wrong = 1 - chances.of_standing(chances.said)
    differs = (called != chances.said[rows]).any(axis=1)
    moved, times = _found(wrong[rows].max(axis=1), differs)
    odds = wrong / np.maximum(1 - wrong, np.float32(_SUREST))
    odds = np.power(odds, np.float32(times)) * np.float32(np.exp(moved))
    now = np.where(wrong < _SUREST, wrong, odds / (1 + odds))
    ratio = now / np.maximum(wrong, np.float32(1e-9))
    return replace(
        chances,
        part=np.where(chances.said == PART, 1 - now, chances.part * ratio),
        rest=np.where(chances.said == REST, 1 - now, chances.rest * ratio),
    )


def _found(
    supposed: NDArray[np.floating], wrong: NDArray[np.bool_]
) -> tuple[float, float]:
    """The likeliest of both numbers, by these K answers and what was supposed."""
    odds = logit(np.clip(supposed.astype(np.float64), _SUREST, 1 - _SUREST))
    terms = np.stack([np.ones_like(odds), odds], axis=1)  # (K, 2)
    held = np.diag(SPREADS**-2)
    found = SUPPOSED
    for _ in range(_ROUNDS):
        now = expit(terms @ found)
        slope = terms.T @ (wrong - now) - held @ (found - SUPPOSED)
        curve = (terms * (now * (1 - now))[:, None]).T @ terms + held
        found = found + np.clip(np.linalg.solve(curve, slope), -1, 1)
    return float(found[0]), float(np.clip(found[1], *_KEPT))
