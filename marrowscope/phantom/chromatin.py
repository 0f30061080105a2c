"""Nuclear chromatin: from the blast's fine net to the pyknotic ball."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marrowscope.phantom.sheet import Sheet


@dataclass(frozen=True)
class Chromatin:
    """How DNA lies in a nucleus: mean amount, size and contrast of clumps, net, rim,
    and of the pale gaps between the clumps."""

    level: float
    clump: float = 1.4  # microns
    contrast: float = 0.15
    sharp: float = 1.5
    net: float = 0.08
    rim: float = 0.15
    gaps: float = 0.9


FINE = Chromatin(0.86, clump=1.4, contrast=0.26, sharp=1.2, net=0.26, rim=0.10)
GRANULAR = Chromatin(0.90, clump=1.4, contrast=0.26, sharp=1.3, net=0.22, rim=0.10)
MEDIUM = Chromatin(0.88, clump=1.6, contrast=0.30, sharp=1.3, net=0.18, rim=0.12)
COARSE = Chromatin(0.94, clump=1.8, contrast=0.32, sharp=1.5, net=0.14, rim=0.14)
CHEQUERED = Chromatin(1.05, clump=1.7, contrast=0.36, sharp=1.9, net=0.10, rim=0.14)
DENSE = Chromatin(
    1.65, clump=2.2, contrast=0.16, sharp=1.0, net=0.05, rim=0.02, gaps=0.1
)
SMUDGED = Chromatin(
    0.55, clump=3.5, contrast=0.14, sharp=0.7, net=0.10, rim=0.0, gaps=0.3
)


def paint(sheet: Sheet, depth: np.ndarray, kind: Chromatin) -> np.ndarray:
    """Return the amount of DNA dye (H, W) of a nucleus of this depth."""
    clumps = np.tanh(kind.sharp * sheet.noise(kind.clump))
    strands = 0.8 - np.abs(sheet.noise(kind.clump * 0.8))
    vary = 1.0 + kind.contrast * clumps + kind.net * strands
    # A nucleus is not flat: thicker here, thinner there, with a few bright gaps.
    vary += 0.10 * sheet.noise(5.0)
    gaps = np.clip(sheet.noise(kind.clump * 0.8) - 1.2, 0.0, 0.9)
    vary -= kind.gaps * sheet.uniform(0.2, 1.2) * gaps
    vary += kind.rim * np.exp(-np.square((depth - 0.25) / 0.3))
    level = kind.level * sheet.uniform(0.85, 1.15)
    return sheet.cover(depth) * level * np.clip(vary, 0.15, None)


def nucleoli(sheet: Sheet, depth: np.ndarray, count: int) -> np.ndarray:
    """Return a factor (H, W) below 1 where nucleoli thin the chromatin.

    Each is 0.7 to 1.4 microns in radius with a faint condensed border.
    """
    factor = np.ones(sheet.shape, np.float32)
    inner = np.argwhere(depth > 1.4)
    for _ in range(count if len(inner) else 0):
        row, column = inner[sheet.rng.integers(len(inner))]
        x, y = sheet.x[row, column], sheet.y[row, column]
        spot = sheet.uniform(0.7, 1.4) - np.hypot(sheet.x - x, sheet.y - y)
        cover = sheet.cover(spot, soft=0.5)
        factor *= 1.0 - sheet.uniform(0.18, 0.38) * cover
        factor *= 1.0 + 0.12 * np.exp(-np.square((spot + 0.2) / 0.25))
    return factor


def clock_face(sheet: Sheet, depth: np.ndarray) -> np.ndarray:
    """Return a factor (H, W) that lays clumps like a clock's numerals under the rim."""
    inside = depth > 0
    if not inside.any():
        return np.ones(sheet.shape, np.float32)
    x, y = float(sheet.x[inside].mean()), float(sheet.y[inside].mean())
    angle = np.arctan2(sheet.y - y, sheet.x - x)
    hours = np.cos(int(sheet.rng.integers(6, 9)) * angle + sheet.uniform(0, 6))
    near = np.exp(-np.square((depth - 0.8) / 0.9))
    return 1.0 + 0.16 * near * np.tanh(1.5 * hours + 0.7 * sheet.noise(2.0))
