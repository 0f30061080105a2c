"""Trains the detector of `mori` from pools of boxed fields.

``python -m marrowscope.training.mori.detector --pools FOLDER --work WORK
--start models/lee/locator.safetensors --steps 2000``

Stopped at any moment, the same command goes on from the checkpoint in WORK.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import torch

from marrowscope.training.course import Course, follow
from marrowscope.training.learning import Pace
from marrowscope.training.mori.detector_learner import DetectorLearner
from marrowscope.training.mori.detector_network import build_detector, load_start
from marrowscope.training.mori.field_batches import FieldBatch, FieldBatches
from marrowscope.training.mori.field_pool import load_pool
from marrowscope.training.options import course_arguments, course_parser

log = logging.getLogger(__name__)

# Shares of the shipped training; a pool file "composed2" counts with "composed".
SHARES = {"composed": 0.5, "blood": 0.2, "drawn": 0.15, "mosaics": 0.15}
OTHER_POOL = 0.5
WINDOW, FIELDS = 256, 4


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = course_parser(
        main.__doc__, steps=2000, rate=1e-3, start="a detector or locator"
    )
    parser.add_argument("--pools", type=Path, required=True, help="folder of .npz")
    return course_arguments(parser, argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train the detector; WORK/checkpoint.pt holds it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    learner = new_learner(given.backbone, given.start, Pace(given.steps, given.rate))
    batches = pooled(given.pools, seed=given.seed)
    course = Course(given.steps, save_every=50)
    follow(learner, batches, course=course, folder=given.work, name=names_of)


def new_learner(backbone: str, start: Path | None, pace: Pace) -> DetectorLearner:
    """A detector to train, begun from weights that fit."""
    network = build_detector(backbone)
    if start is not None:
        log.info("%d tensors from %s", load_start(network, start), start)
    return DetectorLearner(network.to(memory_format=torch.channels_last), pace)


def pooled(folder: Path, *, seed: int) -> FieldBatches:
    """Batches from all pools of a folder, each kind with its share."""
    pools = {path.stem: load_pool(path) for path in sorted(folder.glob("*.npz"))}
    kinds = [name.rstrip("0123456789") for name in pools]
    shares = {
        name: SHARES.get(kind, OTHER_POOL) / kinds.count(kind)
        for name, kind in zip(pools, kinds, strict=True)
    }
    return FieldBatches(pools, shares, count=FIELDS, size=WINDOW, seed=seed)


def names_of(batch: FieldBatch) -> str:
    """The pictures of a batch, for messages."""
    return ", ".join(batch.names)


if __name__ == "__main__":
    main()
