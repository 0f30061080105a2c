"""Grad-CAM: for global pooling and one linear layer, the class activation map itself.

Zhou et al., CVPR 2016 (CAM); Selvaraju et al., ICCV 2017 show that Grad-CAM equals it
for this kind of network. The network answers it as an output, so no second pass runs.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

MAP_SIZE = 8


def stored_map(saliency: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A map (h, w) of 0 to 1 as a case keeps it."""
    return np.rint(np.clip(saliency, 0, 1) * 255).astype(np.uint8)


def spread_map(saliency: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """A stored map spread smoothly over a crop of `size` pixels, 0 to 1."""
    large = cv2.resize(saliency, (size, size), interpolation=cv2.INTER_CUBIC)
    return large.astype(np.float32) / np.float32(255)


def heat_overlay(crop: Pixels, saliency: NDArray[np.uint8], opacity: float) -> Pixels:
    """The crop (H, W, 3) with its map laid over; untouched where the map is zero."""
    heat = spread_map(saliency, crop.shape[0])[..., None] * opacity
    colours = cv2.applyColorMap(
        np.rint(heat[..., 0] / max(opacity, 1e-6) * 255).astype(np.uint8),
        cv2.COLORMAP_INFERNO,
    )[..., ::-1]
    return np.rint(crop * (1 - heat) + colours * heat).astype(np.uint8)
