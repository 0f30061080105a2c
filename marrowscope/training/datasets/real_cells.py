"""Real single-cell crops listed in ``cells/manifest.csv`` as `CellArrays`.

Scale of each set comes from its red cells (7.2 µm); pictures are centred on the cell.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.datasets.cells import CANVAS_PX, CellArrays, canvas_of
from marrowscope.training.datasets.stain import StainFrame, mean_frame, read_frame
from marrowscope.training.labels import CLASSES, FEATURES

log = logging.getLogger(__name__)

MPP = {"mll_marrow": 0.09, "acevedo_blood": 0.144}
_USUAL_CELL_UM = 13.0  # where no outline can be found


def manifest_rows(data: Path, split: str) -> list[dict[str, str]]:
    """Rows of the manifest under `data` that belong to `split`."""
    with (data / "cells" / "manifest.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["split"] == split]


def nucleus_at_centre(pixels: np.ndarray, mpp: float) -> np.ndarray:
    """Rough whole cell (H, W) uint8: the stained part under the picture's centre.

    Stands in where no pseudo-mask of the locator is at hand.
    """
    dye = cv2.GaussianBlur(255 - pixels[..., 0], (0, 0), 0.3 / mpp)
    _, stained = cv2.threshold(dye, 0, 1, cv2.THRESH_OTSU)
    count, parts = cv2.connectedComponents(stained)
    height, width = parts.shape
    reach = round(2.0 / mpp)
    middle = parts[
        height // 2 - reach : height // 2 + reach,
        width // 2 - reach : width // 2 + reach,
    ]
    sizes = np.bincount(middle.ravel(), minlength=count)
    sizes[0] = 0
    if sizes.max() == 0:
        found = np.zeros(parts.shape, np.uint8)
        radius = round(_USUAL_CELL_UM / 2 / mpp)
        return cv2.circle(found, (width // 2, height // 2), radius, 1, -1)
    grown = round(1.0 / mpp) | 1
    found = (parts == sizes.argmax()).astype(np.uint8)
    return cv2.dilate(found, np.ones((grown, grown), np.uint8))


def cell_and_nucleus(
    pixels: np.ndarray, row: dict[str, str], masks: Path | None
) -> tuple[np.ndarray, np.ndarray]:
    """Masks (H, W) uint8 of the labelled cell and of its nucleus.

    The locator's pseudo-mask where there is one (red plane 1 is the central cell, green
    its nucleus); otherwise a rough outline and no nucleus.
    """
    if masks is not None:
        stored = masks / row["dataset"] / (Path(row["path"]).stem + ".png")
        planes = cv2.imread(str(stored)) if stored.is_file() else None
        if planes is not None and (planes[..., 2] == 1).any():
            cell = (planes[..., 2] == 1).astype(np.uint8)
            return cell, cell * (planes[..., 1] > 127)
    mpp = MPP[row["dataset"]]
    return nucleus_at_centre(pixels, mpp), np.zeros(pixels.shape[:2], np.uint8)


def centred_box(cell: np.ndarray, limit_um: float, mpp: float) -> tuple[float, ...]:
    """The mask's box (x, y, w, h), or a usual one when it is implausible."""
    height, width = cell.shape
    x, y, w, h = cv2.boundingRect(cell)
    off = np.hypot(x + w / 2 - width / 2, y + h / 2 - height / 2) * mpp
    longest = max(w, h) * mpp
    if off > 4.0 or not 4.0 < longest < limit_um:
        side = _USUAL_CELL_UM / mpp
        return ((width - side) / 2, (height - side) / 2, side, side)
    return (x, y, w, h)


def read_cells(
    data: Path, rows: Iterable[dict[str, str]], *, masks: Path | None = None
) -> CellArrays:
    """Decode the manifest's `rows` into arrays; an unreadable picture is an error."""
    rows = list(rows)
    count = len(rows)
    canvas = np.empty((count, CANVAS_PX, CANVAS_PX, 3), np.uint8)
    marks = np.empty((count, CANVAS_PX, CANVAS_PX), np.uint8)
    for i, row in enumerate(rows):
        path = data / "cells" / row["path"]
        stored = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if stored is None:
            raise OSError(f"unreadable training picture: {path}")
        pixels = cv2.cvtColor(stored, cv2.COLOR_BGR2RGB)
        mpp = MPP[row["dataset"]]
        cell, nucleus = cell_and_nucleus(pixels, row, masks)
        box = centred_box(cell, 24.0, mpp)
        both = cell << 1 | nucleus << 2
        canvas[i], valid, found = canvas_of(pixels, both, box, mpp=mpp)
        marks[i] = valid | found
    source = np.array([row["dataset"] for row in rows])
    frames = frames_of(canvas, marks, source)
    return CellArrays(
        canvas,
        marks,
        np.array([CLASSES.index(row["mds8_class"]) for row in rows]),
        np.zeros((count, len(FEATURES)), np.float32),
        source,
        np.array([row["source_label"] for row in rows]),
        np.stack([frame.background for frame in frames]),
        np.stack([frame.dyes for frame in frames]),
    )


def frames_of(
    canvas: np.ndarray, marks: np.ndarray, source: np.ndarray
) -> list[StainFrame]:
    """Stain anchors of every canvas; what one does not show comes from its source."""
    usual: dict[str, StainFrame] = {}
    for name in np.unique(source):
        some = np.flatnonzero(source == name)[::10]
        usual[name] = mean_frame([_frame(canvas[i], marks[i], None) for i in some])
    return [
        _frame(*pair, usual[name])
        for *pair, name in zip(canvas, marks, source, strict=True)
    ]


def _frame(
    canvas: np.ndarray, marks: np.ndarray, usual: StainFrame | None
) -> StainFrame:
    small = slice(None, None, 2)  # every second pixel is plenty for a median
    return read_frame(
        canvas[small, small], np.where(marks & 2, 1, 0)[small, small], usual=usual
    )
