"""White cells of the TXL-PBC pictures (three laboratories) as `CellArrays`.

The set boxes white cells without naming them. ``blood_field_cells.csv`` names those of
its `train` pictures that could be told by eye on contact sheets (not by a
haematologist); its Acevedo pictures are left out, for theirs are labelled already.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.datasets.cells import CellArrays, canvas_of
from marrowscope.training.datasets.real_cells import frames_of
from marrowscope.training.fine_labels import class_of_word
from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.locator.sources import (
    RED_CELL,
    mpp_from_red_cells,
    read_rgb,
)

LABELS = Path(__file__).with_name("blood_field_cells.csv")
# The laboratories have pictures of different heights.
LABORATORY = {575: "raabin_blood", 480: "bccd_blood", 416: "bcd_blood"}


def named_boxes() -> dict[str, list[tuple[int, str]]]:
    """By picture: number of the box and the word for its cell."""
    named: dict[str, list[tuple[int, str]]] = {}
    with LABELS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cell = int(row["box"]), row["label"]
            named.setdefault(row["picture"], []).append(cell)
    return named


def boxes_of(labels: Path, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (N, 4) x, y, w, h in pixels and kinds (N,) of a YOLO file."""
    rows = np.array(labels.read_text(encoding="utf-8").split(), float).reshape(-1, 5)
    boxes = rows[:, 1:] * (width, height, width, height)
    boxes[:, :2] -= boxes[:, 2:] / 2
    return boxes, rows[:, 0].astype(int)


def outlines_in(
    box: np.ndarray, planes: np.ndarray | None, shape: tuple[int, int]
) -> np.ndarray:
    """Marks (H, W) uint8 of the cell in `box`: 2 on the cell, 4 on its nucleus too.

    Where no pseudo-mask shows the cell, it is the ellipse in its box, without nucleus.
    """
    x, y, w, h = box
    if planes is not None:
        middle = planes[int(y + h / 4) : int(y + 3 * h / 4) + 1, :, 2]
        middle = middle[:, int(x + w / 4) : int(x + 3 * w / 4) + 1]
        sizes = np.bincount(middle.ravel(), minlength=2)
        sizes[0] = 0
        if sizes.any():
            cell = (planes[..., 2] == sizes.argmax()).astype(np.uint8)
            return cell << 1 | (cell * (planes[..., 1] > 127)) << 2
    marks = np.zeros(shape, np.uint8)
    centre, half = (round(x + w / 2), round(y + h / 2)), (round(w / 2), round(h / 2))
    return cv2.ellipse(marks, centre, half, 0, 0, 360, 2, -1)


def read_blood_fields(data: Path, masks: Path | None) -> CellArrays:
    """The named cells. `masks`: the locator's pseudo-masks, where they were drawn."""
    found = [
        entry
        for picture, cells in named_boxes().items()
        for entry in _cells_of(data, masks, picture, cells)
    ]
    canvas, marks, sources, words = (
        list(column) for column in zip(*found, strict=True)
    )
    pixels, planes, source = np.stack(canvas), np.stack(marks), np.array(sources)
    frames = frames_of(pixels, planes, source)
    return CellArrays(
        pixels,
        planes,
        np.array([CLASSES.index(str(class_of_word(word))) for word in words]),
        np.zeros((len(words), len(FEATURES)), np.float32),
        source,
        np.array(words),
        np.stack([frame.background for frame in frames]),
        np.stack([frame.dyes for frame in frames]),
    )


def _cells_of(
    data: Path, masks: Path | None, picture: str, cells: list[tuple[int, str]]
) -> Iterator[tuple[np.ndarray, np.ndarray, str, str]]:
    pixels = read_rgb(data / "txl_pbc" / "images" / "train" / picture)
    height, width = pixels.shape[:2]
    stem = Path(picture).stem
    labels = data / "txl_pbc" / "labels" / "train" / f"{stem}.txt"
    boxes, kinds = boxes_of(labels, height, width)
    mpp = mpp_from_red_cells(boxes[kinds == RED_CELL], width=width, height=height)
    stored = masks / "txl_pbc" / f"{stem}.png" if masks is not None else None
    planes = cv2.imread(str(stored)) if stored and stored.is_file() else None
    for number, word in cells:
        outlines = outlines_in(boxes[number], planes, (height, width))
        canvas, valid, found = canvas_of(pixels, outlines, boxes[number], mpp=mpp)
        yield canvas, valid | found, LABORATORY[height], word
