"""Real pictures of single cells, from any reader of labelled data, as `CellArrays`.

Pictures are centred on their cell. Where a source tells no scale, its red cells do
(7.2 µm), else the usual size of a cell.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from marrowscope.imaging.calibration import propose_crops_mpp
from marrowscope.inference.graded_labels import IDS
from marrowscope.training.datasets.cells import CANVAS_PX, CellArrays, canvas_of
from marrowscope.training.datasets.stain import StainFrame, mean_frame, read_frame
from marrowscope.training.fine_labels import FINE_IDS, class_of_line, class_of_word
from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.locator.sources import read_rgb
from marrowscope.training.reading.labelled import Label, LabelledCrop

log = logging.getLogger(__name__)

# From the red cells of each set.
MPP = {"mll_marrow": 0.09, "acevedo_blood": 0.144}
_USUAL_CELL_UM = 13.0  # where no outline can be found
_WIDEST_UM = 2 * _USUAL_CELL_UM  # of a picture whose scale nothing tells
_TOLD_BY = 60  # pictures of a source that are looked at for its scale


def manifest_crops(data: Path) -> list[LabelledCrop]:
    """Crops of ``cells/manifest.csv`` under `data`, paths counted from its folder.

    The columns line, patient, split, mpp and those of Mori's 34 labels may be absent or
    empty.
    """
    with (data / "cells" / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return [_manifest_crop(data / "cells", row) for row in csv.DictReader(file)]


def _manifest_crop(folder: Path, row: dict[str, str]) -> LabelledCrop:
    source, told = row["dataset"], row.get("mpp")
    grades = {name: float(row[name]) for name in IDS if row.get(name)}
    line, class_id = row.get("line") or None, row["mds8_class"] or None
    label = Label(row["source_label"], line, class_id, grades)
    return LabelledCrop(
        folder / row["path"],
        label,
        source,
        patient=row.get("patient") or None,
        split=row["split"] or None,
        mpp=float(told) if told else MPP.get(source),
    )


def class_of(label: Label) -> str | None:
    """The class of a label: its own, else its line's, else its word's; or None."""
    if label.class_id is not None:
        return label.class_id
    return class_of_line(label.line) if label.line else class_of_word(label.word)


def usable_crops(crops: Sequence[LabelledCrop]) -> list[LabelledCrop]:
    """Those whose label says a class of the eight; how many do not is logged."""
    named = [crop for crop in crops if class_of(crop.label) is not None]
    if len(named) < len(crops):
        log.info("%d pictures name none of the classes", len(crops) - len(named))
    return named


def fine_word(label: Label) -> str:
    """What balances and names a cell within its class: an output, or its own word."""
    return label.line if label.line in FINE_IDS else label.word


def scale_by_source(crops: Sequence[LabelledCrop]) -> dict[str, float]:
    """Microns per pixel of every source that does not tell its own."""
    scales = {}
    for source in sorted({crop.source for crop in crops if crop.mpp is None}):
        own = [crop for crop in crops if crop.source == source][:_TOLD_BY]
        pictures = [read_rgb(crop.path) for crop in own]
        proposal = propose_crops_mpp(pictures)
        side = float(np.median([max(picture.shape[:2]) for picture in pictures]))
        scales[source] = proposal.mpp if proposal else _WIDEST_UM / side
        who = "red cells" if proposal else "the usual size of a cell"
        log.info("%s: %.3f µm per pixel after %s", source, scales[source], who)
    return scales


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
    pixels: np.ndarray, crop: LabelledCrop, mpp: float, masks: Path | None
) -> tuple[np.ndarray, np.ndarray]:
    """Masks (H, W) uint8 of the labelled cell and of its nucleus.

    The locator's pseudo-mask where there is one (red plane 1 is the central cell, green
    its nucleus); otherwise a rough outline and no nucleus.
    """
    if masks is not None:
        stored = masks / crop.source / f"{crop.path.stem}.png"
        planes = cv2.imread(str(stored)) if stored.is_file() else None
        if planes is not None and (planes[..., 2] == 1).any():
            cell = (planes[..., 2] == 1).astype(np.uint8)
            return cell, cell * (planes[..., 1] > 127)
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
    crops: Sequence[LabelledCrop], *, masks: Path | None = None
) -> CellArrays:
    """Decode `crops`, each naming a class; an unreadable picture is an OSError."""
    count = len(crops)
    canvas = np.empty((count, CANVAS_PX, CANVAS_PX, 3), np.uint8)
    marks = np.empty((count, CANVAS_PX, CANVAS_PX), np.uint8)
    scales = scale_by_source(crops)
    for i, crop in enumerate(crops):
        pixels = read_rgb(crop.path)
        mpp = scales[crop.source] if crop.mpp is None else crop.mpp
        cell, nucleus = cell_and_nucleus(pixels, crop, mpp, masks)
        box = centred_box(cell, 24.0, mpp)
        both = cell << 1 | nucleus << 2
        canvas[i], valid, found = canvas_of(pixels, both, box, mpp=mpp)
        marks[i] = valid | found
    source = np.array([crop.source for crop in crops])
    frames = frames_of(canvas, marks, source)
    return CellArrays(
        canvas,
        marks,
        np.array([CLASSES.index(str(class_of(crop.label))) for crop in crops]),
        np.array([grades_of(crop.label) for crop in crops], np.float32),
        source,
        np.array([fine_word(crop.label) for crop in crops]),
        np.stack([frame.background for frame in frames]),
        np.stack([frame.dyes for frame in frames]),
        np.array([graded_of(crop.label) for crop in crops], np.float32),
    )


def graded_of(label: Label) -> list[float]:
    """(34,) in the order of Mori's labels; nan where nobody looked."""
    return [float(label.grades.get(name, np.nan)) for name in IDS]


def grades_of(label: Label) -> list[float]:
    """(12,) in the order of features; what nobody looked for counts as absent."""
    return [float(label.grades.get(name, 0.0)) for name in FEATURES]


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
