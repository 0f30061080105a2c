"""Trains `bmsnet` from pools of named fields.

``python -m marrowscope.training.bmsnet.training --pools FOLDER --work WORK
--start models/lee/locator.safetensors --steps 1500``

Stopped at any moment, the same command goes on from the checkpoint in WORK.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from marrowscope.training.bmsnet.classes import CLASSES
from marrowscope.training.bmsnet.learner import BMSNetLearner
from marrowscope.training.bmsnet.loss import Weights
from marrowscope.training.bmsnet.named_fields import FIRST_CLASS, UNTOLD
from marrowscope.training.bmsnet.network import BMSNet, load_start
from marrowscope.training.course import Course, follow
from marrowscope.training.learning import Pace
from marrowscope.training.mori.boxed_field import INTEREST
from marrowscope.training.mori.detector import names_of
from marrowscope.training.mori.field_batches import FieldBatches
from marrowscope.training.mori.field_pool import FieldPool, load_pool
from marrowscope.training.options import course_arguments, course_parser

log = logging.getLogger(__name__)

SHARES = {"composed": 0.5, "drawn": 0.27, "blood": 0.23}
WINDOW, FIELDS = 256, 6
RARITY = 0.55  # 0: every cell counts alike, 1: every class does


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = course_parser(
        main.__doc__, steps=1500, rate=1.5e-3, start="a BMSNet or locator"
    )
    parser.add_argument("--pools", type=Path, required=True, help="folder of .npz")
    parser.add_argument("--paper", action="store_true", help="SGD as in the paper")
    return course_arguments(parser, argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train the network; WORK/checkpoint.pt holds it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    batches = pooled(given.pools, seed=given.seed)
    learner = new_learner(given, Weights(by_class=class_weights(batches)))
    course = Course(given.steps, save_every=50)
    follow(learner, batches, course=course, folder=given.work, name=names_of)


def class_weights(batches: FieldBatches) -> tuple[float, ...]:
    """Weights of the classes by how rarely a batch shows them, 1 on average."""
    shown = np.zeros(len(CLASSES))
    for pool, share in zip(batches.pools, batches.shares, strict=True):
        told = pool.kinds[pool.kinds >= FIRST_CLASS] - FIRST_CLASS
        shown += share * np.bincount(told, minlength=len(CLASSES)) / len(pool)
    rare = (shown + shown.mean() / 20) ** -RARITY
    return tuple((rare * shown.sum() / (rare * shown).sum()).tolist())


def new_learner(given: argparse.Namespace, weights: Weights) -> BMSNetLearner:
    """A network to train, begun from weights that fit."""
    network = BMSNet(given.backbone)
    if given.start is not None:
        log.info("%d tensors from %s", load_start(network, given.start), given.start)
    pace = Pace(given.steps, given.rate)
    network = network.to(memory_format=torch.channels_last)
    return BMSNetLearner(network, pace, paper=given.paper, weights=weights)


def pooled(folder: Path, *, seed: int) -> FieldBatches:
    """Batches from all pools of a folder, each kind with its share."""
    pools = {path.stem: cells_of(load_pool(path)) for path in folder.glob("*.npz")}
    shares = {name: SHARES[name] for name in sorted(pools)}
    return FieldBatches(pools, shares, count=FIELDS, size=WINDOW, seed=seed)


def cells_of(pool: FieldPool) -> FieldPool:
    """The pool with cells of the detector's pools (no class told) as such."""
    pool.kinds[pool.kinds == INTEREST] = UNTOLD
    return pool


if __name__ == "__main__":
    main()
