"""Which pixels of a mask belong to which cell, by the depth map inside them.

Measured on drawn fields, blood pictures and marrow fields: one threshold on the core
map merges cells wherever the network is unsure of itself, since its peaks are then
low everywhere; peaks judged against each other part them (marrow fields: recall 0.61
to 0.77 with the same network). Rounding off each cell takes away thin leaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Labels = NDArray[np.int32]  # (H, W), 0 is background
Core = NDArray[np.float32]  # (H, W) in 0..1
Mask = NDArray[np.bool_]

LEVELS = np.arange(0.95, 0.15, -0.05)
SMOOTHING_PX = 1.0


@dataclass(slots=True)
class Peak:
    """A local maximum of the core map that stands for one cell."""

    number: int
    row: int
    column: int
    height: float


def core_seeds(core: Core, mask: Mask, *, dip: float) -> Labels:
    """One seed a cell: the region round each peak down to where it meets another.

    Two peaks are two cells when the core map falls between them below `dip` times the
    lower one.
    """
    smooth = cv2.GaussianBlur(core, (0, 0), SMOOTHING_PX)
    peaks: list[Peak] = []
    slices = []
    for level in LEVELS:
        parts = connected((smooth > level) & mask)
        if parts.any():
            peaks = _joined(peaks, parts, float(level), dip)
            peaks += _risen(peaks, parts, smooth)
            slices.append(parts)
    return _regions(peaks, slices, mask.shape)


def connected(mask: Mask) -> Labels:
    """Components of a mask that share pixel edges, numbered from 1."""
    _, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    return parts.astype(np.int32, copy=False)


def rounded_off(labels: Labels, radius: int) -> Labels:
    """Each cell without what is thinner than a disc of `radius` pixels.

    A cell too small for the disc stays as it is; of several pieces the largest stays.
    The picture's edge is no outline: a cut cell is not rounded there.
    """
    answer = np.zeros_like(labels)
    size = 2 * radius + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    for label, place in enumerate(ndimage.find_objects(labels), start=1):
        if place is not None:
            cell = (labels[place] == label).astype(np.uint8)
            solid = _opened(cell, disc, place, labels.shape)
            answer[place][solid] = label
    return answer


def _joined(peaks: list[Peak], parts: Labels, level: float, dip: float) -> list[Peak]:
    """Peaks left when the parts of this level join some: the higher one stays."""
    kept: list[Peak] = []
    taken: set[int] = set()
    for peak in sorted(peaks, key=lambda p: (-p.height, p.number)):
        part = int(parts[peak.row, peak.column])
        if part not in taken or level <= dip * peak.height:
            kept.append(peak)
        taken.add(part)
    return kept


def _risen(peaks: list[Peak], parts: Labels, core: Core) -> list[Peak]:
    """A new peak for each part that holds none."""
    known = {int(parts[peak.row, peak.column]) for peak in peaks}
    new = [part for part in range(1, int(parts.max()) + 1) if part not in known]
    if not new:
        return []
    first = max((peak.number for peak in peaks), default=0) + 1
    places = ndimage.maximum_position(core, parts, new)
    return [
        Peak(number, int(row), int(column), float(core[int(row), int(column)]))
        for number, (row, column) in enumerate(places, start=first)
    ]


def _regions(peaks: list[Peak], slices: list[Labels], shape: tuple[int, ...]) -> Labels:
    """For each peak the largest part of any level that holds no other peak."""
    seeds = np.zeros(shape, np.int32)
    rows = np.array([peak.row for peak in peaks], int)
    columns = np.array([peak.column for peak in peaks], int)
    for parts in slices:  # from the highest level down: larger parts come later
        held = parts[rows, columns]
        alone = np.bincount(held, minlength=int(parts.max()) + 1) == 1
        owner = np.zeros(int(parts.max()) + 1, np.int32)
        owner[held] = np.arange(1, len(peaks) + 1)
        owner[~alone] = 0
        owner[0] = 0
        seeds = np.where(owner[parts] > 0, owner[parts], seeds)
    return seeds.astype(np.int32, copy=False)


def _opened(
    cell: NDArray[np.uint8],
    disc: NDArray[np.uint8],
    place: tuple[slice, ...],
    shape: tuple[int, ...],
) -> Mask:
    margin = disc.shape[0] // 2 + 1
    rows, columns = place
    grown = cv2.copyMakeBorder(cell, *(margin,) * 4, cv2.BORDER_CONSTANT, value=0)
    if rows.start == 0:
        grown[:margin] = grown[margin]
    if rows.stop == shape[0]:
        grown[-margin:] = grown[-margin - 1]
    if columns.start == 0:
        grown[:, :margin] = grown[:, margin : margin + 1]
    if columns.stop == shape[1]:
        grown[:, -margin:] = grown[:, -margin - 1 : -margin]
    solid = cv2.morphologyEx(grown, cv2.MORPH_OPEN, disc)[
        margin:-margin, margin:-margin
    ]
    count, parts, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(solid), connectivity=4
    )
    if count == 1:
        return cell > 0
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    return np.asarray(parts == largest)
