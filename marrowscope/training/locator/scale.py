"""Microns per pixel of each image set, measured from red cells (7.2 µm).

Constants hold for sets from one microscope; `txl_pbc` mixes several and is measured
picture by picture from its red-cell boxes.
"""

from __future__ import annotations

import numpy as np

RED_CELL_UM = 7.2
# 18 isolated red cells, median 76 px, and many overlapping ones of 80-90 px.
MLL_MARROW_MPP = 0.09
# 3,058 isolated red cells, median 49.4 px; CellaVision's 0.1 at 360 px, made 250 px.
ACEVEDO_BLOOD_MPP = 0.144
# 22 isolated red cells, median 73.8 px.
WBC_MASKS_MPP = 0.098
# The scale bar drawn into the pictures.
MARROW_FIELDS_MPP = 0.17

CROP_MPP = {"mll_marrow": MLL_MARROW_MPP, "acevedo_blood": ACEVEDO_BLOOD_MPP}

# Boxes run about 5 % wide of the red cells they hold.
BOX_MARGIN = 0.95
# Height of a txl_pbc picture: the median red-cell box of its kind, in pixels.
RED_CELL_BOX_BY_HEIGHT = {416: 81.6, 363: 79.4, 369: 81.6, 575: 136.5, 480: 103.5}


def mpp_from_red_cells(boxes: np.ndarray, *, width: int, height: int) -> float:
    """Microns per pixel of a txl_pbc picture from its red-cell boxes.

    boxes: (N, 4) x, y, w, h in pixels. Boxes at the border or far from round are left
    out; with fewer than three left the median of pictures of this height decides.
    """
    sides = np.sqrt(boxes[:, 2] * boxes[:, 3])
    ratio = boxes[:, 2] / np.maximum(boxes[:, 3], 1e-6)
    right, bottom = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    whole = (boxes[:, :2] > 3).all(axis=1) & (right < width - 3) & (bottom < height - 3)
    usable = sides[whole & (ratio > 0.8) & (ratio < 1.25)]
    usual = RED_CELL_BOX_BY_HEIGHT.get(height, 100.0)
    side = float(np.median(usable)) if len(usable) >= 3 else usual
    # One microscope's pictures vary by focus and patient, never by half.
    side = float(np.clip(side, usual / 1.3, usual * 1.3))
    return RED_CELL_UM / (BOX_MARGIN * side)
