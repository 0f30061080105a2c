"""Writes what the training crops look like, into a bundle.

The limit follows from the training crops alone: the distance to the others that one in
two hundred of them exceeds.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
from scipy.spatial import KDTree

from marrowscope.inference.familiarity import NEIGHBOURS, Familiarity, look
from marrowscope.training.bundle_stamp import stamp_hashes
from marrowscope.training.datasets import cells, drawn_cells, gathering, real_cells
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.datasets.labelled_sets import crops_of
from marrowscope.training.measuring import plain_crop

log = logging.getLogger(__name__)
PER_SOURCE = 600
DRAWN_FIELDS = 40
FIRST_SEED = 5_000_000
RARELY = 99.5  # percent of training crops within the limit
RIDGE = 1e-4


def looks_of(found: CellArrays) -> list[np.ndarray]:
    """Crops (128, 128, 3) as the classifier sees them."""
    return [plain_crop(canvas) for canvas in found.canvas]


def measure(sets: list[list[np.ndarray]]) -> Familiarity:
    """The looks of all sets, whitened by the mean spread within one, and the limit."""
    looks = [np.stack([look(crop) for crop in crops]) for crops in sets]
    joined = np.concatenate(looks)
    centre = joined.mean(axis=0)
    spread = np.mean([np.cov(x.T) for x in looks], axis=0)
    inverse = np.linalg.inv(spread + RIDGE * np.eye(len(spread)))
    whitening = np.linalg.cholesky(inverse)
    white = (joined - centre) @ whitening
    # Each crop's nearest neighbour is itself.
    away, _ = KDTree(white).query(white, k=NEIGHBOURS + 1)
    limit = float(np.percentile(away[:, -1], RARELY))
    return Familiarity(white.astype(np.float32), centre, whitening, limit)


def training_sets(data: Path, work: Path, seed: int = 0) -> list[list[np.ndarray]]:
    """Crops of each real source (split `train`) and of drawn fields."""
    rng = np.random.default_rng(seed)
    crops = crops_of(data, "train")
    sets = []
    for source in sorted({crop.source for crop in crops}):
        own = [crop for crop in crops if crop.source == source]
        chosen = rng.permutation(len(own))[:PER_SOURCE]
        found = real_cells.read_cells([own[i] for i in chosen])
        sets.append(looks_of(found))
    for part in gathering.blood_fields_of(gathering.Places(data, work)):
        sets += [looks_of(part.take(rows)) for rows in _by_source(part)]
    seeds = range(FIRST_SEED, FIRST_SEED + DRAWN_FIELDS)
    drawn = cells.join([drawn_cells.draw_cells(number) for number in seeds])
    return [*sets, looks_of(drawn.take(np.arange(min(len(drawn), PER_SOURCE))))]


def _by_source(part: CellArrays) -> list[np.ndarray]:
    return [np.flatnonzero(part.source == name) for name in np.unique(part.source)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/training/lee"))
    parser.add_argument("--out", type=Path, nargs="+", required=True, help="bundles")
    words = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    known = measure(training_sets(words.data, words.work))
    for folder in words.out:
        known.save(folder / "familiarity.npz")
        stamp_hashes(folder)
    log.info("limit %.2f", known.limit)


if __name__ == "__main__":
    main()
