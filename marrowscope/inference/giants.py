"""Megakaryocytes whose nuclei lie apart are one cell, not one for each nucleus.

A clump of small cells has a wavy outline and is full of nuclei; a giant is round as a
whole and mostly cytoplasm. Sizes follow the smallest mature megakaryocytes (30 µm).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from marrowscope.inference.separation import Labels

SMALLEST_UM2 = 500.0
SOLIDITY = 0.9  # area over that of the convex hull
ROUNDNESS = 0.6  # area over that of the smallest circle around it
MOST_NUCLEUS = 0.4  # of the area
MOST_NEIGHBOURS = 4  # cells that may lean on a giant

Mask = NDArray[np.bool_]


def join_giants(
    labels: Labels, part_of: Labels, nucleus: Mask, *, mpp: float
) -> Labels:
    """Labels (H, W) in which the pieces of each giant share one number.

    `part_of` numbers the connected parts of the mask, `nucleus` says where nuclei are;
    `mpp` microns per pixel.
    """
    joined = labels.copy()
    sizes = np.bincount(part_of.ravel()) * mpp * mpp
    for part, place in enumerate(ndimage.find_objects(part_of), start=1):
        if place is None or sizes[part] < SMALLEST_UM2:
            continue
        pieces = np.where(part_of[place] == part, labels[place], 0)
        giant = _giant(pieces, nucleus[place], mpp)
        if len(giant) > 1:
            joined[place][np.isin(pieces, giant)] = giant[0]
    return joined


def _giant(pieces: Labels, nucleus: Mask, mpp: float) -> list[int]:
    """The pieces that together look like one giant.

    What leans on a giant is fuller of nucleus than the giant's own pieces: the fullest
    are left out first, all at once when they are mostly nucleus, then one by one. Of
    what could be a giant the roundest is taken.
    """
    labels = [int(label) for label in np.unique(pieces) if label]
    fullness = {label: float(nucleus[pieces == label].mean()) for label in labels}
    members = sorted(labels, key=fullness.__getitem__)
    while members and fullness[members[-1]] > MOST_NUCLEUS:
        members.pop()
    roundest, giant = 0.0, []
    for left_out in range(min(MOST_NEIGHBOURS + 1, len(members) - 1)):
        some = members[: len(members) - left_out]
        roundness = _roundness(np.isin(pieces, some), nucleus, mpp)
        if roundness > roundest:
            roundest, giant = roundness, some
    return giant


def _roundness(whole: Mask, nucleus: Mask, mpp: float) -> float:
    """Area over that of the smallest circle around; 0 for what is no giant."""
    area = float(whole.sum())
    if area * mpp * mpp < SMALLEST_UM2 or nucleus[whole].mean() > MOST_NUCLEUS:
        return 0.0
    contours, _ = cv2.findContours(
        whole.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    outline = max(contours, key=cv2.contourArea)
    inside = cv2.contourArea(outline)
    hull = max(cv2.contourArea(cv2.convexHull(outline)), 1.0)
    _, radius = cv2.minEnclosingCircle(outline)
    roundness = inside / max(np.pi * radius * radius, 1.0)
    # A piece that lies apart is no part of it.
    one_piece = inside > 0.9 * area
    giant = one_piece and inside / hull > SOLIDITY and roundness > ROUNDNESS
    return float(roundness) if giant else 0.0
