"""Pools of boxed fields on disk, made once.

``python -m marrowscope.training.mori.field_pool --data D --masks M --out FOLDER
--composed 900 --mosaics 200 --drawn 150 --blood 1 --seed 1``
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.locator.composing import Composer
from marrowscope.training.locator.cutouts import load_bank
from marrowscope.training.locator.mosaic import Mosaics
from marrowscope.training.locator.phantom_fields import (
    FIRST_TRAINING_SEED,
    phantom_field,
)
from marrowscope.training.locator.sources import list_blood_fields
from marrowscope.training.mori.blood_mosaics import mosaic, tile_of
from marrowscope.training.mori.boxed_field import BoxedField, boxed
from marrowscope.training.mori.composed_boxes import composed_field

log = logging.getLogger(__name__)

POOL_SIZE = 320
Maker = Callable[[np.random.Generator], BoxedField]


@dataclass(frozen=True)
class FieldPool:
    """Fields of one size: images (N, H, W, 3); boxes and kinds of all, row by row."""

    name: str
    images: np.ndarray
    boxes: np.ndarray
    kinds: np.ndarray
    ends: np.ndarray  # (N,) where each field's boxes end

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> BoxedField:
        rows = slice(self.ends[index - 1] if index else 0, self.ends[index])
        return BoxedField(self.images[index], self.boxes[rows], self.kinds[rows])


def pool_of(name: str, fields: Sequence[BoxedField]) -> FieldPool:
    """Fields of one size as a pool."""
    return FieldPool(
        name,
        np.stack([field.image for field in fields]),
        np.concatenate([field.boxes for field in fields]),
        np.concatenate([field.kinds for field in fields]),
        np.cumsum([len(field.boxes) for field in fields]),
    )


def save_pool(pool: FieldPool, path: Path) -> None:
    """Write the pool as one ``.npz``; it gets its name only when it is whole."""
    unfinished = path.with_suffix(".part.npz")
    np.savez(
        unfinished,
        images=pool.images,
        boxes=pool.boxes,
        kinds=pool.kinds,
        ends=pool.ends,
    )
    unfinished.replace(path)


def load_pool(path: Path) -> FieldPool:
    """The pool in a file, named after it."""
    with np.load(path) as stored:
        return FieldPool(path.stem, **{name: stored[name] for name in stored.files})


def drawn_fields(seed: int) -> Iterator[BoxedField]:
    """Phantom fields of consecutive training seeds; plans too full are left out."""
    number = FIRST_TRAINING_SEED + 10_000 * seed
    while True:
        try:
            yield boxed(phantom_field(number, size=POOL_SIZE))
        except MarrowScopeError as error:
            log.info("phantom field %d left out: %s", number, error)
        number += 1


def endless(make: Maker, seed: int) -> Iterator[BoxedField]:
    """Fields of one maker, one random stream."""
    rng = np.random.default_rng(seed)
    while True:
        yield make(rng)


def write(path: Path, fields: Iterator[BoxedField], count: int) -> None:
    """Make `count` fields and save them."""
    made = []
    for field in fields:
        made.append(field)
        if len(made) % 100 == 0:
            log.info("%s: %d of %d", path.name, len(made), count)
        if len(made) == count:
            break
    save_pool(pool_of(path.stem, made), path)


def blood_maker(data: Path, split: str) -> Maker:
    """Mosaics of the whole pictures of one TXL-PBC split."""
    tiles = [tile_of(field) for field in list_blood_fields(data, split)]
    return lambda rng: mosaic(tiles, rng, size=POOL_SIZE)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the pools")
    parser.add_argument("--split", default="train")
    for kind in ("composed", "mosaics", "drawn", "blood"):
        parser.add_argument(f"--{kind}", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Make the pools asked for: composed, mosaics, drawn, blood (``.npz`` each)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    index = f"index_{given.split}.csv"
    if given.blood:
        maker = blood_maker(given.data, given.split)
        write(given.out / "blood.npz", endless(maker, given.seed), given.blood)
    if given.mosaics:
        tiles = Mosaics(given.data, given.masks, index=index, size=POOL_SIZE)
        fields = endless(lambda rng: boxed(tiles.compose(rng)), given.seed)
        write(given.out / "mosaics.npz", fields, given.mosaics)
    if given.drawn:
        write(given.out / "drawn.npz", drawn_fields(given.seed), given.drawn)
    if given.composed:
        bank = load_bank(given.data, given.masks, index=index)
        composer = Composer(bank, size=POOL_SIZE)
        fields = endless(lambda rng: composed_field(composer, rng), given.seed)
        write(given.out / "composed.npz", fields, given.composed)


if __name__ == "__main__":
    main()
