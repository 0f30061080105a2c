"""Optical density: what the dyes of a smear take away from its background."""

from __future__ import annotations

import cv2
import numpy as np

# Below this grey value a pixel is no empty background, however dark the photo.
DARKEST_BACKGROUND = 90


def background_colour(image: np.ndarray) -> np.ndarray:
    """Colour of the empty glass of an (H, W, 3) uint8 picture, float32 (3,).

    The mean of the brightest 8 % by green, where every dye absorbs most; blown-out
    pixels of fat holes count like any other, being a few per cent.
    """
    green = cv2.GaussianBlur(image, (0, 0), 1.5)[..., 1]
    limit = max(float(np.percentile(green, 92)), DARKEST_BACKGROUND)
    bright = image[green >= min(limit, float(green.max()))]
    return bright.reshape(-1, 3).mean(axis=0).astype(np.float32)


def optical_density(image: np.ndarray, background: np.ndarray) -> np.ndarray:
    """-log(image / background), float32 (H, W, 3); 0 is glass, negative is clipped."""
    ratio = (image.astype(np.float32) + 1.0) / (background + 1.0)
    return np.maximum(-np.log(ratio), 0.0)


def from_density(density: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The uint8 picture that a density gives over a background colour (3,)."""
    picture = np.exp(-density) * (background + 1.0) - 1.0
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8)
