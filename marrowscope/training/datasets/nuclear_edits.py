"""Takes a real cell's nucleus away and gives it another of a chosen shape.

Everything works on optical density (H, W, 3) over the picture's background. The new
nucleus is made of lobes textured by a real donor nucleus in the cell's own colours, so
that normal and dysplastic shapes are made by one and the same editing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

Grades = dict[str, int]


@dataclass(frozen=True)
class Lobe:
    """A part of a nucleus: centre (x, y) and radius in canvas pixels.

    `stretch` times as long along `angle` (radians) as across, its area kept.
    """

    x: float
    y: float
    radius: float
    stretch: float = 1.0
    angle: float = 0.0

    @property
    def reach(self) -> float:
        """Half its length, canvas pixels."""
        return self.radius * self.stretch**0.5


def empty_cytoplasm(
    density: np.ndarray, cell: np.ndarray, nucleus: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The cell with cytoplasm where its nucleus was (bool masks, float32 OD)."""
    hidden = cv2.dilate(nucleus.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    seen = cell & ~hidden
    level = _spread(density, seen, 6.0)
    seen = cv2.erode(seen.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    grain = np.where(seen[..., None], density - _spread(density, seen, 2.0), 0.0)
    filled = np.zeros(hidden.shape, bool)
    texture = np.zeros_like(density)
    for _ in range(24):  # borrow granules from wherever cytoplasm shows
        shift = tuple(rng.integers(-40, 41, 2))
        there = np.roll(seen, shift, (0, 1)) & hidden & ~filled
        texture[there] = np.roll(grain, shift, (0, 1))[there]
        filled |= there
    edge = cv2.GaussianBlur((hidden & cell).astype(np.float32), (0, 0), 1.2)[..., None]
    fill = np.maximum(level + texture, 0.6 * level.mean(axis=(0, 1)))
    return (1 - edge) * density + edge * fill


def _spread(density: np.ndarray, seen: np.ndarray, sigma: float) -> np.ndarray:
    """Blur that looks at `seen` pixels only, their mean where none is near."""
    weight = cv2.GaussianBlur(seen.astype(np.float32), (0, 0), sigma)[..., None]
    total = cv2.GaussianBlur(density * seen[..., None], (0, 0), sigma)
    mean = density[seen].mean(axis=0) if seen.any() else 0.0
    return np.where(weight > 0.02, total / np.maximum(weight, 0.02), mean)


def put_nucleus(
    density: np.ndarray,
    lobes: list[Lobe],
    *,
    chromatin: np.ndarray,
    thread: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """`density` with a nucleus of `lobes`, joined one to the next by threads.

    chromatin: OD (S, S, 3) of a texture at least as wide as the widest lobe.
    thread: half width of the threads in pixels; 0 leaves the lobes apart.
    """
    shape = density.shape[:2]
    cover = np.zeros(shape, np.float32)
    texture = np.broadcast_to(chromatin.mean(axis=(0, 1)), density.shape).copy()
    for lobe in lobes:
        blob = _blob(shape, lobe, rng)
        _lay(texture, chromatin, lobe, rng)
        cover = np.maximum(cover, blob)
    if thread > 0:
        cover = np.maximum(cover, _threads(shape, lobes, thread))
    return (1 - cover[..., None]) * density + cover[..., None] * texture


def _blob(shape: tuple[int, int], lobe: Lobe, rng: np.random.Generator) -> np.ndarray:
    """Soft-edged, slightly uneven oval, 0 to 1."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    away, down = columns - lobe.x, rows - lobe.y
    cos, sin = np.cos(lobe.angle), np.sin(lobe.angle)
    x = (cos * away + sin * down) / lobe.stretch**0.5
    y = (cos * down - sin * away) * lobe.stretch**0.5
    angle = np.arctan2(y, x)
    waves = sum(
        rng.normal(0, 0.05 / k**0.5) * np.cos(k * angle + rng.uniform(0, 6.3))
        for k in (2, 3, 4, 5)
    )
    depth = lobe.radius * (1 + waves) - np.hypot(x, y)
    return 1 / (1 + np.exp(-np.clip(1.8 * depth, -30, 30)))


def _lay(
    texture: np.ndarray, chromatin: np.ndarray, lobe: Lobe, rng: np.random.Generator
) -> None:
    """Lay the chromatin picture over the lobe's square of `texture`, in place."""
    reach = int(np.ceil(lobe.reach * 1.3))
    side = 2 * reach + 1
    turned = np.rot90(chromatin, int(rng.integers(4)))
    if min(turned.shape[:2]) < side:
        turned = cv2.resize(np.ascontiguousarray(turned), (side, side))
    row, column = ((np.array(turned.shape[:2]) - side) // 2).astype(int)
    patch = turned[row : row + side, column : column + side]
    top, left = round(lobe.y) - reach, round(lobe.x) - reach
    height, width = texture.shape[:2]
    y0, x0, y1, x1 = max(top, 0), max(left, 0), top + side, left + side
    y1, x1 = min(y1, height), min(x1, width)
    if y1 > y0 and x1 > x0:
        texture[y0:y1, x0:x1] = patch[y0 - top : y1 - top, x0 - left : x1 - left]


def _threads(shape: tuple[int, int], lobes: list[Lobe], half: float) -> np.ndarray:
    return thread_between(shape, [(lobe.x, lobe.y) for lobe in lobes], half)


def thread_between(
    shape: tuple[int, int], ends: list[tuple[float, float]], half: float
) -> np.ndarray:
    """Soft lines (H, W) from 0 to 1 from each end to the next, of this half width."""
    line = np.zeros(shape, np.uint8)
    for one, two in itertools.pairwise(ends):
        start, stop = ((round(x * 16), round(y * 16)) for x, y in (one, two))
        thick = max(round(2 * half), 1)
        cv2.line(line, start, stop, 255, thick, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(line, (0, 0), 0.6).astype(np.float32) / 255


def clumped(
    chromatin: np.ndarray, amount: float, rng: np.random.Generator
) -> np.ndarray:
    """The texture with coarse clumps: darker blocks between paler gaps, OD (S, S, 3).

    amount: 0 leaves it as it is, 1 is coarse.
    """
    side = chromatin.shape[0]
    noise = cv2.GaussianBlur(rng.normal(size=(side, side)), (0, 0), rng.uniform(2, 3.5))
    blocks = np.tanh(1.5 * noise / max(float(noise.std()), 1e-6))[..., None]
    return (chromatin * (1 + 0.14 * amount * blocks)).astype(np.float32)


def chromatin_of(
    density: np.ndarray, nucleus: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """A donor's nuclear texture (S, S, 3) in the colours of `own` pixels (N, 3)."""
    rows, columns = np.nonzero(nucleus)
    middle = round(rows.mean()), round(columns.mean())
    half = max(int(0.62 * np.sqrt(nucleus.sum() / np.pi)), 4)
    patch = density[
        middle[0] - half : middle[0] + half + 1, middle[1] - half : middle[1] + half + 1
    ]
    spread = own.std(axis=0) / np.maximum(patch.std(axis=(0, 1)), 1e-3)
    calm = np.clip(spread, 0.4, 1.0)
    level = own.mean(axis=0)
    # Gaps brighter than this are no chromatin but what a resized texture makes up.
    texture = np.maximum((patch - patch.mean(axis=(0, 1))) * calm + level, 0.72 * level)
    return texture.astype(np.float32)
