"""A laboratory's labels in the form the families train from: one manifest."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from marrowscope.inference.graded_labels import IDS
from marrowscope.training.reading.labelled import LabelledCrop

COLUMNS = (
    *("path", "dataset", "source_label", "line", "mds8_class"),
    *("split", "patient", "mpp"),
    *IDS,
)


def write_manifest(crops: Sequence[LabelledCrop], folder: Path) -> Path:
    """``folder/cells/manifest.csv`` of the crops, paths in full; returns `folder`.

    All of Mori's 34 labels have a column, empty where nobody graded.
    """
    cells = folder / "cells"
    cells.mkdir(parents=True, exist_ok=True)
    with (cells / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for crop in crops:
            label = crop.label
            rows.writerow(
                (
                    *(crop.path.resolve(), crop.source, label.word),
                    *(label.line or "", label.class_id or ""),
                    *(crop.split or "", crop.patient or "", crop.mpp or ""),
                    *(label.grades.get(name, "") for name in IDS),
                )
            )
    return folder
