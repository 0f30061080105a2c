"""Cells, red cells and platelets cut out of real pictures as optical densities."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from scipy import ndimage

from marrowscope.training.locator.cell_scene import Scene
from marrowscope.training.locator.draw_masks import read_scene
from marrowscope.training.locator.sources import at_mpp, read_rgb
from marrowscope.training.locator.stain import background_colour, optical_density

log = logging.getLogger(__name__)

CUTOUT_MPP = 0.25
MARGIN = 3  # pixels of surroundings kept round a cut-out


@dataclass(frozen=True)
class CutOut:
    """One cell at 0.25 µm per pixel over nothing, all (h, w)."""

    density: np.ndarray  # float16 (h, w, 3), over its own background
    cell: np.ndarray  # uint8 0/255, feathered edge comes at pasting
    nucleus: np.ndarray  # uint8 0/255
    source: str  # data set
    label: str  # the set's own class


@dataclass
class CutOutBank:
    """Everything that can be pasted, and the glass colours it came from."""

    cells: list[CutOut] = field(default_factory=list)
    red_cells: list[CutOut] = field(default_factory=list)
    platelets: list[CutOut] = field(default_factory=list)
    glass: list[np.ndarray] = field(default_factory=list)  # RGB (3,)


def load_bank(data: Path, masks: Path, *, index: str = "index_train.csv") -> CutOutBank:
    """Cut everything out of the pictures listed in a mask index."""
    bank = CutOutBank()
    with (masks / index).open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            folder = data if row["dataset"] == "txl_pbc" else data / "cells"
            image = read_rgb(folder / row["path"])
            add_picture(bank, image, read_scene(masks / row["mask"]), row)
    log.info(
        "cut out %d cells, %d red cells, %d platelets",
        len(bank.cells), len(bank.red_cells), len(bank.platelets),
    )  # fmt: skip
    return bank


def add_picture(
    bank: CutOutBank, image: np.ndarray, scene: Scene, row: dict[str, str]
) -> None:
    """Add what one picture holds to the bank."""
    mpp, source, label = float(row["mpp"]), row["dataset"], row["label"]
    small = at_mpp(image, mpp, CUTOUT_MPP)
    size = small.shape[1], small.shape[0]
    glass = background_colour(small)
    density = optical_density(small, glass)
    if glass.min() > 120:
        bank.glass.append(glass)
    nucleus = _shrink(scene.nucleus, size)
    for i in np.unique(scene.cells[scene.cells > 0]):
        mask = _shrink(scene.cells == i, size)
        if not _touches_border(mask):
            bank.cells.append(_cut(density, mask, nucleus, source, label))
    taken = _shrink((scene.cells > 0) | scene.ignore | scene.nucleus, size)
    for mask in lone_red_cells(density, taken):
        bank.red_cells.append(_cut(density, mask, nucleus * 0, source, "red_cell"))
    if source != "mll_marrow":
        for mask in lone_platelets(density, taken):
            bank.platelets.append(_cut(density, mask, nucleus * 0, source, "platelet"))


def lone_red_cells(density: np.ndarray, taken: np.ndarray) -> Iterator[np.ndarray]:
    """Masks of red cells that touch neither the border nor a nucleated cell."""
    total = cv2.GaussianBlur(density.sum(axis=-1), (0, 0), 1.0)
    for mask, area in components((total > 0.16).astype(np.uint8), filled=True):
        if not 22 < area * CUTOUT_MPP**2 < 75 or (taken[mask] > 0).mean() > 0.02:
            continue
        if density[..., 0][mask].mean() < 0.55:
            yield mask * np.uint8(255)


def lone_platelets(density: np.ndarray, taken: np.ndarray) -> Iterator[np.ndarray]:
    """Masks of small purple spots clear of red cells."""
    purple = density[..., 0] + density[..., 1] - 2 * density[..., 2]
    purple = cv2.GaussianBlur(purple, (0, 0), 0.8)
    for mask, area in components((purple > 0.22).astype(np.uint8), filled=True):
        if 1.5 < area * CUTOUT_MPP**2 < 14 and not (taken[mask] > 0).any():
            grown = ndimage.binary_dilation(mask, iterations=1)
            yield grown * np.uint8(255)


def components(mask: np.ndarray, *, filled: bool) -> Iterator[tuple[np.ndarray, float]]:
    """Round components clear of the border, with their areas in pixels."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    height, width = mask.shape
    for outline in outlines:
        area = cv2.contourArea(outline)
        x, y, w, h = cv2.boundingRect(outline)
        if area < 12 or x < 2 or y < 2 or x + w > width - 2 or y + h > height - 2:
            continue
        hull = cv2.contourArea(cv2.convexHull(outline))
        if area / max(hull, 1.0) < 0.9 or min(w, h) / max(w, h) < 0.55:
            continue
        drawn = np.zeros(mask.shape, np.uint8)
        cv2.drawContours(drawn, [outline], -1, 1, -1 if filled else 1)
        yield drawn.astype(bool), area


def _shrink(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    grey = mask.astype(np.uint8) * 255
    shrinks = size[0] < mask.shape[1]
    mode = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return (cv2.resize(grey, size, interpolation=mode) > 127) * np.uint8(255)


def _cut(
    density: np.ndarray, mask: np.ndarray, nucleus: np.ndarray, source: str, label: str
) -> CutOut:
    rows, columns = np.nonzero(mask)
    top, left = max(rows.min() - MARGIN, 0), max(columns.min() - MARGIN, 0)
    window = np.s_[top : rows.max() + MARGIN + 1, left : columns.max() + MARGIN + 1]
    inside = nucleus[window] & mask[window]
    pixels = density[window].astype(np.float16)
    return CutOut(pixels, mask[window].copy(), inside, source, label)


def _touches_border(mask: np.ndarray) -> bool:
    edges = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    return bool(any(edge.any() for edge in edges))
