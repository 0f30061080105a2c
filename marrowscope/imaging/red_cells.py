"""Red cells as circles, found by their outlines without knowing the scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

SMALLEST_RADIUS = 6.0  # pixels; below, an outline is too coarse to measure
LARGEST_RADIUS = 84.0
STEP = 1.13
BINS_PER_RADIUS = 8
SECTORS = 24
LEAST_VOTES = 0.40  # share of a circle's outline that points at its centre
LEAST_SECTORS = 0.62  # share of directions in which the outline was seen
LEAST_CONTRAST = 4.0  # grey levels an outline must rise by
FEWEST_VOTES = 12
MOST_CENTRES = 150


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle in pixels; `support` is the share of its directions that were seen."""

    x: float
    y: float
    radius: float
    support: float


@dataclass(frozen=True)
class _Edges:
    """Where outlines run, (H, W), and the unit direction to their darker side."""

    crest: NDArray[np.bool_]
    inward: NDArray[np.float32]  # (H, W, 2)

    @cached_property
    def points(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Places (N, 2) and directions (N, 2) of all outline pixels."""
        rows, columns = np.nonzero(self.crest)
        return np.stack([columns, rows], 1).astype(np.float32), self.inward[self.crest]

    def around(
        self, x: float, y: float, reach: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Those no further than `reach` from a place, along either axis."""
        left, top = max(int(x - reach), 0), max(int(y - reach), 0)
        window = np.s_[
            top : max(int(y + reach) + 1, 0), left : max(int(x + reach) + 1, 0)
        ]
        near = self.crest[window]
        rows, columns = np.nonzero(near)
        at = np.stack([columns + left, rows + top], 1).astype(np.float32)
        return at, self.inward[window][near]


def red_cell_discs(pixels: Pixels) -> list[Disc]:
    """Round, pale, nucleus-free discs of an RGB field (H, W, 3), the best first."""
    green = pixels[..., 1].astype(np.float32)
    nuclei = nuclear_mask(pixels)
    radii = np.geomspace(
        SMALLEST_RADIUS,
        LARGEST_RADIUS,
        1 + int(np.log(LARGEST_RADIUS / SMALLEST_RADIUS) / np.log(STEP)),
    )
    found: list[Disc] = []
    for low, high in pairwise((0.0, 14.0, 32.0, np.inf)):
        here = [float(r) for r in radii if low <= r < high]
        edges = _edges(green, nuclei, sigma=max(1.0, here[0] / 9))
        for radius in here:
            for centre in _centres(edges, radius):
                disc = _fitted(edges, centre, radius)
                if disc is not None and _is_red_cell(disc, nuclei):
                    found.append(disc)
    return _apart(found)


def nuclear_mask(pixels: Pixels) -> NDArray[np.bool_]:
    """(H, W) True where the field is much darker in green than its paler half.

    Empty when nothing stands out, as in a field of red cells alone.
    """
    green = cv2.GaussianBlur(pixels[..., 1], (0, 0), 1.5)
    density = -np.log((green.astype(np.float32) + 4) / 259)
    top = float(density.max())
    scaled = (density * (255 / max(top, 1e-6))).astype(np.uint8)
    level, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_OTSU)
    dark = scaled > level
    if not dark.any() or dark.all():
        return np.zeros_like(dark)
    # Red cells absorb less than a factor of two; only nuclei go beyond.
    gap = float(density[dark].mean() - density[~dark].mean())
    return dark if gap > 0.55 else np.zeros_like(dark)


def _edges(
    green: NDArray[np.float32], nuclei: NDArray[np.bool_], *, sigma: float
) -> _Edges:
    """Crests of the gradient, away from nuclei."""
    smooth = cv2.GaussianBlur(green, (0, 0), sigma)
    dx = (cv2.Scharr(smooth, cv2.CV_32F, 1, 0) / 32).astype(np.float32)
    dy = (cv2.Scharr(smooth, cv2.CV_32F, 0, 1) / 32).astype(np.float32)
    slope = np.hypot(dx, dy)
    reach = round(3 * sigma) * 2 + 1
    near = cv2.dilate(nuclei.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    # A step of c levels blurred by sigma has a slope of c / (sigma * 2.5).
    strong = slope * sigma * 2.5 > LEAST_CONTRAST
    crest = strong & ~near & _crests(slope, dx, dy)
    inward = -np.stack([dx, dy], 2) / np.maximum(slope, 1e-6)[..., None]
    return _Edges(crest, inward.astype(np.float32))


def _crests(
    slope: NDArray[np.float32], dx: NDArray[np.float32], dy: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """True where the slope is highest across the edge."""
    angle = np.rint(np.arctan2(dy, dx) / (np.pi / 4)).astype(int) % 4
    crest = np.zeros(slope.shape, np.bool_)
    for number, (x, y) in enumerate(((1, 0), (1, 1), (0, 1), (-1, 1))):
        ahead = np.roll(slope, (-y, -x), (0, 1))
        behind = np.roll(slope, (y, x), (0, 1))
        crest |= (angle == number) & (slope >= ahead) & (slope > behind)
    crest[[0, -1]] = False
    crest[:, [0, -1]] = False
    return crest


def _centres(edges: _Edges, radius: float) -> list[tuple[float, float]]:
    """Places that enough outline pixels at this radius point at, best first."""
    size = radius / BINS_PER_RADIUS
    at, inward = edges.points
    place = np.floor((at + radius * inward) / size).astype(int)
    width, height = (int(side / size) + 1 for side in edges.crest.shape[::-1])
    inside = (place >= 0).all(1) & (place[:, 0] < width) & (place[:, 1] < height)
    flat = place[inside, 1] * width + place[inside, 0]
    votes = np.bincount(flat, minlength=width * height).reshape(height, width)
    around = cv2.boxFilter(
        votes.astype(np.float32),
        -1,
        (3, 3),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    highest = cv2.dilate(around, np.ones((7, 7), np.uint8))
    enough = (around >= LEAST_VOTES * 2 * np.pi * radius) & (around == highest)
    rows, columns = np.nonzero(enough & (around > 0))
    best = np.argsort(-around[rows, columns], kind="stable")[:MOST_CENTRES]
    return [(float(columns[i] + 0.5) * size, float(rows[i] + 0.5) * size) for i in best]


def _fitted(edges: _Edges, centre: tuple[float, float], radius: float) -> Disc | None:
    """The circle through the outline pixels around a centre that face it."""
    x, y = centre
    at, inward = edges.around(x, y, 1.8 * radius)
    for tolerance in (0.25, 0.15, 0.12):
        out = at - np.asarray([x, y], np.float32)
        distance = np.hypot(out[:, 0], out[:, 1])
        facing = -(out * inward).sum(1) > 0.85 * distance
        ring = facing & (np.abs(distance - radius) < tolerance * radius)
        if ring.sum() < FEWEST_VOTES:
            return None
        points = at[ring].astype(np.float64)
        system = np.column_stack([2 * points, np.ones(len(points))])
        answer = np.linalg.lstsq(system, (points**2).sum(1), rcond=None)[0]
        x, y = float(answer[0]), float(answer[1])
        radius = float(np.sqrt(max(answer[2] + x * x + y * y, 1.0)))
        if np.hypot(x - centre[0], y - centre[1]) > 0.4 * radius:
            return None
    angles = np.arctan2(out[ring, 1], out[ring, 0])
    sectors = np.unique(((angles + np.pi) * (SECTORS / (2 * np.pi))).astype(int))
    return Disc(x, y, radius, min(len(sectors) / SECTORS, 1.0))


def _is_red_cell(disc: Disc, nuclei: NDArray[np.bool_]) -> bool:
    """True for a disc of the picture whose outline is seen and that has no nucleus."""
    if disc.support < LEAST_SECTORS:
        return False
    if not SMALLEST_RADIUS * 0.9 <= disc.radius <= LARGEST_RADIUS * 1.1:
        return False
    left, top = int(disc.x - disc.radius), int(disc.y - disc.radius)
    right, bottom = int(disc.x + disc.radius) + 1, int(disc.y + disc.radius) + 1
    height, width = nuclei.shape
    if left < 0 or top < 0 or right > width or bottom > height:
        return False
    inside = nuclei[top:bottom, left:right]
    return float(inside.mean()) < 0.03


def _apart(discs: list[Disc]) -> list[Disc]:
    """The best supported discs, none with its centre inside a better one."""
    kept: list[Disc] = []
    for disc in sorted(discs, key=lambda d: -d.support):
        clear = (
            np.hypot(disc.x - k.x, disc.y - k.y) > 0.8 * max(disc.radius, k.radius)
            for k in kept
        )
        if all(clear):
            kept.append(disc)
    return kept
