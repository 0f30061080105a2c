"""Rare labels are fed more often, until all are equally frequent (Mori et al. 2020)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

# Where a label is shown by several sources: real cells lead.
SOURCE_WEIGHT: Mapping[str, float] = {"drawn": 0.5, "edited": 0.5}


def balanced_chances(
    targets: np.ndarray, source: np.ndarray, *, evenness: float = 1.0
) -> np.ndarray:
    """(N,) chances summing to 1, so that each label of `targets` (N, L) comes up alike.

    A cell with several labels gets a share of each. Cells without any label are one
    label more. Within a label sources share by `SOURCE_WEIGHT` (1 where not listed).
    evenness: 1 makes labels equally frequent, 0 leaves them as they are.
    """
    shows = np.hstack([targets > 0, ~(targets > 0).any(axis=1, keepdims=True)])
    chance = np.zeros(len(targets))
    for label in np.flatnonzero(shows.any(axis=0)):
        rows = shows[:, label]
        share = float(rows.sum()) ** (1 - evenness)
        chance += share * _by_source(rows, source)
    return chance / chance.sum()


def _by_source(rows: np.ndarray, source: np.ndarray) -> np.ndarray:
    """(N,) chances over the rows, its sources weighing as they should."""
    chance = np.zeros(len(rows))
    names = np.unique(source[rows])
    for name in names:
        own = rows & (source == name)
        chance[own] = SOURCE_WEIGHT.get(str(name), 1.0) / own.sum()
    return chance / chance.sum()
