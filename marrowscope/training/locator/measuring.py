"""How good an exported locator is, on pictures it never learned from.

`python -m marrowscope.training.locator.measuring MODEL.onnx --data DATA [--only ...]`
prints one JSON object. It reads pictures exactly as the program does.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from marrowscope.evaluation.detection import (
    DetectionReport,
    Predictions,
    evaluate_detections,
)
from marrowscope.evaluation.masks import evaluate_masks, masked_pictures
from marrowscope.evaluation.truth import (
    PictureTruth,
    Truth,
    drawn_smear,
    load_truth,
)
from marrowscope.inference.mask_locator import SHAPES, MaskLocator
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.postprocess import MapThresholds, cell_mask
from marrowscope.inference.preprocess import Normalisation
from marrowscope.phantom.smear import SmearPlan, draw_field
from marrowscope.training.locator.field import FIELD_MPP
from marrowscope.training.locator.scale import MARROW_FIELDS_MPP, WBC_MASKS_MPP
from marrowscope.training.locator.sources import (
    WHITE_CELL,
    list_blood_fields,
    read_rgb,
)

PHANTOM_SEEDS = range(500, 512)
PHANTOM_SIDE = 1024  # pixels at 0.25 µm
SETS = ("marrow", "blood_val", "blood", "masks", "phantom")


def locator(model: OnnxModel, thresholds: MapThresholds, mpp: float) -> MaskLocator:
    """The locator as the program builds it, for pictures of one scale."""
    return MaskLocator(
        model,
        mpp=mpp,
        network_mpp=FIELD_MPP,
        normalisation=Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        thresholds=thresholds,
    )


def open_model(path: Path) -> OnnxModel:
    """An exported locator on the processor, one thread."""
    return OnnxModel(path, shapes=SHAPES, probe=(3, 64, 64), device="cpu", threads=1)


def predictions(reader: MaskLocator, image: np.ndarray) -> Predictions:
    """Everything found in one picture."""
    found = reader.locate([image])[0]
    boxes = [(f.box.x, f.box.y, f.box.width, f.box.height) for f in found]
    scores = np.array([f.score for f in found], np.float32)
    return Predictions(np.array(boxes, np.float32).reshape(-1, 4), scores)


def marrow(model: OnnxModel, given: MapThresholds, data: Path) -> DetectionReport:
    """Every nucleated cell of the marrow fields."""
    folder = data / "marrow_fields"
    truth = load_truth(folder / "marrow_fields.json")
    reader = locator(model, given, MARROW_FIELDS_MPP)
    found = {
        picture.file: predictions(reader, read_rgb(folder / picture.file))
        for picture in truth.pictures
    }
    return evaluate_detections(truth, found, threshold=given.min_score)


def blood(
    model: OnnxModel, given: MapThresholds, data: Path, *, split: str = "test"
) -> DetectionReport:
    """White cells of a txl_pbc split, each picture at its own scale."""
    pictures, found = [], {}
    for field in list_blood_fields(data, split):
        boxes = field.boxes[field.kinds == WHITE_CELL].astype(np.float32)
        nothing = np.zeros((0, 4), np.float32)
        kinds = ("WBC",) * len(boxes)
        pictures.append(PictureTruth(field.path.name, boxes, kinds, nothing))
        reader = locator(model, given, field.mpp)
        found[field.path.name] = predictions(reader, read_rgb(field.path))
    truth = Truth(tuple(pictures))
    return evaluate_detections(truth, found, threshold=given.min_score)


def phantom(model: OnnxModel, given: MapThresholds) -> DetectionReport:
    """Drawn fields of seeds that training never uses."""
    pictures, found = [], {}
    for seed in PHANTOM_SEEDS:
        drawn = draw_field(SmearPlan(PHANTOM_SIDE, PHANTOM_SIDE, 60, seed))
        name = f"{seed}.tif"
        pictures.extend(drawn_smear(drawn.truth, file=name).pictures)
        reader = locator(model, given, float(drawn.truth["mpp"]))
        found[name] = predictions(reader, drawn.pixels)
    truth = Truth(tuple(pictures))
    return evaluate_detections(truth, found, threshold=given.min_score)


def masks(model: OnnxModel, given: MapThresholds, data: Path) -> dict[str, object]:
    """Dice of cell and nucleus against the experts' masks of white cells."""
    reader = locator(model, given, WBC_MASKS_MPP)

    def pairs() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for picture, drawn in masked_pictures(data / "wbc_masks"):
            true = read_rgb(drawn)[..., 0]
            maps = reader.maps(read_rgb(picture))
            found = cell_mask(maps, mpp=FIELD_MPP, thresholds=given)
            rows = np.arange(true.shape[0]) * found.shape[0] // true.shape[0]
            columns = np.arange(true.shape[1]) * found.shape[1] // true.shape[1]
            yield true, found[rows][:, columns]

    return evaluate_masks(pairs()).as_json()


def main() -> None:
    """Print the figures of an exported locator as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=SETS, default=SETS)
    given = parser.parse_args()
    model, thresholds = open_model(given.model), MapThresholds()
    measure: dict[str, Callable[[], dict[str, object]]] = {
        "marrow": lambda: marrow(model, thresholds, given.data).as_json(),
        "blood": lambda: blood(model, thresholds, given.data).as_json(),
        "blood_val": lambda: blood(
            model, thresholds, given.data, split="val"
        ).as_json(),
        "masks": lambda: masks(model, thresholds, given.data),
        "phantom": lambda: phantom(model, thresholds).as_json(),
    }
    print(json.dumps({name: measure[name]() for name in given.only}, indent=1))


if __name__ == "__main__":
    main()
