"""Every nucleated cell of a crop or field as one labelled scene."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy import ndimage

from marrowscope.training.locator.pseudo_masks import (
    WORKING_MPP,
    Stains,
    convex_hull,
    disc,
    distance_um,
    grow_cell,
    keep_large,
    stains_of,
)

# A lobe is smaller than this; a nucleus of its own is larger.
LARGEST_LOBE_UM2 = 28.0
LOBE_GAP_UM = 2.0
# A component between a platelet and this size is left undecided.
SMALLEST_SURE_NUCLEUS_UM2 = 14.0


@dataclass(frozen=True)
class Scene:
    """Labels of one picture, each (H, W); all at the picture's own scale."""

    cells: np.ndarray  # uint8: 0 none, 1 the first (central) cell, 2.. the others
    nucleus: np.ndarray  # bool
    ignore: np.ndarray  # bool: nobody should learn from these pixels


def scene_of_crop(
    image: np.ndarray, *, lobed: bool, platelets: bool, central: bool = True
) -> Scene:
    """The scene of a single-cell crop at the working scale, RGB uint8.

    lobed: the central cell may own several nuclear lobes (granulocytes).
    platelets: small stained spots are platelets (blood), not lobes (marrow).
    central: False where the thing in the middle is no nucleated cell.
    The central cell is label 1, or missing when its outline cannot be trusted.
    """
    stains = stains_of(image)
    parts, count = ndimage.label(stains.nucleus)
    if count and not central:
        middle = parts == central_part(parts, count)
        stains.nucleus[middle] = False
        parts[middle] = 0
    left = [i for i in range(1, count + 1) if (parts == i).any()]
    seeds = []
    if left and central:
        seeds.append(gather_lobes(parts, central_part(parts, count), lobed=lobed))
    seeds += [parts == i for i in left if not any(s[parts == i].any() for s in seeds)]
    return assemble(stains, seeds, platelets=platelets, first=1 if central else 2)


def scene_of_blood_field(image: np.ndarray, boxes: np.ndarray) -> Scene:
    """The scene of a blood picture at the working scale from its white-cell boxes.

    boxes: (N, 4) x, y, w, h of every white cell, working pixels. A grown cell counts
    when its own box agrees with the given one; else the box is left undecided.
    """
    stains = stains_of(image)
    scene = Scene(*(np.zeros(stains.total.shape, t) for t in (np.uint8, bool, bool)))
    inside = np.zeros(stains.total.shape, bool)
    for i, box in enumerate(boxes[:250]):
        window = box_window(box, inside.shape, margin=0.0)
        inside[box_window(box, inside.shape, margin=2.0)] = True
        seed = np.zeros(inside.shape, bool)
        seed[window] = stains.nucleus[window]
        cell = grow_cell(stains, seed) if seed.any() else seed
        limit = np.zeros(inside.shape, bool)
        limit[box_window(box, inside.shape, margin=0.6)] = True
        cell &= limit
        if seed.any() and box_agreement(cell, box) > 0.72:
            scene.cells[cell & (scene.cells == 0)] = i + 1
            scene.nucleus[seed & cell] = True
        else:
            scene.ignore[box_window(box, inside.shape, margin=1.0)] = True
    strays = keep_large(stains.nucleus & ~inside, SMALLEST_SURE_NUCLEUS_UM2)
    ignore = (scene.ignore | (distance_um(strays) < 4.0)) & (scene.cells == 0)
    return Scene(scene.cells, scene.nucleus, ignore)


def box_window(
    box: np.ndarray, shape: tuple[int, ...], *, margin: float
) -> tuple[slice, slice]:
    """Rows and columns of a box widened by a margin in microns."""
    x, y, w, h = box
    grow = margin / WORKING_MPP
    rows = slice(max(int(y - grow), 0), min(int(np.ceil(y + h + grow)), shape[0]))
    columns = slice(max(int(x - grow), 0), min(int(np.ceil(x + w + grow)), shape[1]))
    return rows, columns


def box_agreement(mask: np.ndarray, box: np.ndarray) -> float:
    """Intersection over union of the mask's own box and a given one."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return 0.0
    x, y, w, h = box
    left, top = columns.min(), rows.min()
    right, bottom = columns.max() + 1, rows.max() + 1
    across = max(min(right, x + w) - max(left, x), 0.0)
    down = max(min(bottom, y + h) - max(top, y), 0.0)
    both = (right - left) * (bottom - top) + w * h - across * down
    return float(across * down / both)


def central_part(parts: np.ndarray, count: int) -> int:
    """The component nearest the middle of the picture."""
    height, width = parts.shape
    rows, columns = np.indices(parts.shape)
    away = np.hypot(rows - height / 2, columns - width / 2)
    score = [
        away[parts == i].min() + 0.2 * away[parts == i].mean()
        for i in range(1, count + 1)
    ]
    return int(np.argmin(score)) + 1


def gather_lobes(parts: np.ndarray, first: int, *, lobed: bool) -> np.ndarray:
    """The component `first` with the small components close to it."""
    seed = parts == first
    for _ in range(3 if lobed else 0):
        near = ndimage.binary_dilation(seed, disc(LOBE_GAP_UM))
        for i in np.unique(parts[near & (parts > 0) & ~seed]):
            lobe = parts == i
            if area_um2(lobe) < LARGEST_LOBE_UM2 and not touches_border(lobe):
                seed |= lobe
    return seed


def assemble(
    stains: Stains, seeds: list[np.ndarray], *, platelets: bool, first: int = 1
) -> Scene:
    """Grow a cell from each nucleus; what cannot be trusted becomes ignore."""
    cells = np.zeros(stains.total.shape, np.uint8)
    nucleus = np.zeros(cells.shape, bool)
    ignore = np.zeros(cells.shape, bool)
    for i, seed in enumerate(seeds[:250], start=first):
        if area_um2(seed) < SMALLEST_SURE_NUCLEUS_UM2:
            if not platelets or touches_border(seed):
                ignore |= distance_um(seed) < 1.5
            continue
        cell = grow_cell(stains, seed) & (cells == 0)
        nucleus |= seed
        if is_trustworthy(stains, cell, seed, whole=i == 1):
            cells[cell] = i
        else:
            ignore |= (distance_um(seed) < 4.0) | cell
    if not platelets:
        ignore |= stray_stain(stains, cells, nucleus)
    return Scene(cells, nucleus, ignore & (cells == 0))


def stray_stain(stains: Stains, cells: np.ndarray, nucleus: np.ndarray) -> np.ndarray:
    """Stained stuff of a marrow crop that no cell claims: cytoplasm, or debris.

    Small spots far from nuclei are platelets and dirt, which are background.
    """
    coloured = (stains.total > 0.3) & ~stains.red_cell & (cells == 0)
    coloured = np.asarray(ndimage.binary_opening(coloured, disc(0.8)))
    near = coloured & (distance_um(nucleus) < 3.0)
    return near | keep_large(coloured, SMALLEST_SURE_NUCLEUS_UM2)


def is_trustworthy(
    stains: Stains, cell: np.ndarray, seed: np.ndarray, *, whole: bool
) -> bool:
    """Area, share of nucleus, smoothness, border contact and edge contrast."""
    area = area_um2(cell)
    if not 25.0 < area < 900.0 or (whole and touches_border(cell)):
        return False
    if not 0.12 < seed.sum() / cell.sum() < 1.01 or area < area_um2(seed):
        return False
    if cell.sum() / convex_hull(cell).sum() < 0.86:
        return False
    return edge_contrast(stains, cell) > 0.12 and crowding(stains, cell, seed) < 0.3


def edge_contrast(stains: Stains, cell: np.ndarray) -> float:
    """Median density just inside the outline minus just outside, red cells apart."""
    inside = cell & (distance_um(~cell) < 0.9)
    outside = ~cell & (distance_um(cell) < 0.9) & ~stains.red_cell
    if outside.sum() < 20:
        return 1.0  # red cells all around: their colour is the edge
    return float(np.median(stains.total[inside]) - np.median(stains.total[outside]))


def crowding(stains: Stains, cell: np.ndarray, seed: np.ndarray) -> float:
    """Share of the rim that lies on stained stuff that is no red cell."""
    rim = ~cell & (distance_um(cell) < 0.9)
    stuff = (stains.total > 0.35) & ~stains.red_cell
    inner = float(np.median(stains.total[cell & ~seed])) if (cell & ~seed).any() else 1
    stuff &= stains.total > 0.4 * inner
    return float(stuff[rim].mean()) if rim.any() else 1.0


def area_um2(mask: np.ndarray) -> float:
    """Area of a mask at the working scale."""
    return float(mask.sum()) * WORKING_MPP**2


def touches_border(mask: np.ndarray) -> bool:
    """Whether a true pixel lies on the picture's edge."""
    edges = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    return bool(any(edge.any() for edge in edges))


def at_size(scene: Scene, width: int, height: int) -> Scene:
    """The scene resampled to another size, outlines kept smooth."""
    cells = np.zeros((height, width), np.uint8)
    for i in np.unique(scene.cells[scene.cells > 0]):
        cells[_resized(scene.cells == i, width, height)] = i
    nucleus = _resized(scene.nucleus, width, height)
    ignore = _resized(scene.ignore, width, height) & (cells == 0)
    return Scene(cells, nucleus, ignore)


def _resized(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    grey = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    return cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
