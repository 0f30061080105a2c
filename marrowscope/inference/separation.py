"""Which pixels of a mask belong to which cell, by the depth map inside them.

Measured on drawn fields, blood pictures and marrow fields: one threshold on the core
map merges cells wherever the network is unsure of itself, since its peaks are then
low everywhere; peaks judged against each other part them (marrow fields: recall 0.61
to 0.77 with the same network). Rounding off each cell takes away thin leaks.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Labels = NDArray[np.int32]  # (H, W), 0 is background
Core = NDArray[np.float32]  # (H, W) in 0..1
Mask = NDArray[np.bool_]

LEVELS = np.arange(0.92, 0.17, -0.06)
SMOOTHING_PX = 1.0


def parted(core: Core, mask: Mask, *, dip: float) -> Labels:
    """Number the cells of a mask (H, W), 1 up: every pixel of it belongs to one.

    Two peaks of the core map are two cells when it falls between them below `dip` times
    the lower one; pixels go to the nearest cell of their own part of the mask. A part
    without a peak is one cell.
    """
    smooth = np.asarray(cv2.GaussianBlur(core, (0, 0), SMOOTHING_PX), np.float32)
    highest = cv2.dilate(smooth, np.ones((3, 3), np.uint8))
    peak = (smooth >= highest) & (smooth > LEVELS[-1]) & mask
    labels = connected(mask)
    last = int(labels.max())
    peaks = np.bincount(labels[peak], minlength=last + 1)
    # Levels cost most: only parts with several peaks need them, each in its own frame.
    for part, place in enumerate(ndimage.find_objects(labels), start=1):
        if peaks[part] > 1 and place is not None:
            inside = labels[place] == part
            seeds = _seeds(smooth[place], inside, peak[place] & inside, dip=dip)
            # The first seed keeps the part's number, further ones get new numbers.
            numbers = np.concatenate([[part], last + np.arange(1, seeds.max())])
            labels[place][inside] = numbers[_nearest(seeds)[inside] - 1]
            last += int(seeds.max()) - 1
    return labels


def filled(mask: Mask, largest: float) -> Mask:
    """The mask with its holes up to `largest` pixels filled.

    What a ring of cells encloses is background and larger than a hole in one cell.
    """
    background = (~mask).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(background, connectivity=4)
    height, width = mask.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right = left + stats[:, cv2.CC_STAT_WIDTH]
    bottom = top + stats[:, cv2.CC_STAT_HEIGHT]
    enclosed = (left > 0) & (top > 0) & (right < width) & (bottom < height)
    holes = enclosed & (stats[:, cv2.CC_STAT_AREA] <= largest)
    holes[0] = False
    return mask | holes[parts]


def _seeds(smooth: Core, mask: Mask, peak: Mask, *, dip: float) -> Labels:
    """One seed a cell in a part of the mask that has several peaks.

    A seed is the region round a peak down to where it meets another.
    """
    rows, columns = np.nonzero(peak)
    heights = smooth[rows, columns]
    order = np.argsort(-heights, kind="stable")
    rows, columns, heights = rows[order], columns[order], heights[order]
    slices = [connected((smooth > level) & mask) for level in LEVELS]
    kept = np.ones(len(rows), bool)
    for level, parts in zip(LEVELS, slices, strict=True):
        held = np.where(kept, parts[rows, columns], 0)
        first = _first_of_each(held)
        kept &= (held == 0) | first | (level <= dip * heights)
    return _regions(rows[kept], columns[kept], slices)


def _nearest(seeds: Labels) -> Labels:
    """The number of the nearest seed of every pixel; there must be one."""
    _, nearest = cv2.distanceTransformWithLabels(
        (seeds == 0).astype(np.uint8),
        cv2.DIST_L2,
        5,
        labelType=cv2.DIST_LABEL_PIXEL,
    )
    # Label numbers follow no order of ours: look up what seed each one lies in.
    at_seed = seeds > 0
    seed_of = np.zeros(int(nearest.max()) + 1, np.int32)
    seed_of[nearest[at_seed]] = seeds[at_seed]
    return seed_of[nearest]


def _first_of_each(held: NDArray[np.int32]) -> Mask:
    """True where a number appears for the first time: the highest peak of its part."""
    first = np.zeros(len(held), bool)
    first[np.unique(held, return_index=True)[1]] = True
    return first


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
    disc = np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8
    )
    for label, place in enumerate(ndimage.find_objects(labels), start=1):
        if place is not None:
            cell = (labels[place] == label).astype(np.uint8)
            solid = _opened(cell, disc, place, labels.shape)
            answer[place][solid] = label
    return answer


def _regions(
    rows: NDArray[np.intp], columns: NDArray[np.intp], slices: list[Labels]
) -> Labels:
    """For each peak the largest part of any level that holds no other peak."""
    seeds = np.zeros_like(slices[0])
    for parts in slices:  # from the highest level down: larger parts come later
        held = parts[rows, columns]
        count = np.bincount(held, minlength=int(parts.max()) + 1)
        owner = np.zeros(len(count), np.int32)
        owner[held] = np.arange(1, len(rows) + 1)
        owner[count != 1] = 0
        owner[0] = 0
        owned = owner[parts]
        np.copyto(seeds, owned, where=owned > 0)
    return seeds


def _opened(
    cell: NDArray[np.uint8],
    disc: NDArray[np.uint8],
    place: tuple[slice, ...],
    shape: tuple[int, ...],
) -> Mask:
    margin = disc.shape[0] // 2 + 1
    rows, columns = place
    grown = np.pad(cell, margin)
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
