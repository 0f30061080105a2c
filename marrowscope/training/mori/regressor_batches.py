"""Training batches of the regressor: cells pasted on other fields, labels balanced."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.training.augment import augment
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.mori.balancing import balanced_chances
from marrowscope.training.recipes import WIDE, Recipe

# Mori et al. 2020: pasted on a field, moved, turned, flipped, scaled by 0.8 to 1.2.
PASTED: Recipe = replace(WIDE, scale=(0.8, 1.2), shift=0.06, turn=True, backdrop=0.6)


@dataclass(frozen=True)
class GradedBatch:
    """Crops (N, 3, 128, 128) in -1..1, targets and known (N, 34), rows for messages."""

    crops: Tensor
    targets: Tensor
    known: Tensor
    rows: np.ndarray


class GradedBatches:
    """The batch of a step, everything in it decided by seed and step."""

    def __init__(
        self,
        cells: CellArrays,
        labels: tuple[np.ndarray, np.ndarray],
        *,
        count: int,
        seed: int = 1,
        evenness: float = 1.0,
    ) -> None:
        """`labels`: targets and known (N, 34) of the cells."""
        self.cells = cells
        self.targets, self.known = labels
        seen = self.targets * self.known
        source = np.asarray(cells.source)
        self.chances = balanced_chances(seen, source, evenness=evenness)
        self.count, self.seed = count, seed

    def __call__(self, step: int) -> GradedBatch:
        """Batch of one step, the same whenever asked for."""
        rng = np.random.default_rng([self.seed, step])
        rows = rng.choice(len(self.cells), self.count, p=self.chances)
        others = rng.integers(len(self.cells), size=self.count)
        crops = [
            augment(self.cells[row], stranger=self.cells[other], recipe=PASTED, rng=rng)
            for row, other in zip(rows, others, strict=True)
        ]
        return GradedBatch(
            torch.from_numpy(normalise(crops, Normalisation())),
            torch.from_numpy(self.targets[rows]),
            torch.from_numpy(self.known[rows].astype(np.float32)),
            rows,
        )

    def name(self, batch: GradedBatch) -> str:
        """The cells of a batch, for messages."""
        words = zip(
            self.cells.source[batch.rows],
            self.cells.fine[batch.rows],
            batch.rows,
            strict=True,
        )
        return ", ".join(f"{source} {fine} {row}" for source, fine, row in words)
