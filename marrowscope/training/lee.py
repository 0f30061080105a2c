"""Trains the crop classifier of the `lee` family and writes it into a bundle.

``python -m marrowscope.training.lee --data ../shared/data --out models/lee``

Stopped at any moment, the same command goes on from the last checkpoint in the working
folder. ``--from-weights`` starts from a bundle's fp16 ``classifier.safetensors``.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from marrowscope.inference.bundle import load_bundle
from marrowscope.training import (
    checkpoints,
    course,
    crop_learner,
    figures,
    lee_measuring,
    measuring,
)
from marrowscope.training.bundle_stamp import begin, stamp_hashes
from marrowscope.training.datasets import gathering
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.datasets.mixture import MARROW, Batch, Mixture
from marrowscope.training.export import write_classifier, write_parity
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring_command import publish
from marrowscope.training.networks.crop_classifier import CropClassifier
from marrowscope.training.recipes import RECIPES

log = logging.getLogger(__name__)

SAVE_EVERY = 100
FALSE_DYSPLASIA = 0.015  # of untouched normals of a lineage, at most
FALSE_ERYTHROBLASTS = 0.005  # of real cells of other classes, at most
USUAL_DYSPLASIA = 0.1  # the share at which suggestions shall be unbiased


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with cells/")
    parser.add_argument("--out", type=Path, required=True, help="bundle folder")
    parser.add_argument("--work", type=Path, default=Path("build/training/lee"))
    parser.add_argument("--masks", type=Path, help="the locator's pseudo-masks")
    parser.add_argument("--weights", type=Path, help="folder of ImageNet trunks")
    parser.add_argument("--from-weights", type=Path, help="fp16 weights of a bundle")
    parser.add_argument("--trunk", default="mobilenet_v2")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--frozen", type=int, default=0, help="parts of the trunk kept")
    parser.add_argument("--fields", type=int, default=300, help="phantom fields")
    parser.add_argument(
        "--unseen-fields", type=int, default=lee_measuring.UNSEEN_FIELDS
    )
    parser.add_argument("--calibration-fields", type=int, default=36)
    parser.add_argument("--like", type=Path, help="bundle to take the locator from")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="marrow")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--version", default="0.1.0")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure and export the crop classifier of `lee`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    places = gathering.Places(given.data, given.work, given.masks)
    model = trained(given, places)
    finish(given, places, model)


def mixture_of(given: argparse.Namespace, places: gathering.Places) -> Mixture:
    """Everything to learn from: real, edited and drawn cells, some gigabytes."""
    train = gathering.trained_on(
        gathering.real(places, "train"), gathering.bilobed(places)
    )
    photographed = [train, *gathering.blood_fields_of(places)]
    edited = gathering.edited(places, photographed, given.seed)
    drawn = gathering.drawn(places, gathering.FIRST_TRAINING_FIELD, given.fields)
    return gathering.training_mixture([*photographed, edited, drawn])


def trained(given: argparse.Namespace, places: gathering.Places) -> CropClassifier:
    """The averaged weights after `given.steps` steps."""
    mixture = mixture_of(given, places)
    plan = crop_learner.Plan(
        given.steps, rate=given.rate, seed=given.seed, frozen=given.frozen
    )
    model = CropClassifier(given.trunk, given.weights)
    if given.from_weights is not None:
        checkpoints.load_half(model, given.from_weights)
    learner = crop_learner.CropLearner(model, plan)
    recipe = RECIPES[given.recipe]

    def batch_of(step: int) -> Batch:
        return mixture.batch(plan.batch, recipe=recipe, seed=(plan.seed, step))

    course.follow(
        learner,
        batch_of,
        course=course.Course(plan.steps, save_every=SAVE_EVERY),
        folder=given.work / "course",
        name=crop_learner.name_of,
    )
    return learner.averaged


def finish(
    given: argparse.Namespace, places: gathering.Places, model: CropClassifier
) -> None:
    """Calibrate on cells kept out, write the bundle, measure it on unseen ones."""
    temperature, shift = calibrated(
        places, model, gathering.kept_out(places), fields=given.calibration_fields
    )
    if given.like is not None:
        begin(given.out, given.like)
    exported = write_classifier(model, temperature, given.out, shift=shift.tolist())
    first = gathering.FIRST_UNSEEN_FIELD
    unseen = gathering.drawn(places, first, given.unseen_fields)
    write_parity(exported, unseen, given.out / "parity.npz")
    stamp_hashes(given.out)
    measured = lee_measuring.measured(
        load_bundle(given.out), places, fields=given.unseen_fields
    )
    fitted = {"temperature": temperature, "shift": shift.tolist()}
    told = json.dumps({**fitted, **measured.report}, indent=1)
    (given.work / "figures.json").write_text(told, encoding="utf-8")
    log.info("figures: %s", told)
    publish(given.out, lee_measuring.FAMILY, measured, version=given.version)


def calibrated(
    places: gathering.Places,
    model: CropClassifier,
    held_out: CellArrays,
    *,
    fields: int,
) -> tuple[float, np.ndarray]:
    """Temperature and dysplasia shift (8,) from cells kept out of training."""
    first = gathering.FIRST_CALIBRATION_FIELD
    drawn = measuring.ask(model, gathering.drawn(places, first, fields))
    real = measuring.ask(model, held_out)
    temperature = measuring.temperature_of([_of_marrow(real)])
    none = np.zeros(len(CLASSES))
    scores = [measuring.scaled(a, temperature, none).logits for a in (drawn, real)]
    shift = figures.unbiased_shift(scores[0], drawn.truth, prevalence=USUAL_DYSPLASIA)
    shift = figures.limited_shift(scores[1], real.truth, shift, most=FALSE_DYSPLASIA)
    shift = figures.raised_shift(
        scores[1], real.truth, shift, names=("EN", "ED"), most=FALSE_ERYTHROBLASTS
    )
    return temperature, shift


def _of_marrow(real: measuring.Answers) -> measuring.Answers:
    """The marrow cells among them, for marrow is what will be read; else all."""
    rows = np.flatnonzero(np.asarray(real.cells.source) == MARROW)
    if not len(rows):
        return real
    return measuring.Answers(real.fine[rows], real.grades[rows], real.cells.take(rows))


if __name__ == "__main__":
    main()
