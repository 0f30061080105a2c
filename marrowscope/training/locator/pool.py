"""A pool of packed fields on disk, made once and read by memory map.

`python -m marrowscope.training.locator.pool --data D --masks M --out POOL.npy
 --composed 900 --mosaics 300 --drawn 300 --seed 1`
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from marrowscope.training.locator.composing import Composer
from marrowscope.training.locator.cutouts import load_bank
from marrowscope.training.locator.field import Field
from marrowscope.training.locator.mosaic import Mosaics
from marrowscope.training.locator.phantom_fields import (
    FIRST_TRAINING_SEED,
    phantom_field,
)

log = logging.getLogger(__name__)
POOL_SIZE = 288


def write_pool(path: Path, fields: Iterator[Field], count: int) -> None:
    """Write `count` packed fields as one (N, 288, 288, 7) uint8 array.

    The file gets its name only when it is whole.
    """
    unfinished = path.with_suffix(".part.npy")
    shape = (count, POOL_SIZE, POOL_SIZE, 7)
    array = np.lib.format.open_memmap(unfinished, "w+", np.uint8, shape)
    for i in range(count):
        array[i] = next(fields).packed()
        if i % 100 == 99:
            log.info("%s: %d of %d fields", path.name, i + 1, count)
    array.flush()
    unfinished.replace(path)


def endless(make: Callable[[np.random.Generator], Field], seed: int) -> Iterator[Field]:
    """Fields of one maker, one random stream."""
    rng = np.random.default_rng(seed)
    while True:
        yield make(rng)


def drawn_fields(seed: int) -> Iterator[Field]:
    """Phantom fields of consecutive training seeds."""
    number = FIRST_TRAINING_SEED + 10_000 * seed
    while True:
        yield phantom_field(number, size=POOL_SIZE)
        number += 1


def main() -> None:
    """Make the pools asked for: POOL_composed.npy, POOL_mosaic.npy, POOL_drawn.npy."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="prefix of the files")
    parser.add_argument("--split", default="train")
    for kind in ("composed", "mosaics", "drawn"):
        parser.add_argument(f"--{kind}", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    index = f"index_{given.split}.csv"
    if given.composed:
        maker = Composer(load_bank(given.data, given.masks, index=index)).compose
        _write(given, "composed", endless(maker, given.seed), given.composed)
    if given.mosaics:
        tiles = Mosaics(given.data, given.masks, index=index)
        _write(given, "mosaic", endless(tiles.compose, given.seed), given.mosaics)
    if given.drawn:
        _write(given, "drawn", drawn_fields(given.seed), given.drawn)


def _write(
    given: argparse.Namespace, kind: str, fields: Iterator[Field], count: int
) -> None:
    path = given.out.with_name(f"{given.out.name}_{kind}.npy")
    write_pool(path, fields, count)


if __name__ == "__main__":
    main()
