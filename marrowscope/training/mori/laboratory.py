"""Mori's two networks on a laboratory's own labels; what is not labelled is kept.

Boxed pictures train the detector, pictures of single cells (with grades where somebody
graded them) the regressor; without either the start bundle's own network stays.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from torch import nn

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.bmsnet.laboratory import write_pools
from marrowscope.training.datasets import gathering
from marrowscope.training.mori import bundle, detector, regressor
from marrowscope.training.mori.boxed_field import INTEREST
from marrowscope.training.mori.detector_network import build_detector
from marrowscope.training.mori.field_pool import load_pool, save_pool
from marrowscope.training.mori.regressor_network import GradeNetwork
from marrowscope.training.mori.weights import load_weights
from marrowscope.training.reading.labelled import LabelledData

log = logging.getLogger(__name__)

FIRST_NAMED = 10  # kinds from here on are cells of interest, whatever their class


def train_networks(
    given: argparse.Namespace, data: LabelledData, labels: Path | None, start: Path
) -> None:
    """Train what there are labels for and write both networks into `given.out`.

    labels: the folder of a manifest of crops, None when there are none. How grades and
    classes are read is fitted anew where the regressor is. Raises MarrowScopeError for
    another backbone when there are labels for one network alone.
    """
    finding = build_detector(given.backbone)
    grading = GradeNetwork(given.backbone)
    if given.backbone == "mobilenet_v2":
        load_weights(finding, start / "detector.safetensors")
        load_weights(grading, start / "regressor.safetensors")
    elif not data.fields or labels is None:
        raise MarrowScopeError(
            f"A new {given.backbone} needs boxed pictures and named cells; these "
            "labels hold one of them alone.",
            "Add the others with --data, or leave --backbone out.",
        )
    if data.fields:
        _learn_to_find(given, data, finding, start)
    if labels is not None:
        _learn_to_grade(given, labels, grading, start)
    bundle.write_networks(
        finding.eval(), grading.eval(), given.out, backbones=given.backbone
    )
    if labels is not None:
        _calibrate(given, labels, grading)


def _calibrate(given: argparse.Namespace, labels: Path, network: GradeNetwork) -> None:
    """Fit how the new outputs are read, on cells that the course left out."""
    places = gathering.Places(labels, given.work)
    drawn = max(given.fields // 6, 1)
    cells, real = bundle.calibration_cells(places, fields=drawn)
    log.info("calibrating on %d cells, %d of them photographed", len(cells), real.sum())
    bundle.calibrate(network, cells, real, given.out)


def _learn_to_find(
    given: argparse.Namespace, data: LabelledData, network: nn.Module, start: Path
) -> None:
    pools, work = given.work / "pools", given.work / "detector"
    write_pools(data, pools, drawn=given.fields, seed=given.seed)
    for path in pools.glob("*.npz"):
        pool = load_pool(path)
        pool.kinds[pool.kinds >= FIRST_NAMED] = INTEREST
        save_pool(pool, path)
    detector.main(
        [
            *("--pools", str(pools), "--work", str(work)),
            *("--backbone", given.backbone, "--steps", str(given.steps or 600)),
            *("--seed", str(given.seed), "--threads", str(given.threads)),
            *("--start", str(start / "detector.safetensors")),
        ]
    )
    network.load_state_dict(bundle.averaged_state(work))


def _learn_to_grade(
    given: argparse.Namespace, labels: Path, network: nn.Module, start: Path
) -> None:
    regressor.main(
        [
            *("--data", str(labels), "--work", str(given.work)),
            *("--backbone", given.backbone, "--steps", str(given.steps or 600)),
            *("--fields", str(given.fields), "--seed", str(given.seed)),
            *("--threads", str(given.threads)),
            *("--start", str(start / "regressor.safetensors")),
        ]
    )
    network.load_state_dict(bundle.averaged_state(given.work / regressor.FOLDER))
