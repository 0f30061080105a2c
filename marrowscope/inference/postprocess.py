"""From a U-Net's maps to separate cells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from marrowscope.domain.geometry import Box, Outline
from marrowscope.inference.giants import join_giants
from marrowscope.inference.reader import Located
from marrowscope.inference.separation import (
    Labels,
    connected,
    filled,
    parted,
    rounded_off,
)

CELL, NUCLEUS, CORE = 0, 1, 2
MAX_OUTLINE_POINTS = 64
Maps = NDArray[np.float32]  # (3, H, W) in 0..1
# What is thinner than this is a leak of the cell map, not cytoplasm.
ROUNDING_UM = 1.5
# A vacuole or a pale place of the map; the gap inside a ring of cells is larger.
LARGEST_HOLE_UM2 = 40.0


@dataclass(frozen=True, slots=True)
class MapThresholds:
    """Where a map says yes, and how small a cell may be.

    `cell`, `nucleus`: 0 to 1. `core`: how far the core map must fall between two cells,
    as a share of the lower one's peak. Areas in square microns: a cell needs both; they
    allow for photos whose scale is a third off and for cells cut by the edge.
    """

    cell: float = 0.5
    nucleus: float = 0.5
    core: float = 0.8
    min_cell_um2: float = 9.0
    min_nucleus_um2: float = 4.0
    min_score: float = 0.5


def cells_from_maps(
    maps: Maps, *, mpp: float, thresholds: MapThresholds
) -> list[Located]:
    """Separate the cells of one field; boxes and outlines in pixels of the maps.

    Touching cells part where the core map (distance to the own border) dips; parts of
    one nucleus do not, because they share one core. `cut` marks cells that touch the
    field's edge. All findings are answered, whatever their score.
    """
    labels = separate(maps, mpp=mpp, thresholds=thresholds)
    pixel_um2 = mpp * mpp
    found = []
    for label, place in enumerate(ndimage.find_objects(labels), start=1):
        if place is None:
            continue
        mask = labels[place] == label
        nucleus = mask & (maps[NUCLEUS][place] > thresholds.nucleus)
        if mask.sum() * pixel_um2 < thresholds.min_cell_um2:
            continue
        if nucleus.sum() * pixel_um2 < thresholds.min_nucleus_um2:
            continue
        found.append(_located(mask, nucleus, place, maps))
    return found


def cell_mask(
    maps: Maps, *, mpp: float, thresholds: MapThresholds
) -> NDArray[np.uint8]:
    """The found cells as a mask (H, W): 0 background, 128 cytoplasm, 255 nucleus."""
    labels = separate(maps, mpp=mpp, thresholds=thresholds)
    areas = np.bincount(labels.ravel()) * mpp * mpp
    kept = areas >= thresholds.min_cell_um2
    kept[0] = False
    cell = kept[labels]
    nucleus = cell & (maps[NUCLEUS] > thresholds.nucleus)
    return np.where(nucleus, 255, np.where(cell, 128, 0)).astype(np.uint8)


def separate(maps: Maps, *, mpp: float, thresholds: MapThresholds) -> Labels:
    """Number the cells of the maps (H, W), 1 up."""
    solid = filled(maps[CELL] > thresholds.cell, LARGEST_HOLE_UM2 / mpp**2)
    opened = cv2.morphologyEx(
        solid.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)
    )
    mask = opened.astype(np.bool_)
    cells = parted(maps[CORE], mask, dip=thresholds.core)
    nucleus = maps[NUCLEUS] > thresholds.nucleus
    cells = join_giants(cells, connected(mask), nucleus, mpp=mpp)
    return rounded_off(cells, round(ROUNDING_UM / mpp))


def _located(
    mask: NDArray[np.bool_],
    nucleus: NDArray[np.bool_],
    place: tuple[slice, ...],
    maps: Maps,
) -> Located:
    rows, columns = place
    height, width = maps.shape[1:]
    cut = rows.start == 0 or columns.start == 0
    cut = cut or rows.stop == height or columns.stop == width
    box = Box(
        float(columns.start),
        float(rows.start),
        float(columns.stop - columns.start),
        float(rows.stop - rows.start),
    )
    sure = float(maps[CELL][place][mask].mean())
    evidence = float(maps[NUCLEUS][place][nucleus].mean())
    return Located(box, sure * evidence, _outline(mask, columns.start, rows.start), cut)


def _outline(mask: NDArray[np.bool_], x: int, y: int) -> Outline | None:
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    points = max(contours, key=len).reshape(-1, 2)
    step = max(1, -(-len(points) // MAX_OUTLINE_POINTS))
    # Pixel centres lie half a pixel inside their corner.
    return points[::step].astype(np.float32) + np.asarray(
        [x + 0.5, y + 0.5], np.float32
    )
