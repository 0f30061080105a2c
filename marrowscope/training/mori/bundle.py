"""Puts a trained detector and regressor into a bundle, calibrated and with parity.

``python -m marrowscope.training.mori.bundle --detector W1 --regressor W2 --work WORK
--data DATA --out models/mori`` where W1 and W2 hold the checkpoints of the two courses.
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from marrowscope.inference.grade_scale import GradeScale
from marrowscope.inference.graded_classes import Sharing
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.rotations import TURNS
from marrowscope.phantom.smear import SmearPlan, draw_field
from marrowscope.training.bundle_stamp import stamp_hashes
from marrowscope.training.course import CHECKPOINT
from marrowscope.training.datasets import edited_cells, gathering
from marrowscope.training.datasets.cells import CellArrays, join
from marrowscope.training.locator.phantom_fields import FIELD_MPP
from marrowscope.training.locator.sources import at_mpp
from marrowscope.training.measuring import plain_crop
from marrowscope.training.mori.calibration import (
    each_turn,
    fitted_sharing,
    stopping_margins,
)
from marrowscope.training.mori.detector_export import ExportedDetector, write_detector
from marrowscope.training.mori.detector_network import build_detector
from marrowscope.training.mori.grade_cuts import Cuts, Graded, fitted_cuts
from marrowscope.training.mori.regressor_export import write_regressor
from marrowscope.training.mori.regressor_network import GradeNetwork, TurningRegressor
from marrowscope.training.mori.weights import rounded_to_half, save_weights

log = logging.getLogger(__name__)

PARITY_SEED = 424_242
CALIBRATION_FIELDS = 36
CALIBRATION_EDITS = 55  # seed of the edits of cells kept out


def write_networks(
    detector: nn.Module, regressor: GradeNetwork, folder: Path, *, backbones: str
) -> None:
    """Both ONNX files, their fp16 weights and the parity file."""
    folder.mkdir(parents=True, exist_ok=True)
    finding = write_detector(rounded_to_half(detector), folder / "detector.onnx")
    grading = write_regressor(rounded_to_half(regressor), folder / "regressor.onnx")
    save_weights(detector, folder / "detector.safetensors", backbone=backbones)
    save_weights(
        regressor, folder / "regressor.safetensors", backbone=regressor.trunk_name
    )
    write_parity(finding, grading, folder / "parity.npz")


@torch.no_grad()
def write_parity(
    detector: ExportedDetector, regressor: TurningRegressor, path: Path
) -> None:
    """A drawn field and drawn crops (uint8), and what torch answers to them."""
    drawn = draw_field(SmearPlan(640, 640, 12, PARITY_SEED))
    field = at_mpp(drawn.pixels, float(drawn.truth["mpp"]), FIELD_MPP)
    crops = np.stack(
        [_around(drawn.pixels, cell["box"]) for cell in drawn.truth["cells"][:4]]
    )
    fed = torch.from_numpy(normalise([field], Normalisation()))
    boxes, scores = detector(fed)
    pictures = torch.from_numpy(normalise(crops, Normalisation()))
    outputs, saliency = regressor(pictures, torch.from_numpy(TURNS.copy()))
    np.savez_compressed(
        path,
        field=field,
        crops=crops,
        boxes=boxes.numpy(),
        scores=scores.numpy(),
        outputs=outputs.numpy(),
        saliency=saliency.numpy(),
    )


def _around(pixels: np.ndarray, box: Sequence[float], side: int = 128) -> np.ndarray:
    """A square of the picture around a box's middle, moved inside the picture."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    left = int(np.clip(x - side / 2, 0, pixels.shape[1] - side))
    top = int(np.clip(y - side / 2, 0, pixels.shape[0] - side))
    return pixels[top : top + side, left : left + side]


def calibration_cells(
    places: gathering.Places, *, fields: int = CALIBRATION_FIELDS
) -> tuple[CellArrays, np.ndarray]:
    """Cells kept out of training, and which are real and untouched (N,).

    Real ones, edits of them with a seed of their own, and those of drawn fields.
    """
    real = gathering.kept_out(places)
    drawn = gathering.drawn(places, gathering.FIRST_CALIBRATION_FIELD, fields)
    edits = edited_cells.edit_cells(real, seed=CALIBRATION_EDITS)
    cells = join([real, edits, drawn])
    return cells, np.arange(len(cells)) < len(real)


def calibrate(
    network: GradeNetwork, cells: CellArrays, real: np.ndarray, folder: Path
) -> None:
    """Write ``stopping.npz``, and into bundle.toml how outputs are read.

    real: (N,) the untouched photographed ones among the cells.
    """
    each = each_turn(network, [plain_crop(canvas) for canvas in cells.canvas])
    np.savez_compressed(folder / "stopping.npz", rise=stopping_margins(each))
    label, source = np.asarray(cells.label), np.asarray(cells.source)
    graded = Graded(each.max(axis=1), label, np.asarray(cells.grades), real, source)
    cuts = fitted_cuts(graded)
    sharing = fitted_sharing(graded, GradeScale.of(cuts))
    write_reading(folder / "bundle.toml", cuts, sharing, fitted_on=_counted(source))


def _counted(source: np.ndarray) -> str:
    names, counts = np.unique(source, return_counts=True)
    each = [f"{n} {name}" for name, n in zip(names, counts, strict=True)]
    return f"Kept out of training: {', '.join(each)}"


def write_reading(path: Path, cuts: Cuts, sharing: Sharing, *, fitted_on: str) -> None:
    """Put the tables `[mori.cuts]` and `[mori.sharing]` into a bundle.toml.

    In place of those that are there, or before the classes.
    """
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^\[mori\.\w+\].*?(?=^\[(?!mori\.))", "", text)
    lines = ["[mori.fitting]  # what the next two tables were fitted on"]
    lines += [f'cells = "{fitted_on}"', ""]
    lines += ["[mori.cuts]  # raw outputs from which a change is of grade 1, 2, 3"]
    lines += [
        f"{name} = [{', '.join(f'{cut:.3f}' for cut in row)}]"
        for name, row in cuts.items()
    ]
    lines += ["", "[mori.sharing]"]
    lines += [f"sharpness = {sharing.sharpness:.3f}"]
    lines += [f"decision = {sharing.decision:.3f}", "", ""]
    first = text.index("[[classes]]")
    path.write_text(text[:first] + "\n".join(lines) + text[first:], encoding="utf-8")


def averaged_state(folder: Path) -> dict[str, Any]:
    """The averaged weights in the checkpoint of a course."""
    stored = torch.load(folder / CHECKPOINT, weights_only=True)
    log.info("%s: step %d", folder, stored["progress"]["step"])
    best = stored["progress"]["best_state"] or stored["learner"]
    return best["averaged"]


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--detector", type=Path, required=True, help="its course")
    parser.add_argument("--regressor", type=Path, required=True, help="its course")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masks", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--backbone", default="mobilenet_v2")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Export both networks into a bundle that has its bundle.toml already."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = arguments(argv)
    torch.set_num_threads(1)
    detector = build_detector(given.backbone)
    detector.load_state_dict(averaged_state(given.detector))
    regressor = GradeNetwork(given.backbone)
    regressor.load_state_dict(averaged_state(given.regressor))
    write_networks(detector, regressor, given.out, backbones=given.backbone)
    places = gathering.Places(given.data, given.work, given.masks)
    calibrate(regressor.eval(), *calibration_cells(places), given.out)
    stamp_hashes(given.out)


if __name__ == "__main__":
    main()
