"""A nucleated body at low power in numbers: its stain from the middle outwards.

Rings would tell the same; blurs of growing width are cheaper, and a touching neighbour
changes them little by little.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.counting_zone.looks import Staining, densities

MPP = 2.0  # microns per pixel of the pictures measured here
WIDTHS = (2.1, 4.2, 7.0, 10.5, 15.4, 22.4)  # µm, of blurs from lobe to giant
REACH_UM = 3 * WIDTHS[-1]  # what lies farther away changes nothing
_BODY_UM, _APART_PX = 7.0, 11  # blur that makes one peak of one nucleus; its surrounds
_LEAST_BODY = 0.12  # of a peak: less is a platelet or a pale red cell
_NUCLEAR, _MOST = 0.5, 1.5  # optical density in red that counts as a whole nucleus

Maps = NDArray[np.float32]  # (H, W)


def bodies(pixels: Pixels, staining: Staining) -> tuple[NDArray[np.intp], Maps]:
    """Middles (N, 2) column, row of stained bodies, and their profiles (N, K).

    `pixels` (H, W, 3) at `MPP`. Every nucleus or group of nuclei is a body.
    """
    dense = densities(pixels, staining)
    nuclear = np.clip(dense[..., 0] / _NUCLEAR, 0, _MOST)
    smooth = _blurred(nuclear, _BODY_UM)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_APART_PX, _APART_PX))
    highest = cv2.dilate(smooth, np.asarray(around, np.uint8))
    rows, columns = np.nonzero((smooth >= highest) & (smooth > _LEAST_BODY))
    measured = [values[rows, columns] for values in _profile(dense, nuclear)]
    places = np.stack([columns, rows], axis=1)
    return places, np.stack(measured, axis=1).astype(np.float32)


def _profile(dense: NDArray[np.float32], nuclear: Maps) -> Iterator[Maps]:
    """At every width: nucleus, the three densities, how uneven, and the colour."""
    red = np.ascontiguousarray(dense[..., 0])
    for width in WIDTHS:
        colour = [_blurred(dense[..., channel], width) for channel in range(3)]
        total = np.maximum(np.sum(colour, axis=0), np.float32(0.05))
        yield _blurred(nuclear, width)
        yield from colour
        yield np.sqrt(np.maximum(_blurred(red**2, width) - colour[0] ** 2, 0))
        yield colour[0] / total
        yield colour[2] / total


def _blurred(values: NDArray[np.float32], width: float) -> Maps:
    whole = np.ascontiguousarray(values, np.float32)
    return np.asarray(cv2.GaussianBlur(whole, (0, 0), width / MPP), np.float32)
