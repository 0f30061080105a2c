"""Zones of a smear: thick near the drop, thin where cells are counted, the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from marrowscope.phantom.window import Window

NAMES = ("thick", "thin", "edge")
_CROWD = {"thick": 1.05, "thin": 0.42, "edge": 0.26}
_DEFOCUS = {"thick": 0.14, "thin": 0.0, "edge": 0.06}  # microns of extra blur
_STRENGTH = {"thick": 1.18, "thin": 1.0, "edge": 0.90}


@dataclass(frozen=True)
class Zoning:
    """Where the zones lie: bands with wavy borders, or one zone everywhere."""

    width: int
    height: int
    seed: int
    only: str | None = None

    def borders(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the x (level-0 pixels) where thin begins and ends at rows ``y``."""
        part = np.asarray(y) / max(self.height, 1)
        wave = np.sin(7.0 * part + self.seed) + 0.5 * np.sin(17.0 * part + self.seed)
        return self.width * (0.20 + 0.03 * wave), self.width * (0.90 - 0.02 * wave)

    def name(self, x: float, y: float) -> str:
        """Return the zone at a point in level-0 pixels."""
        if self.only:
            return self.only
        first, last = self.borders(np.array([y]))
        return "thick" if x < first[0] else "edge" if x > last[0] else "thin"

    def blend(self, window: Window, table: dict[str, float]) -> np.ndarray | float:
        """Return a quantity of the zones over a window (H, W), blurred at borders."""
        if self.only:
            return table[self.only]
        rows = np.arange(window.height) + window.top + 0.5
        columns = np.arange(window.width) + window.left + 0.5
        first, last = self.borders(rows)
        soft = 40.0 / window.mpp  # a border is about 40 microns wide
        if columns[0] > first.max() + soft and columns[-1] < last.min() - soft:
            return table["thin"]
        into = np.clip((columns[None, :] - first[:, None]) / soft + 0.5, 0, 1)
        out = np.clip((columns[None, :] - last[:, None]) / soft + 0.5, 0, 1)
        value = table["thick"] * (1 - into) + table["thin"] * into * (1 - out)
        return (value + table["edge"] * out).astype(np.float32)

    def crowd(self, window: Window) -> np.ndarray | float:
        """Return how crowded red cells are."""
        return self.blend(window, _CROWD)

    def defocus(self, window: Window) -> np.ndarray | float:
        """Return the extra blur in microns."""
        return self.blend(window, _DEFOCUS)

    def strength(self, window: Window) -> np.ndarray | float:
        """Return how strongly the smear takes the stain."""
        return self.blend(window, _STRENGTH)

    def describe(self) -> list[dict[str, Any]]:
        """Return the zones for the truth: a box, or polygons in level-0 pixels."""
        if self.only:
            return [{"name": self.only, "box": [0, 0, self.width, self.height]}]
        rows = np.linspace(0, self.height, 33)
        first, last = self.borders(rows)
        zero, full = np.zeros_like(rows), np.full_like(rows, self.width)
        sides = {"thick": (zero, first), "thin": (first, last), "edge": (last, full)}
        return [
            {"name": name, "polygon": _polygon(left, right, rows)}
            for name, (left, right) in sides.items()
        ]


def _polygon(left: np.ndarray, right: np.ndarray, rows: np.ndarray) -> list[list[int]]:
    points = [*zip(left, rows, strict=True), *zip(right[::-1], rows[::-1], strict=True)]
    return [[round(float(x)), round(float(y))] for x, y in points]
