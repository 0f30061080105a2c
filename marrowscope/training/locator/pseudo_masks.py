"""Pseudo-masks of whole cells and nuclei by colour, GrabCut and morphology.

No expert mask takes part. Everything works at `WORKING_MPP` on RGB uint8 pictures.
Red cells are told from cytoplasm by the share of blue light they take away, learned
afresh from each picture's own red cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy import ndimage

from marrowscope.training.locator.stain import background_colour, optical_density

WORKING_MPP = 0.18
# A stained spot under 6 µm² is a platelet, a fragment or dirt, not a nucleus.
SMALLEST_NUCLEUS_UM2 = 6.0
# Cytoplasm further than this from its nucleus is not searched for.
WIDEST_CYTOPLASM_UM = 7.0
# Red cells give their own colour when they cover this many pixels.
ENOUGH_RED_CELL_PIXELS = 300


@dataclass(frozen=True)
class Stains:
    """Smoothed optical densities of a picture, each (H, W) float32."""

    red: np.ndarray  # light taken from red: thionins (chromatin, RNA)
    total: np.ndarray
    red_share: np.ndarray  # of the total
    blue_share: np.ndarray  # haemoglobin and eosin take blue
    nucleus: np.ndarray  # bool
    red_cell: np.ndarray  # bool


def stains_of(image: np.ndarray) -> Stains:
    """What the dyes say of each pixel of an RGB uint8 picture."""
    background = background_colour(image)
    density = optical_density(gaussian(image, 0.15), background)
    density = gaussian(density, 0.25)
    total = density.sum(axis=-1)
    # The small constant keeps the shares of bare glass neutral instead of noisy.
    red_share = (density[..., 0] + 0.05) / (total + 0.15)
    blue_share = (density[..., 2] + 0.05) / (total + 0.15)
    nucleus = nucleus_mask(image, background)
    red_cell = red_cell_mask(density[..., 0], total, red_share, blue_share, nucleus)
    return Stains(density[..., 0], total, red_share, blue_share, nucleus, red_cell)


def nucleus_mask(image: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Chromatin, (H, W) bool: Otsu's densest class among the stained pixels."""
    density = optical_density(cv2.bilateralFilter(image, 5, 25, 3), background)
    red, green, blue = (density[..., i] for i in range(3))
    score = gaussian(red + 0.5 * green - 0.5 * blue, 0.25)
    stained = score[score > 0.35]
    if stained.size < 30:
        return np.zeros(score.shape, bool)
    chromatin = score > max(otsu(stained), 0.6)
    chromatin = ndimage.binary_opening(chromatin, disc(0.4))
    chromatin = ndimage.binary_closing(chromatin, disc(0.5))
    chromatin = ndimage.binary_fill_holes(chromatin)
    return keep_large(chromatin, SMALLEST_NUCLEUS_UM2)


def red_cell_mask(
    red: np.ndarray,
    total: np.ndarray,
    red_share: np.ndarray,
    blue_share: np.ndarray,
    nucleus: np.ndarray,
) -> np.ndarray:
    """Haemoglobin, (H, W) bool, by the colour of red cells far from any nucleus."""
    dull = (total > 0.3) & (blue_share > 0.21) & (red_share > 0.235)
    far = dull & (distance_um(nucleus) > 5.0)
    limit = 0.21
    if far.sum() > ENOUGH_RED_CELL_PIXELS:
        seen = blue_share[far]
        limit = max(limit, float(np.median(seen) - 1.6 * max(seen.std(), 0.012)))
    mask = (total > 0.3) & (blue_share > limit) & (red_share > 0.25) & (red < 0.6)
    return ndimage.binary_opening(mask, disc(0.5))


def grow_cell(stains: Stains, seed: np.ndarray) -> np.ndarray:
    """The whole cell around a nucleus `seed`, (H, W) bool, by GrabCut on stains."""
    other = stains.nucleus & ~seed
    from_hull = distance_um(convex_hull(seed) & ~other)
    from_other = distance_um(other)
    trimap = _trimap(stains, seed, from_hull, from_other)
    share = np.clip(np.stack([stains.red_share, stains.blue_share]) * 400, 0, 255)
    depth = 255 * (1 - np.exp(-0.8 * stains.total))
    features = np.dstack([depth, *share]).astype(np.uint8)  # (H, W, 3)
    try:
        model = np.zeros((2, 1, 65))
        cv2.grabCut(
            features, trimap, None, model[0], model[1], 3, cv2.GC_INIT_WITH_MASK
        )
    except cv2.error:  # one colour only: nothing to separate
        return seed
    inside = np.isin(trimap, (cv2.GC_FGD, cv2.GC_PR_FGD))
    return _smooth_cell((inside & (from_hull < 7.0)) | seed, seed, from_other > 0.2)


def _trimap(
    stains: Stains, seed: np.ndarray, from_hull: np.ndarray, from_other: np.ndarray
) -> np.ndarray:
    glass = stains.total < 0.08
    coloured = (stains.total > 0.14) & ~stains.red_cell
    trimap = np.full(seed.shape, cv2.GC_PR_BGD, np.uint8)
    likely = coloured & (from_hull < 4.0) & (from_hull < from_other)
    trimap[likely | (from_hull < 0.4)] = cv2.GC_PR_FGD
    never = (from_hull > WIDEST_CYTOPLASM_UM) | (from_other < 0.3)
    never |= from_other < from_hull - 1.0
    never |= (glass & (from_hull > 0.5)) | (stains.red_cell & (from_hull > 0.9))
    trimap[never] = cv2.GC_BGD
    trimap[seed] = cv2.GC_FGD
    return trimap


def _smooth_cell(
    inside: np.ndarray, seed: np.ndarray, allowed: np.ndarray
) -> np.ndarray:
    cell = (ndimage.binary_closing(inside, disc(0.6)) & allowed) | seed
    cell = np.asarray(ndimage.binary_fill_holes(cell))
    cell = ndimage.binary_opening(cell, disc(0.9)) | seed
    labels, _ = ndimage.label(cell)
    cell = np.isin(labels, np.unique(labels[seed]))
    return (gaussian(cell.astype(np.float32), 0.45) > 0.5) | seed


def gaussian(image: np.ndarray, sigma_um: float) -> np.ndarray:
    """Blur by a sigma in microns at the working scale."""
    return cv2.GaussianBlur(image, (0, 0), sigma_um / WORKING_MPP)


def distance_um(mask: np.ndarray) -> np.ndarray:
    """Distance of each pixel to `mask` in microns; 99 everywhere when it is empty."""
    if not mask.any():
        return np.full(mask.shape, 99.0)
    return np.asarray(ndimage.distance_transform_edt(~mask)) * WORKING_MPP


def convex_hull(mask: np.ndarray) -> np.ndarray:
    """Convex hull of the true pixels, (H, W) bool."""
    hull = np.zeros(mask.shape, np.uint8)
    points = cv2.findNonZero(mask.astype(np.uint8))
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull.astype(bool)


def otsu(values: np.ndarray) -> float:
    """Otsu's threshold of a flat float array."""
    low, high = float(values.min()), float(np.percentile(values, 99.5))
    scaled = np.clip((values - low) / max(high - low, 1e-6) * 255, 0, 255)
    level, _ = cv2.threshold(
        scaled.astype(np.uint8).reshape(1, -1), 0, 255, cv2.THRESH_OTSU
    )
    return low + level / 255 * (high - low)


def disc(radius_um: float) -> np.ndarray:
    """Round structuring element of a radius in microns, at least one pixel."""
    size = 2 * max(round(radius_um / WORKING_MPP), 1) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(bool)


def keep_large(mask: np.ndarray, area_um2: float) -> np.ndarray:
    """Components of at least an area in µm²."""
    labels, count = ndimage.label(mask)
    sizes = ndimage.sum_labels(mask, labels, range(count + 1))
    return np.asarray(sizes >= area_um2 / WORKING_MPP**2)[labels] & mask
