"""Trains the graded regressor of `mori` on decoded cells.

``python -m marrowscope.training.mori.regressor --data ../shared/data --masks MASKS
--work WORK --start models/lee/classifier.safetensors --steps 2000``

Stopped at any moment, the same command goes on from the checkpoint in WORK/regressor.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import torch

from marrowscope.training.course import Course, follow
from marrowscope.training.datasets import gathering
from marrowscope.training.datasets.cells import CellArrays, join
from marrowscope.training.learning import Pace
from marrowscope.training.mori.label_rows import label_rows
from marrowscope.training.mori.regressor_batches import GradedBatches
from marrowscope.training.mori.regressor_learner import (
    PUBLISHED_DECAY,
    PUBLISHED_SHARE,
    RegressorLearner,
)
from marrowscope.training.mori.regressor_network import GradeNetwork, load_start
from marrowscope.training.options import course_arguments, course_parser

log = logging.getLogger(__name__)

FOLDER = "regressor"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = course_parser(
        main.__doc__, steps=2000, rate=1e-3, start="a regressor or classifier"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with cells/")
    parser.add_argument("--masks", type=Path, help="the locator's pseudo-masks")
    parser.add_argument("--share", type=float, default=PUBLISHED_SHARE)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--evenness", type=float, default=0.6)
    parser.add_argument("--kind-weight", type=float, default=8.0)
    parser.add_argument("--fields", type=int, default=200, help="phantom fields")
    return course_arguments(parser, argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train the regressor; WORK/regressor/checkpoint.pt holds it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    places = gathering.Places(given.data, given.work, given.masks)
    cells = training_cells(places, fields=given.fields, seed=given.seed)
    batches = GradedBatches(
        cells,
        label_rows(cells),
        count=given.batch,
        seed=given.seed,
        evenness=given.evenness,
    )
    learner = new_learner(given)
    follow(
        learner,
        batches,
        course=Course(given.steps, save_every=50),
        folder=given.work / FOLDER,
        name=batches.name,
    )


def training_cells(places: gathering.Places, *, fields: int, seed: int) -> CellArrays:
    """Real, edited and drawn cells, without those kept out for calibration."""
    train = gathering.trained_on(gathering.real(places, "train"))
    photographed = [train, *gathering.blood_fields_of(places)]
    parts = [
        *photographed,
        gathering.edited(places, photographed, seed),
        gathering.drawn(places, gathering.FIRST_TRAINING_FIELD, fields),
    ]
    return join(parts)


def new_learner(given: argparse.Namespace) -> RegressorLearner:
    """A regressor to train, begun from weights that fit."""
    network = GradeNetwork(given.backbone)
    if given.start is not None:
        log.info("%d tensors from %s", load_start(network, given.start), given.start)
    pace = Pace(
        given.steps,
        given.rate,
        pretrained_share=given.share,
        decay=PUBLISHED_DECAY,
    )
    network = network.to(memory_format=torch.channels_last)
    return RegressorLearner(network, pace, kind_weight=given.kind_weight)


if __name__ == "__main__":
    main()
