"""A marrow full of nucleated cells, drawn at 1 µm per pixel into a smear's picture.

Drawn smears hold some hundred nucleated cells a square millimetre; a leukaemic or a
well aspirated marrow holds thousands, with few red cells between them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.training.counting_zone.spoiling import Light, Mask, noise

FEWEST, MOST = 600, 7000  # cells per mm²
_THICKER = 1.6  # times as many where a smear is thick
_SIZES = (4.5, 9.0)  # µm, radius of a cell
_CYTOPLASM = np.array([(0.25, 0.3, 0.08), (0.12, 0.25, 0.12), (0.5, 0.5, 0.2)])
_CHROMATIN = np.array([0.75, 1.35, 0.4])  # optical density, natural logarithm


def cellular(light: Light, thick: Mask, rng: np.random.Generator) -> Light:
    """The picture (H, W, 3) with as many cells as a cellular marrow has.

    `thick` (H, W) says where they lie on one another. Red cells and plasma keep
    between a third and all of their depth.
    """
    white = np.percentile(light, 98, axis=(0, 1)).astype(np.float32)
    dense = -np.log(np.clip(light / white, 0.02, 1)) * rng.uniform(0.3, 1)
    number = float(np.exp(rng.uniform(np.log(FEWEST), np.log(MOST))))
    bodies, nuclei = _drawn(thick, number, rng)
    grain = (1 + 0.25 * noise(thick.shape, 2.5, rng)).clip(0.3)[..., None]
    kind = _CYTOPLASM[rng.integers(len(_CYTOPLASM))] * np.exp(rng.normal(0, 0.2, 3))
    chromatin = _CHROMATIN * np.exp(rng.normal(0, 0.25, 3)) * grain
    seen = (bodies > 0)[..., None]
    dense = np.where(seen, bodies[..., None] * kind, dense)
    dense = dense + nuclei[..., None] * chromatin
    dense = cv2.GaussianBlur(dense.astype(np.float32), (0, 0), rng.uniform(0.4, 0.9))
    return (white * np.exp(-dense)).astype(np.float32)


def _drawn(
    thick: Mask, number: float, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Amounts (H, W) of cytoplasm and of chromatin; more where cells overlap."""
    bodies, nuclei = (np.zeros(thick.shape, np.float32) for _ in range(2))
    for x, y in _places(thick, number, rng):
        size = rng.uniform(*_SIZES)
        nucleus = size * rng.uniform(0.55, 0.85)
        turn, long = rng.uniform(0, 180), rng.uniform(1, 1.25)
        off = rng.normal(0, 0.3 * (size - nucleus), 2)
        _oval(bodies, (x, y), size, long, turn, rng.uniform(0.6, 1.3))
        _oval(
            nuclei, (x + off[0], y + off[1]), nucleus, long, turn, rng.uniform(0.6, 1.2)
        )
    return bodies, nuclei


def _places(
    thick: Mask, number: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(N, 2) where cells lie: loosely gathered, side by side unless it is thick."""
    height, width = thick.shape
    likely = np.exp(rng.uniform(0, 0.9) * noise(thick.shape, 150, rng))
    likely = likely / likely.mean() * np.where(thick, _THICKER, 1.0)
    # Four times as many places are tried, of which a quarter is kept where all is even.
    tries = int(4 * number * thick.size / 1e6)
    tried = rng.uniform((0, 0), (width, height), (tries, 2))
    column, row = tried.astype(int).T
    kept = tried[rng.uniform(0, 4, tries) < likely[row, column]]
    taken, free = np.zeros(thick.shape, bool), []
    reach = int(_SIZES[0] * 1.6)
    for x, y in kept:
        column, row = int(x), int(y)
        if thick[row, column] or not taken[row, column]:
            rows = slice(max(row - reach, 0), row + reach + 1)
            taken[rows, max(column - reach, 0) : column + reach + 1] = True
            free.append((x, y))
    return np.array(free)


def _oval(
    amounts: NDArray[np.float32],
    at: tuple[float, float],
    size: float,
    long: float,
    turn: float,
    amount: float,
) -> None:
    """Add an oval of a dye; over one another, they add up."""
    x, y = int(at[0]), int(at[1])
    reach = int(size * long) + 2
    top, left = max(y - reach, 0), max(x - reach, 0)
    part = amounts[top : y + reach + 1, left : x + reach + 1]
    if not part.size:
        return
    drawn = np.zeros(part.shape, np.float32)
    axes = max(round(size * long), 1), max(round(size / long), 1)
    cv2.ellipse(drawn, (x - left, y - top), axes, turn, 0, 360, amount, -1)
    part += drawn
