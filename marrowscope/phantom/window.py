"""A rectangle of the picture, and randomness that depends on the place alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from marrowscope.phantom import texture


@dataclass(frozen=True)
class Window:
    """A rectangle in level-0 pixels of a picture of ``mpp`` microns per pixel."""

    left: int
    top: int
    width: int
    height: int
    mpp: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    def grown(self, margin: int) -> Window:
        """Return the window with ``margin`` pixels more on every side."""
        return Window(
            self.left - margin,
            self.top - margin,
            self.width + 2 * margin,
            self.height + 2 * margin,
            self.mpp,
        )

    def near(self, x: float, y: float, reach: float) -> bool:
        """Tell whether a square of half side ``reach`` pixels at (x, y) touches it."""
        return (
            self.left - reach < x < self.left + self.width + reach
            and self.top - reach < y < self.top + self.height + reach
        )

    def texture(self, grain: float, seed: int, *, kind: str = "band") -> np.ndarray:
        """Return texture (H, W) of a grain in microns that continues across windows."""
        turn = 0.4 + (seed * 0.7548776662) % 0.7
        step = texture.GRAIN / grain * self.mpp
        c, s = np.cos(turn) * step, np.sin(turn) * step
        start = np.array([seed * 41.0 % 512, seed * 97.0 % 512])
        start += (c * self.left - s * self.top, s * self.left + c * self.top)
        sheet = texture.sheet(kind, seed)
        return texture.sample(
            sheet, self.shape, step=step, turn=turn, at=start % texture.SIDE
        )

    def smooth(self, grain: float, seed: int) -> np.ndarray:
        """Return slow texture (H, W), reckoned coarsely: grains of many pixels."""
        coarse = max(int(grain / 4 / self.mpp), 1)
        first_x, first_y = self.left // coarse - 1, self.top // coarse - 1
        wide, high = self.width // coarse + 4, self.height // coarse + 4
        small = Window(first_x, first_y, wide, high, self.mpp * coarse)
        size = (wide * coarse, high * coarse)
        whole = cv2.resize(small.texture(grain, seed), size)
        x, y = self.left - first_x * coarse, self.top - first_y * coarse
        return whole[y : y + self.height, x : x + self.width]


@dataclass(frozen=True)
class Scatter:
    """Points of a jittered lattice: places (N, 2) in microns, numbers (N, K) 0..1."""

    at: np.ndarray
    chance: np.ndarray


def scatter(
    window: Window, *, pitch: float, jitter: float, seed: int, reach: float
) -> Scatter:
    """Return the lattice points within ``reach`` microns of a window.

    A point depends on its place in the lattice and the seed alone.
    """
    low = np.array([window.left, window.top]) * window.mpp - reach
    size = np.array([window.width, window.height]) * window.mpp + 2 * reach
    first = np.floor(low / pitch).astype(np.int64)
    last = np.ceil((low + size) / pitch).astype(np.int64)
    columns, rows = np.meshgrid(
        np.arange(first[0], last[0] + 1), np.arange(first[1], last[1] + 1)
    )
    chance = _hash(columns.ravel(), rows.ravel(), seed, count=6)
    at = np.stack([columns.ravel() + 0.5 * (rows.ravel() % 2), rows.ravel()], axis=1)
    at = at * pitch + (chance[:, :2] - 0.5) * 2 * jitter
    return Scatter(at, chance[:, 2:])


def _hash(x: np.ndarray, y: np.ndarray, seed: int, *, count: int) -> np.ndarray:
    """Return (N, count) numbers 0..1 that depend on (x, y, seed) alone."""
    with np.errstate(over="ignore"):
        state = x.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state ^= y.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        state ^= np.uint64((seed * 0x165667B19E3779F9 + 0x27D4EB2F) % 2**64)
        columns = []
        for _ in range(count):
            state = state + np.uint64(0x9E3779B97F4A7C15)
            mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            columns.append((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11))
    return np.stack(columns, axis=1).astype(np.float64) / 2.0**53
