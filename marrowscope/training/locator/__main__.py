"""`python -m marrowscope.training.locator --data DATA --out DIR`: masks to ONNX.

Every stage keeps what is already there: pseudo-masks, pools of fields, checkpoint.
`--pools NAME=SHARE ...` trains on other pools than the ones made here.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from functools import partial
from pathlib import Path

import torch

from marrowscope.training.course import Course, follow
from marrowscope.training.locator.batches import Pools, names_of
from marrowscope.training.locator.export import (
    export_onnx,
    load_weights,
    save_weights,
)
from marrowscope.training.locator.learner import LocatorLearner, LocatorPace
from marrowscope.training.locator.network import BACKBONES, CellUNet

log = logging.getLogger(__name__)
WINDOW = 192  # a 288 px field then shrinks to two thirds
SHARES = {"composed": 0.5, "mosaic": 0.25, "drawn": 0.25}


def main() -> None:
    """Draw masks, compose fields, train and export the locator."""
    given = parse()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    shares = pools_named(given.pools) or make_pools(given)
    network = CellUNet(given.backbone, given.trunks)
    if given.start:
        load_weights(network, given.start)
    learner = LocatorLearner(network, LocatorPace(given.steps, given.rate))
    batch_of = partial(Pools(shares).batch, count=given.batch, size=WINDOW)
    course, folder = Course(given.steps), given.out / given.name
    follow(learner, batch_of, course=course, folder=folder, name=names_of)
    worst = export_onnx(learner.averaged, given.out / "locator.onnx")
    save_weights(learner.averaged, given.out / "locator.safetensors")
    log.info("exported %s, ONNX within %.1e of torch", given.out, worst)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--trunks", type=Path, help="folder of ImageNet weights")
    parser.add_argument("--start", type=Path, help="fp16 weights to go on from")
    parser.add_argument("--backbone", choices=sorted(BACKBONES), default="mobilenet_v2")
    parser.add_argument("--name", default="locator", help="of its course")
    parser.add_argument("--pools", nargs="*", default=[], metavar="FILE=SHARE")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def pools_named(named: list[str]) -> dict[Path, float]:
    """Pools given as FILE=SHARE."""
    pairs = (name.rsplit("=", 1) for name in named)
    return {Path(path): float(share) for path, share in pairs}


def make_pools(given: argparse.Namespace) -> dict[Path, float]:
    """Masks and pools under the output folder, made unless they are there."""
    masks, prefix = given.out / "masks", given.out / "fields"
    common = ["--data", str(given.data)]
    if not (masks / "index_train.csv").is_file():
        _stage("draw_masks", [*common, "--out", str(masks)])
    shares = {
        prefix.with_name(f"{prefix.name}_{kind}.npy"): share
        for kind, share in SHARES.items()
    }
    if not all(path.is_file() for path in shares):
        sizes = ["--composed", "1200", "--mosaics", "400", "--drawn", "600"]
        _stage("pool", [*common, "--masks", str(masks), "--out", str(prefix), *sizes])
    return shares


def _stage(module: str, arguments: list[str]) -> None:
    name = f"marrowscope.training.locator.{module}"
    subprocess.run([sys.executable, "-m", name, *arguments], check=True)


if __name__ == "__main__":
    main()
