"""Boxes in level-0 pixels: x right, y down, origin at the slide's top left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (H, W, 3) RGB
Boxes = NDArray[np.float32]  # (N, 4) x, y, width, height
Outline = NDArray[np.float32]  # (K, 2) x, y along a closed contour


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle; fractional pixels allowed."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def contains(self, x: float, y: float) -> bool:
        """True when the point lies inside; the right and bottom edge are outside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def intersection(self, other: Box) -> Box | None:
        """The shared rectangle, or None when they do not overlap."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        if right <= left or bottom <= top:
            return None
        return Box(left, top, right - left, bottom - top)

    def grown(self, by: float) -> Box:
        """The box with `by` pixels more on every side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def scaled(self, factor: float) -> Box:
        """The box in a frame whose pixels are `1 / factor` as large."""
        return Box(
            self.x * factor, self.y * factor, self.width * factor, self.height * factor
        )


def intersection_areas(one: Boxes, other: Boxes) -> NDArray[np.float64]:
    """Shared area of every pair of boxes, (N, M) square pixels.

    In double precision: edges as 32-bit sums lose a narrow box far from the origin.
    """
    start, end = _corners(one)
    other_start, other_end = _corners(other)
    sides = np.minimum(end, other_end[:, None]) - np.maximum(
        start, other_start[:, None]
    )
    return np.prod(np.clip(sides, 0, None), axis=2).T


def _corners(boxes: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and last corners, (N, 2) each."""
    array = np.asarray(boxes, np.float64).reshape(-1, 4)
    return array[:, :2], array[:, :2] + array[:, 2:]


def iou_matrix(one: Boxes, other: Boxes) -> NDArray[np.float32]:
    """Intersection over union of every pair of boxes, (N, M); 0 for empty boxes."""
    shared = intersection_areas(one, other)
    union = np.add.outer(_areas(one), _areas(other)) - shared
    share = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return np.clip(share, 0, 1).astype(np.float32)


def _areas(boxes: Boxes) -> NDArray[np.float64]:
    return np.prod(np.asarray(boxes, np.float64).reshape(-1, 4)[:, 2:], axis=1)


def parts_beside(
    box: Box, start: tuple[float, float], end: tuple[float, float]
) -> tuple[Box, ...]:
    """The boxes around what lies on either side of a line through two points.

    One box or none where the line leaves all of `box` on one side, or has no length.
    """
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    corners = [
        (box.x, box.y),
        (box.right, box.y),
        (box.right, box.bottom),
        (box.x, box.bottom),
    ]
    if dx == 0 and dy == 0:
        return ()
    sides = [dx * (b - y) - dy * (a - x) for a, b in corners]
    found = (_around_side(corners, [sign * s for s in sides]) for sign in (1, -1))
    return tuple(part for part in found if part is not None)


def _around_side(
    corners: Sequence[tuple[float, float]], sides: Sequence[float]
) -> Box | None:
    """Around the part of a polygon whose corners' `sides` are above 0."""
    kept: list[tuple[float, float]] = []
    for number, (a, b) in enumerate(corners):
        after = (number + 1) % len(corners)
        if sides[number] >= 0:
            kept.append((a, b))
        if sides[number] * sides[after] < 0:
            share = sides[number] / (sides[number] - sides[after])
            c, d = corners[after]
            kept.append((a + share * (c - a), b + share * (d - b)))
    if not any(side > 0 for side in sides):
        return None
    across, down = zip(*kept, strict=True)
    left, top = min(across), min(down)
    return Box(left, top, max(across) - left, max(down) - top)
