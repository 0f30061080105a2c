"""The real pictures the locator learns from, as lists of records. Nothing of the
validation-only sets (`marrow_fields`, `wbc_masks`) is listed here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.locator.scale import CROP_MPP, mpp_from_red_cells

# Source labels whose cells may hold several nuclear lobes.
LOBED = frozenset({"NGS", "SNE", "BNE", "EOS", "EO", "NEUTROPHIL", "NIF", "MMY", "BA"})
WHITE_CELL, RED_CELL, PLATELET = 0, 1, 2


@dataclass(frozen=True)
class Crop:
    """One single-cell crop of `cells/manifest.csv`."""

    path: str  # relative to the cells folder
    dataset: str
    label: str
    split: str
    mpp: float

    @property
    def lobed(self) -> bool:
        """True where the cell may own several nuclear lobes."""
        return self.label in LOBED


@dataclass(frozen=True)
class BloodField:
    """One picture of txl_pbc with its boxes."""

    path: Path
    boxes: np.ndarray  # (N, 4) x, y, w, h in pixels
    kinds: np.ndarray  # (N,) WHITE_CELL, RED_CELL or PLATELET
    mpp: float


def list_crops(data: Path, split: str) -> list[Crop]:
    """Crops of one split, in the manifest's order."""
    with (data / "cells" / "manifest.csv").open(encoding="utf-8") as rows:
        return [
            Crop(row["path"], row["dataset"], row["source_label"], split, mpp)
            for row in csv.DictReader(rows)
            if row["split"] == split and (mpp := CROP_MPP[row["dataset"]])
        ]


def list_blood_fields(data: Path, split: str) -> list[BloodField]:
    """Pictures of one txl_pbc split, by file name."""
    folder = data / "txl_pbc"
    pictures = sorted((folder / "images" / split).glob("*.jpg"))
    return [_blood_field(path, folder / "labels" / split) for path in pictures]


def _blood_field(path: Path, labels: Path) -> BloodField:
    height, width = read_rgb(path).shape[:2]
    text = (labels / f"{path.stem}.txt").read_text(encoding="utf-8").split()
    rows = np.array(text, np.float64).reshape(-1, 5)
    boxes = rows[:, 1:] * (width, height, width, height)
    boxes[:, :2] -= boxes[:, 2:] / 2
    kinds = rows[:, 0].astype(int)
    mpp = mpp_from_red_cells(boxes[kinds == RED_CELL], width=width, height=height)
    return BloodField(path, boxes, kinds, mpp)


def read_rgb(path: Path) -> np.ndarray:
    """A picture as (H, W, 3) uint8 RGB; OSError when it cannot be decoded."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise OSError(f"cannot decode {path}")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def at_mpp(image: np.ndarray, mpp: float, target: float) -> np.ndarray:
    """The picture resampled from `mpp` to `target` microns per pixel."""
    height, width = image.shape[:2]
    size = max(round(width * mpp / target), 1), max(round(height * mpp / target), 1)
    shrinks = target > mpp
    return cv2.resize(
        image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
