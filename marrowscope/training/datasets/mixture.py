"""Draws training batches from several sets of cells, balanced by stratum.

A stratum is one source's cells of one class and fine label; its share is data, so that
tissue is balanced within each class and no network learns the scanner for the cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.training.augment import augment
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.fine_labels import allowed_rows
from marrowscope.training.recipes import Recipe

MARROW, MARROW_LENDS = "mll_marrow", 3.0  # what will be read is marrow


@dataclass(frozen=True)
class Batch:
    """Crops (N, 3, 128, 128) in -1..1, allowed outputs (N, K), grades (N, 12)."""

    crops: np.ndarray
    allowed: np.ndarray
    grades: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True)
class Mixture:
    """Cells and the chance of each to be drawn (sums to 1)."""

    cells: CellArrays
    chance: np.ndarray  # (N,)
    lending: np.ndarray  # (N,) chance to lend colours and surroundings

    def batch(self, size: int, *, recipe: Recipe, seed: tuple[int, ...]) -> Batch:
        """The batch of this seed, the same whenever it is asked for."""
        rng = np.random.default_rng(seed)
        rows = rng.choice(len(self.cells), size, p=self.chance)
        strangers = rng.choice(len(self.cells), size, p=self.lending)
        crops = [
            augment(self.cells[row], stranger=self.cells[other], recipe=recipe, rng=rng)
            for row, other in zip(rows, strangers, strict=True)
        ]
        return Batch(
            normalise(crops, Normalisation()),
            allowed_rows(self.cells.label[rows], self.cells.fine[rows]),
            np.asarray(self.cells.grades[rows]),
            rows,
        )


def balanced(
    cells: CellArrays,
    *,
    class_share: np.ndarray,
    source_share: Callable[[str], float],
) -> Mixture:
    """Chances so that classes have `class_share` (8,), then sources `source_share`
    within a class, then fine labels equal shares (softened by the square root of
    their size) within a source.
    """
    chance = np.zeros(len(cells))
    for label in np.unique(cells.label):
        sources = np.unique(cells.source[cells.label == label])
        shares = np.array([source_share(str(name)) for name in sources])
        for source, share in zip(sources, shares / shares.sum(), strict=True):
            rows = np.flatnonzero((cells.label == label) & (cells.source == source))
            chance[rows] = class_share[label] * share * _within(cells.fine[rows])
    return Mixture(cells, chance / chance.sum(), _lending(cells.source))


def _within(fine: np.ndarray) -> np.ndarray:
    """Chance of each row so that fine labels weigh by the square root of their size."""
    _, which, counts = np.unique(fine, return_inverse=True, return_counts=True)
    each = np.sqrt(counts) / counts
    return each[which] / each[which].sum()


def _lending(source: np.ndarray) -> np.ndarray:
    """Chances to lend: by source, however many cells it has; marrow most."""
    _, which, counts = np.unique(source, return_inverse=True, return_counts=True)
    chance = (1.0 / counts)[which] * np.where(source == MARROW, MARROW_LENDS, 1.0)
    return chance / chance.sum()
