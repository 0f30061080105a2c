"""What a reader makes of the validation pictures, in whatever precision it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cells import Finding
from marrowscope.evaluation.crops import CropReport, evaluate_crops
from marrowscope.inference.reader import CellReader
from marrowscope.training.precision.pictures import Picture
from marrowscope.workflow.evaluating import evaluate_detection

MISSED = "not found"
MOST_LOST = 0.5  # points of macro-F1 and of AP50
LEAST_AGREEMENT = 0.995  # of fp16 with fp32, which it is to equal


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of one precision, in percent, by set of pictures.

    `chances` (N, C) of the cell in the middle of each crop; not-a-number where no cell
    was found.
    """

    macro_f1: Mapping[str, float]
    ece: Mapping[str, float]
    ap50: Mapping[str, float]
    chances: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Loss:
    """How a precision differs from fp32: points lost at worst over the sets.

    `agreement`: the share of crops of which both say the same class. `farthest`: the
    largest difference of a probability.
    """

    macro_f1: float
    ap50: float
    agreement: float
    farthest: float

    @property
    def bearable(self) -> bool:
        return self.macro_f1 <= MOST_LOST and self.ap50 <= MOST_LOST


def judged(reader: CellReader, crops: Sequence[Picture], data: Path) -> Judged:
    """Name every crop and find the cells of the boxed fields."""
    chances = np.stack([_middle(reader, picture) for picture in crops])
    reports = _named(reader, crops, chances)
    return Judged(
        {name: 100 * (every.macro_f1 or 0.0) for name, (every, _) in reports.items()},
        {name: 100 * (found.ece or 0.0) for name, (_, found) in reports.items()},
        _found(reader, data),
        chances,
    )


def loss(exact: Judged, coarse: Judged) -> Loss:
    """What the second one lost against the first."""
    both = np.isfinite(exact.chances[:, 0]) & np.isfinite(coarse.chances[:, 0])
    one, other = exact.chances[both], coarse.chances[both]
    same = one.argmax(axis=1) == other.argmax(axis=1)
    found = max(int(np.isfinite(exact.chances[:, 0]).sum()), 1)
    return Loss(
        _lost(exact.macro_f1, coarse.macro_f1),
        _lost(exact.ap50, coarse.ap50),
        float(same.sum()) / found,
        float(np.abs(one - other).max(initial=0.0)),
    )


def _lost(exact: Mapping[str, float], coarse: Mapping[str, float]) -> float:
    return max((exact[name] - value for name, value in coarse.items()), default=0.0)


def _named(
    reader: CellReader, crops: Sequence[Picture], chances: NDArray[np.float32]
) -> dict[str, tuple[CropReport, CropReport]]:
    """By source: all crops, where a cell not found is missed by its class and called no
    other; and those found alone, for their probabilities."""
    classes = tuple(reader.classes)
    found = np.isfinite(chances[:, 0])
    answered = np.column_stack([np.where(found[:, None], chances, 0), ~found])
    sources = np.array([picture.source for picture in crops])
    labels = np.array([picture.label for picture in crops])
    reports = {}
    for source in np.unique(sources):
        rows, sure = sources == source, (sources == source) & found
        reports[str(source)] = (
            evaluate_crops(labels[rows].tolist(), answered[rows], (*classes, MISSED)),
            evaluate_crops(labels[sure].tolist(), chances[sure], classes),
        )
    return reports


def _middle(reader: CellReader, picture: Picture) -> NDArray[np.float32]:
    """(C,) probabilities of the cell nearest the middle, as a run would read it."""
    pixels = picture.pixels(reader.spec.mpp)
    middle = pixels.shape[1] / 2, pixels.shape[0] / 2

    def away(found: Finding) -> float:
        return float(np.hypot(*np.subtract(found.box.centre, middle)))

    sure = [f for f in reader.read([pixels])[0] if f.score >= reader.min_score]
    if not sure:
        return np.full(len(reader.classes), np.nan, np.float32)
    return np.asarray(min(sure, key=away).identity.probabilities, np.float32)


def _found(reader: CellReader, data: Path) -> dict[str, float]:
    """AP50 of white cells on TXL-PBC `val` and of nucleated cells on marrow_fields."""
    blood, marrow = data / "txl_pbc", data / "marrow_fields"
    reports = {
        "txl_pbc": evaluate_detection(
            blood, blood / "images" / "val", reader, split="val"
        ),
        "marrow_fields": evaluate_detection(
            marrow / "marrow_fields.json", marrow, reader
        ),
    }
    return {
        name: 100 * (report.found.average_precision or 0.0)
        for name, report in reports.items()
    }
