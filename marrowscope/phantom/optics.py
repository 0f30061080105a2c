"""From light to pixels: the lens, the lamp's fall-off, the camera."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.phantom.stain import Stain
from marrowscope.phantom.window import Window

MARGIN_UM = 4.0  # how far light spreads: windows are drawn with this much around them


def blur(
    light: np.ndarray, stain: Stain, mpp: float, defocus: np.ndarray | float
) -> np.ndarray:
    """Return light (H, W, 3) spread by the lens and by ``defocus`` (microns)."""
    # A pixel itself averages over its area: about 0.29 of its side as a deviation.
    sharp = _gauss(light, np.hypot(stain.blur, 0.2 * mpp) / mpp)
    worst = float(np.max(defocus))
    if worst <= 0.02:
        return sharp
    soft = _gauss(sharp, worst / mpp)
    if np.min(defocus) == worst:
        return soft
    share = (np.asarray(defocus, np.float32) / worst)[..., None]
    return sharp + (soft - sharp) * share


def _gauss(light: np.ndarray, deviation: float) -> np.ndarray:
    return cv2.GaussianBlur(light, (0, 0), max(deviation, 0.05))


def lamp(window: Window, *, seed: int, amount: float = 0.02) -> np.ndarray:
    """Return the lamp's slow unevenness (H, W, 1) around 1."""
    return (1.0 + amount * window.smooth(400.0, seed + 30))[..., None]


def photograph(light: np.ndarray, stain: Stain, rng: np.random.Generator) -> np.ndarray:
    """Return pixels (H, W, 3) uint8: saturation, shot noise, rounding."""
    spread = (1.0 - stain.saturation) / 3.0
    mix = np.full((3, 3), spread, np.float32) + np.eye(3, dtype=np.float32) * (
        stain.saturation
    )
    light = cv2.transform(light, mix)
    size = light.shape[1::-1]
    small = ((size[1] + 1) // 2, (size[0] + 1) // 2, 3)
    tint = rng.standard_normal(small, dtype=np.float32) * np.float32(0.8 * stain.noise)
    grain = rng.standard_normal(size[::-1], dtype=np.float32) * np.float32(stain.noise)
    light = cv2.add(light, cv2.resize(tint, size))
    light = cv2.add(light, cv2.merge([grain, grain, grain]))
    # Rounds, and holds what is over 255; what is under 0 must be held before.
    return cv2.convertScaleAbs(np.maximum(light, 0.0))
