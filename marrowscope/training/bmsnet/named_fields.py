"""Pools of fields whose cells have a class, made once.

``python -m marrowscope.training.bmsnet.named_fields --data D --masks M --out FOLDER
--composed 900 --drawn 300``
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom.smear import draw_field
from marrowscope.training.bmsnet.classes import CLASS_OF
from marrowscope.training.locator.canvas import Canvas, Stamp
from marrowscope.training.locator.composing import Composer
from marrowscope.training.locator.cutouts import CutOutBank, load_bank
from marrowscope.training.locator.phantom_fields import (
    FIRST_TRAINING_SEED,
    labelled,
    plan_of,
)
from marrowscope.training.mori.boxed_field import INTEREST, BoxedField, boxed
from marrowscope.training.mori.field_pool import POOL_SIZE, write

log = logging.getLogger(__name__)

# Kinds of box: a cell whose class nobody told, then the classes. See `boxed_field`.
UNTOLD = 10
FIRST_CLASS = UNTOLD + 1
_OWN_SEEDS = 500_000  # above the seeds that the locator's pools use


class NamingCanvas(Canvas):
    """A canvas that keeps what each cell laid on it was called."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.words: list[str] = []

    def lay_cell(self, stamp: Stamp, x: float, y: float, *, crowd: float) -> bool:
        """Lay a cell and remember its word."""
        laid = super().lay_cell(stamp, x, y, crowd=crowd)
        if laid:
            self.words.append(stamp.label)
        return laid


def kind_of(word: str) -> int:
    """The kind of box of a cell called so."""
    return FIRST_CLASS + CLASS_OF[word] if word in CLASS_OF else UNTOLD


def named(field_boxes: BoxedField, words: Sequence[str]) -> BoxedField:
    """The field with the kind of each cell; cells come in the order of their labels."""
    kinds = field_boxes.kinds.copy()
    cells = np.flatnonzero(kinds == INTEREST)
    kinds[cells] = [kind_of(word) for word in words]
    return BoxedField(field_boxes.image, field_boxes.boxes, kinds)


def composed_fields(bank: CutOutBank, seed: int) -> Iterator[BoxedField]:
    """Composed fields without end; a cell buried by later ones is not there."""
    composer, rng = Composer(bank, size=POOL_SIZE), np.random.default_rng(seed)
    while True:
        canvas = NamingCanvas(POOL_SIZE)
        field = composer.compose(rng, canvas=canvas)
        left = np.unique(field.cells[field.cells > 0])
        yield named(boxed(field), [canvas.words[label - 1] for label in left])


def drawn_fields(seed: int) -> Iterator[BoxedField]:
    """Phantom fields of consecutive seeds; plans that are too full are left."""
    number = FIRST_TRAINING_SEED + _OWN_SEEDS + 10_000 * seed
    while True:
        number += 1
        try:
            drawn = draw_field(plan_of(number, size=POOL_SIZE))
        except MarrowScopeError as error:
            log.info("phantom field %d left out: %s", number, error)
            continue
        field = labelled(drawn)
        left = np.unique(field.cells[field.cells > 0])
        lines = [drawn.truth["cells"][label - 1]["line"] for label in left]
        yield named(boxed(field), lines)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the pools")
    parser.add_argument("--composed", type=int, default=0)
    parser.add_argument("--drawn", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Make the pools asked for: composed and drawn (``.npz`` each)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.drawn:
        write(given.out / "drawn.npz", drawn_fields(given.seed), given.drawn)
    if given.composed:
        bank = load_bank(given.data, given.masks)
        fields = composed_fields(bank, given.seed)
        write(given.out / "composed.npz", fields, given.composed)


if __name__ == "__main__":
    main()
