"""Red cells: thousands a field, stamped from a bank of discs drawn once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np

from marrowscope.phantom.shapes import blob
from marrowscope.phantom.sheet import Sheet
from marrowscope.phantom.window import Window, scatter

_STAMP_MPP = 0.15
_STAMP = 76  # pixels: 11.4 microns
_BANK = 48
RADIUS = 3.6  # microns
Obstacle = tuple[float, float, float]  # x, y, radius in microns


@cache
def _bank() -> tuple[np.ndarray, ...]:
    """Return stamps (76, 76, 2): thickness with an even top, and the central pit."""
    return tuple(_disc(np.random.default_rng([n, 5])) for n in range(_BANK))


def _disc(rng: np.random.Generator) -> np.ndarray:
    axis = ((np.arange(_STAMP) + 0.5 - _STAMP / 2) * _STAMP_MPP).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    sheet = Sheet(x, y, _STAMP_MPP, rng)
    sheet.x = x + 0.10 * sheet.noise(5.0)
    sheet.y = y + 0.10 * sheet.noise(5.0)
    size = RADIUS * rng.uniform(0.90, 1.12)
    odd = rng.random() < 0.15
    stretch = rng.uniform(1.2, 1.75) if odd else rng.uniform(1.0, 1.15)
    depth = blob(sheet, (0.0, 0.0, size), rough=0.018, stretch=float(stretch))
    flat = sheet.cover(depth, soft=0.4)
    # A bright diffraction line outside and a darker one inside mark the edge.
    flat += 0.16 * np.exp(-np.square((depth - 0.30) / 0.30)) * flat
    flat -= 0.10 * np.exp(-np.square((depth + 0.35) / 0.25))
    off = rng.normal(0, 0.25, 2)
    middle = np.hypot(sheet.x - off[0], sheet.y - off[1]) / (
        size * rng.uniform(0.4, 0.65)
    )
    pit = np.exp(-(middle**2.6)) * sheet.cover(depth, soft=1.0)
    return np.stack([flat, pit], axis=-1).astype(np.float32)


def lay(
    window: Window,
    *,
    seed: int,
    crowd: np.ndarray,
    pallor: float,
    pile: float,
    obstacles: Iterable[Obstacle],
) -> np.ndarray:
    """Return haemoglobin (H, W): about 1 in one layer of red cells.

    ``crowd`` (H, W) is how likely a place holds a red cell, 0 to 1 and beyond in thick
    zones; ``pile`` how much two layers are darker than one. Red cells make way for
    ``obstacles``: cells and fat.
    """
    points = scatter(window, pitch=5.9, jitter=2.6, seed=seed, reach=14.0)
    at, keep = _make_way(points.at, obstacles)
    columns = np.clip((at[:, 0] / window.mpp - window.left), 0, window.width - 1)
    rows = np.clip((at[:, 1] / window.mpp - window.top), 0, window.height - 1)
    keep &= points.chance[:, 0] < crowd[rows.astype(int), columns.astype(int)]
    layer = np.zeros(window.shape, np.float32)
    for place, chance in zip(at[keep], points.chance[keep], strict=True):
        _stamp(layer, window, place, chance, pallor=pallor, pile=pile)
    return layer


def _make_way(
    at: np.ndarray, obstacles: Iterable[Obstacle]
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions pushed to the rims of the obstacles, and which are kept."""
    at = at.copy()
    keep = np.ones(len(at), bool)
    for x, y, radius in obstacles:
        away = at - (x, y)
        distance = np.hypot(away[:, 0], away[:, 1])
        keep &= distance > radius * 0.85
        pushed = keep & (distance < radius + 2.3)
        reach = radius + 1.4 + 0.4 * (distance[pushed] - radius)
        at[pushed] = (x, y) + away[pushed] * (reach / distance[pushed])[:, None]
    return at, keep


def _stamp(
    layer: np.ndarray,
    window: Window,
    place: np.ndarray,
    chance: np.ndarray,
    *,
    pallor: float,
    pile: float,
) -> None:
    """Add one red cell, turned and scaled, to the layer (H, W)."""
    mpp = window.mpp
    side = int(_STAMP * _STAMP_MPP / mpp) + 2
    x, y = place[0] / mpp - window.left, place[1] / mpp - window.top
    left, top = int(np.floor(x - side / 2)), int(np.floor(y - side / 2))
    if left >= window.width or top >= window.height or left <= -side or top <= -side:
        return
    size = 0.93 + 0.14 * chance[2]
    turn, scale = 2 * np.pi * chance[1], mpp / _STAMP_MPP / size
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    dx, dy = left - x + 0.5, top - y + 0.5
    half = _STAMP / 2 - 0.5
    matrix = np.array([[c, -s, c * dx - s * dy + half], [s, c, s * dx + c * dy + half]])
    stamp = cv2.warpAffine(
        _bank()[int(chance[3] * _BANK)],
        matrix,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    amount = (0.85 + 0.3 * chance[3]) * (stamp[..., 0] - pallor * stamp[..., 1])
    r0, r1 = max(top, 0), min(top + side, window.height)
    c0, c1 = max(left, 0), min(left + side, window.width)
    here = layer[r0:r1, c0:c1]
    new = amount[r0 - top : r1 - top, c0 - left : c1 - left]
    # Neighbours flatten against each other more than they pile up.
    here[:] = np.maximum(here, new) + pile * np.minimum(here, new)
