"""Every fold kept out once, as in the papers: five in Mori 2020, six in Wu 2020.

Each fold's model is asked about the cells (`lee`, `mori`) and the photos (`mori`,
`bmsnet`) that it never saw, the way the program asks it, and all answers are judged
together.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box
from marrowscope.evaluation.crops import CropReport, evaluate_crops
from marrowscope.evaluation.figures.naming import crop_figures
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.reader import CellReader
from marrowscope.training import laboratory
from marrowscope.training.datasets.real_cells import class_of
from marrowscope.training.reading.labelled import (
    LabelledCrop,
    LabelledData,
    LabelledField,
)
from marrowscope.workflow.classifying import classify_pictures
from marrowscope.workflow.evaluating import evaluate_detection
from marrowscope.workflow.places import resources

log = logging.getLogger(__name__)

OF_CELLS = ("lee", "mori")
OF_PHOTOS = ("mori", "bmsnet")
TABLE, REPORT, FIGURES = "folds.csv", "folds.json", "figures"
COLUMNS = ("fold", "cells", "accuracy", "macro_f1", "photos", "ap50")


@dataclass(frozen=True)
class Fold:
    """What one fold's model said of what it never saw. `ap50` None without photos."""

    number: int
    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]  # (N, C)
    classes: tuple[str, ...]
    photos: int = 0
    ap50: float | None = None

    @property
    def report(self) -> CropReport | None:
        """The fold's cells judged; None where there are none."""
        if not self.labels:
            return None
        return evaluate_crops(self.labels, self.probabilities, self.classes)


def cross_validate(given: argparse.Namespace, data: LabelledData) -> None:
    """Train a bundle for each of `given.folds` folds, then write tables and figures.

    Stopped at any moment, the same command goes on: a fold that is done stays done.
    Raises MarrowScopeError for unfit labels.
    """
    whole = without_splits(data)
    folds = []
    for number in range(given.folds):
        name = f"fold-{number + 1}"
        one = argparse.Namespace(**vars(given))
        one.fold, one.out, one.work = number, given.out / name, given.work / name
        if not (one.out / "card.md").is_file():
            laboratory.train(one, whole)
        folds.append(asked(one, whole))
    write_folds(folds, given.out)


def without_splits(data: LabelledData) -> LabelledData:
    """The labels with no split of their own: every cell is to be kept out once."""
    return replace(
        data,
        crops=tuple(replace(crop, split=None) for crop in data.crops),
        fields=tuple(replace(field, split=None) for field in data.fields),
    )


def asked(given: argparse.Namespace, data: LabelledData) -> Fold:
    """The answers of a fold's bundle about what was kept out of its training."""
    reader = load_reader(load_bundle(given.out), device="cpu", threads=given.threads)
    crops: list[LabelledCrop] = []
    if given.family in OF_CELLS:
        crops = laboratory.kept_out_cells(given, data)
    fields: Sequence[LabelledField] = ()
    if given.family in OF_PHOTOS:
        fields = laboratory.kept_out_photos(given, data)
    told = list(named(crops, reader))
    return Fold(
        given.fold,
        tuple(label for label, _ in told),
        np.array([chances for _, chances in told]).reshape(-1, len(reader.classes)),
        tuple(reader.classes),
        photos=len(fields),
        ap50=found(fields, reader, given.work / "truth.json"),
    )


def named(
    crops: Sequence[LabelledCrop], reader: CellReader
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """True class and probabilities of every crop whose class is told."""
    by_scale: dict[float | None, list[LabelledCrop]] = defaultdict(list)
    for crop in crops:
        if class_of(crop.label) in reader.classes:
            by_scale[crop.mpp].append(crop)
    for mpp, some in by_scale.items():
        answers = classify_pictures([crop.path for crop in some], reader, mpp=mpp)
        for crop, named_picture in zip(some, answers, strict=True):
            if named_picture.answer is not None:
                yield str(class_of(crop.label)), named_picture.answer.probabilities


def found(
    fields: Sequence[LabelledField], reader: CellReader, truth: Path
) -> float | None:
    """AP at IoU 0.5 of cells of interest, whatever their class; None without photos.

    Photos of one scale are judged together, the scales averaged by their photos.
    """
    by_scale: dict[float | None, list[LabelledField]] = defaultdict(list)
    for field in fields:
        by_scale[field.mpp].append(field)
    values = []
    for mpp, some in by_scale.items():
        truth.write_text(json.dumps({"images": [_truth(f) for f in some]}))
        report = evaluate_detection(truth, Path(), reader, mpp=mpp).found
        values += [report.average_precision] * len(some)
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _truth(field: LabelledField) -> dict[str, object]:
    cells = [b for b in field.boxes if b.of_interest and not b.ignored]
    return {
        "file": str(field.path.resolve()),
        "cells": [
            {"box": _numbers(b.box), "kind": b.label.class_id or b.label.word}
            for b in cells
        ],
        "ignore": [_numbers(b.box) for b in field.boxes if b.ignored],
    }


def _numbers(box: Box) -> list[float]:
    return [box.x, box.y, box.width, box.height]


def write_folds(folds: Sequence[Fold], folder: Path) -> None:
    """``folds.csv`` by fold with mean and spread, ``folds.json`` and figures of all."""
    rows = [_row(fold) for fold in folds]
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for row in (*rows, *_summary(rows)):
            table.writerow(["" if value is None else value for value in row])
    told = [fold for fold in folds if fold.labels]
    if not told:
        return
    labels = [label for fold in told for label in fold.labels]
    answers = np.concatenate([fold.probabilities for fold in told])
    report = evaluate_crops(labels, answers, told[0].classes)
    text = json.dumps(report.as_json(), indent=1)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")
    crop_figures(report, folder / FIGURES, fonts=resources() / "fonts")


Row = tuple[object, int, float | None, float | None, int, float | None]


def _row(fold: Fold) -> Row:
    report = fold.report
    accuracy = report.accuracy.value if report else None
    macro = report.macro_f1 if report else None
    ap50 = _rounded(fold.ap50)
    first = (fold.number + 1, len(fold.labels), _rounded(accuracy), _rounded(macro))
    return (*first, fold.photos, ap50)


def _summary(rows: Sequence[Row]) -> Iterator[Row]:
    """Mean and standard deviation over the folds."""
    cells, photos = sum(row[1] for row in rows), sum(row[4] for row in rows)
    for name, measure in (("mean", np.mean), ("sd", np.std)):
        known = [[r[i] for r in rows if r[i] is not None] for i in (2, 3, 5)]
        a, f, ap = (_rounded(float(measure(v))) if v else None for v in known)
        yield (name, cells, a, f, photos, ap)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
