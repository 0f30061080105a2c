"""The small piece of smear on which one cell is drawn, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from marrowscope.phantom import texture

DNA, RNA, EOSIN, HAEM = range(4)


@dataclass
class Sheet:
    """A grid of positions in microns around a cell's centre, with its own randomness.

    ``x`` and ``y`` are (H, W) float32, turned by a random angle so that no drawing has
    a preferred direction, and slightly warped so that no outline is geometric.
    """

    x: np.ndarray
    y: np.ndarray
    mpp: float
    rng: np.random.Generator

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the sheet."""
        return self.x.shape[0], self.x.shape[1]

    def noise(self, grain: float) -> np.ndarray:
        """Return noise (H, W) of a grain in microns, mean 0 and deviation 1."""
        return texture.cut(self.rng, self.shape, grain=grain, mpp=self.mpp)

    def beads(self, grain: float) -> np.ndarray:
        """Return granules (H, W), 0 to 1, spaced ``grain`` microns apart."""
        return texture.cut(
            self.rng, self.shape, grain=grain, mpp=self.mpp, kind="beads"
        )

    def uniform(self, low: float, high: float) -> float:
        """Return a number between ``low`` and ``high``."""
        return float(self.rng.uniform(low, high))

    def cover(self, depth: np.ndarray, *, soft: float = 0.3) -> np.ndarray:
        """Return coverage 0..1 from a depth in microns (positive inside)."""
        return np.clip(depth / max(soft, self.mpp) + 0.5, 0.0, 1.0)


@dataclass
class Member:
    """One cell of a drawing: coverages (H, W) of the whole cell and of its nucleus."""

    line: str
    body: np.ndarray
    nucleus: np.ndarray
    grades: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Drawing:
    """Dye amounts (H, W, 4) in the order DNA, RNA, EOSIN, HAEM, and the cells in it."""

    dyes: np.ndarray
    members: list[Member]


def first_turn(rng: np.random.Generator) -> float:
    """Return the angle by which a sheet made with this fresh generator is turned."""
    return float(rng.uniform(0, 2 * np.pi))


def lay_out(
    centre: tuple[float, float],
    half_um: float,
    *,
    mpp: float,
    rng: np.random.Generator,
) -> tuple[Sheet, tuple[int, int]]:
    """Return a sheet around ``centre`` (level-0 pixels), and its corner (x, y)."""
    half = half_um / mpp
    left, top = int(np.floor(centre[0] - half)), int(np.floor(centre[1] - half))
    side = int(np.ceil(2 * half)) + 1
    turn = first_turn(rng)
    xs = ((np.arange(side) + left + 0.5 - centre[0]) * mpp).astype(np.float32)
    ys = ((np.arange(side) + top + 0.5 - centre[1]) * mpp).astype(np.float32)
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    x = c * xs[None, :] - s * ys[:, None]
    y = s * xs[None, :] + c * ys[:, None]
    sheet = Sheet(x, y, mpp, rng)
    x += 0.13 * sheet.noise(6.0)
    y += 0.13 * sheet.noise(6.0)
    return sheet, (left, top)


def trace(coverage: np.ndarray) -> list[np.ndarray]:
    """Return the outlines, largest first, of a coverage: each (N, 2) pixel corners."""
    mask = (coverage > 0.5).astype(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    kept = sorted((c for c in found if len(c) >= 3), key=cv2.contourArea, reverse=True)
    return [cv2.approxPolyDP(c, 0.6, closed=True)[:, 0] for c in kept]
