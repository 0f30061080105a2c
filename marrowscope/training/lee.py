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

from marrowscope.training import checkpoints, course, crop_learner, figures, measuring
from marrowscope.training.bundle_stamp import begin, stamp
from marrowscope.training.datasets import edited_cells, gathering
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.datasets.mixture import MARROW, Batch, Mixture
from marrowscope.training.export import write_classifier, write_parity
from marrowscope.training.labels import CLASSES
from marrowscope.training.lee_card import write_card
from marrowscope.training.networks.crop_classifier import CropClassifier
from marrowscope.training.recipes import RECIPES
from marrowscope.training.reliability import draw_reliability, reliability_section

log = logging.getLogger(__name__)

SAVE_EVERY = 100
UNSEEN_EDITS = 77
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
    parser.add_argument("--unseen-fields", type=int, default=50)
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
    train, _ = gathering.split_for_calibration(
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
    """Calibrate on cells kept out, measure on unseen ones, write the bundle."""
    _, held_out = gathering.split_for_calibration(gathering.real(places, "train"))
    temperature, shift = calibrated(
        places, model, held_out, fields=given.calibration_fields
    )
    first = gathering.FIRST_UNSEEN_FIELD
    unseen = gathering.drawn(places, first, given.unseen_fields)
    drawn = measuring.ask(model, unseen)
    real = measuring.ask(model, gathering.real(places, "val"))
    real = measuring.scaled(real, temperature, shift)
    judged = measuring.judged_by_source(real)
    edits = measuring.ask(model, edited_cells.edit_cells(held_out, seed=UNSEEN_EDITS))
    report = {
        "temperature": temperature,
        "shift": shift.tolist(),
        "real": measuring.real_figures(real),
        "reliability": reliability_section(judged),
        "drawn": measuring.drawn_figures(measuring.scaled(drawn, temperature, shift)),
        "edited": measuring.edited_figures(measuring.scaled(edits, temperature, shift)),
    }
    (given.work / "figures.json").write_text(json.dumps(report, indent=1))
    log.info("figures: %s", json.dumps(report, indent=1))
    if given.like is not None:
        begin(given.out, given.like)
    exported = write_classifier(model, temperature, given.out, shift=shift.tolist())
    write_parity(exported, unseen, given.out / "parity.npz")
    draw_reliability(judged, given.out)
    write_card(given.out / "card.md", report, version=given.version)
    stamp(given.out, version=given.version, accuracy=summary(report))


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


def summary(report: dict) -> dict[str, object]:
    """The figures that bundle.toml carries, fractions of 1."""
    drawn = report["drawn"]
    real = {f"real_{name}": _real_summary(v) for name, v in report["real"].items()}
    return {
        "note": "Real cells: random split without patients, optimistic. "
        "Dysplasia: drawn and edited cells only.",
        **real,
        "phantom": {
            "cells": drawn["cells"],
            "agreement": drawn["agreement"],
            "macro_f1": drawn["macro_f1"],
            "calibration_error": drawn["calibration_error"],
            **_dysplasia_summary(drawn["dysplasia"]),
        },
        "edited_cells": {
            "cells": report["edited"]["cells"],
            **_dysplasia_summary(report["edited"]["dysplasia"]),
            **{f"{k}_auc": v for k, v in report["edited"]["auc"].items()},
        },
    }


def _dysplasia_summary(dysplasia: dict) -> dict[str, float]:
    return {
        f"{lineage}_{name}": values[name]
        for lineage, values in dysplasia.items()
        for name in ("sensitivity", "specificity")
    }


def _real_summary(entry: dict) -> dict[str, object]:
    flags = {f"false_dysplasia_{k}": v for k, v in entry["false_dysplasia"].items()}
    kept = ("cells", "macro_f1", "accuracy", "calibration_error")
    fine = {"fine_macro_f1": entry["fine"]["macro_f1"]}
    return {**{name: entry[name] for name in kept}, **fine, **flags}


if __name__ == "__main__":
    main()
