"""Writes what the training crops look like, into a bundle.

The limit follows from the training crops alone: the distance that one in a thousand of
them exceeds.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np

from marrowscope.inference.familiarity import Familiarity, look
from marrowscope.training.bundle_stamp import stamp_hashes
from marrowscope.training.datasets import cells, drawn_cells, real_cells
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.datasets.labelled_sets import crops_of
from marrowscope.training.measuring import plain_crop

log = logging.getLogger(__name__)
PER_SOURCE = 1500
DRAWN_FIELDS = 60
FIRST_SEED = 5_000_000
RARELY = 99.9  # percent of training crops within the limit
RIDGE = 1e-3


def looks_of(found: CellArrays) -> list[np.ndarray]:
    """Crops (128, 128, 3) as the classifier sees them."""
    return [plain_crop(canvas) for canvas in found.canvas]


def measure(sets: list[list[np.ndarray]]) -> Familiarity:
    """Mean and spread of the looks of each set, and the limit over all of them."""
    looks = [np.stack([look(crop) for crop in crops]) for crops in sets]
    size = looks[0].shape[1]
    spreads = [np.cov(x.T) + RIDGE * np.eye(size) for x in looks]
    known = Familiarity(
        np.stack([x.mean(axis=0) for x in looks]),
        np.stack([np.linalg.inv(spread) for spread in spreads]),
        0.0,
    )
    distances = known.distances([crop for crops in sets for crop in crops])
    limit = float(np.percentile(distances, RARELY))
    return Familiarity(known.means, known.precisions, limit)


def training_sets(data: Path, seed: int = 0) -> list[list[np.ndarray]]:
    """Crops of each real source (split `train`) and of drawn fields."""
    rng = np.random.default_rng(seed)
    crops = crops_of(data, "train")
    sets = []
    for source in sorted({crop.source for crop in crops}):
        own = [crop for crop in crops if crop.source == source]
        chosen = rng.permutation(len(own))[:PER_SOURCE]
        found = real_cells.read_cells([own[i] for i in chosen])
        sets.append(looks_of(found))
    seeds = range(FIRST_SEED, FIRST_SEED + DRAWN_FIELDS)
    drawn = cells.join([drawn_cells.draw_cells(number) for number in seeds])
    return [*sets, looks_of(drawn)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the bundle's folder")
    words = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    known = measure(training_sets(words.data))
    np.savez_compressed(
        words.out / "familiarity.npz",
        means=known.means,
        precisions=known.precisions,
        limit=known.limit,
    )
    stamp_hashes(words.out)
    log.info("limit %.2f", known.limit)


if __name__ == "__main__":
    main()
