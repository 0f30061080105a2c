"""Shapes as depths in microns below an outline: positive inside, negative outside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marrowscope.phantom.sheet import Sheet

Bead = tuple[float, float, float]  # x, y, radius in microns


def merge(first: np.ndarray, second: np.ndarray, blend: float) -> np.ndarray:
    """Return the union of two shapes with a fillet of ``blend`` microns."""
    share = np.clip(0.5 + 0.5 * (first - second) / blend, 0.0, 1.0)
    return second + (first - second) * share + blend * share * (1.0 - share)


def disc(sheet: Sheet, bead: Bead) -> np.ndarray:
    """Return a disc's depth (H, W)."""
    x, y = sheet.x - bead[0], sheet.y - bead[1]
    return bead[2] - np.sqrt(x * x + y * y)


def blob(
    sheet: Sheet,
    bead: Bead,
    *,
    rough: float = 0.03,
    stretch: float = 1.0,
) -> np.ndarray:
    """Return the depth (H, W) of an irregular oval, ``stretch`` as long as wide."""
    x, y = (
        (sheet.x - bead[0]) / np.sqrt(stretch),
        (sheet.y - bead[1]) * np.sqrt(stretch),
    )
    distance = np.sqrt(x * x + y * y) + np.float32(1e-6)
    edge = np.full(sheet.shape, bead[2], np.float32)
    cos, sin = x / distance, y / distance
    wave = cos + 1j * sin  # its powers are the harmonics of the outline
    turned = wave
    for order in range(2, 6):
        turned = turned * wave
        size = bead[2] * rough * sheet.rng.standard_normal() * 5.0 / order**2
        phase = np.complex64(size * np.exp(1j * sheet.uniform(0, 6.3)))
        edge += (turned * phase).real
    return edge - distance


def capsule(sheet: Sheet, start: Bead, end: Bead) -> np.ndarray:
    """Return the depth (H, W) of a tapered rod between two beads."""
    along = (float(end[0] - start[0]), float(end[1] - start[1]))
    length2 = max(along[0] ** 2 + along[1] ** 2, 1e-6)
    x, y = sheet.x - start[0], sheet.y - start[1]
    part = np.clip((x * along[0] + y * along[1]) / length2, 0.0, 1.0)
    radius = start[2] + (end[2] - start[2]) * part
    x, y = x - part * along[0], y - part * along[1]
    return radius - np.sqrt(x * x + y * y)


def chain(sheet: Sheet, beads: Sequence[Bead], *, blend: float = 0.6) -> np.ndarray:
    """Return the depth (H, W) of tapered rods joined end to end."""
    depth = capsule(sheet, beads[0], beads[1])
    for start, end in zip(beads[1:-1], beads[2:], strict=True):
        depth = merge(depth, capsule(sheet, start, end), blend)
    return depth


def cluster(sheet: Sheet, beads: Sequence[Bead], *, blend: float = 0.8) -> np.ndarray:
    """Return the depth (H, W) of discs grown together."""
    depth = disc(sheet, beads[0])
    for bead in beads[1:]:
        depth = merge(depth, disc(sheet, bead), blend)
    return depth


def ragged(sheet: Sheet, depth: np.ndarray, amount: float) -> np.ndarray:
    """Return a shape with an uneven border: ``amount`` microns at the very most.

    Most cells get little of it, a few much, and those also a bleb or two.
    """
    share = sheet.uniform(0.0, 1.0) ** 2
    where = np.clip(0.5 + 0.7 * sheet.noise(11.0), 0.0, 1.2)  # not all the way round
    bumps = 0.75 * sheet.noise(3.6) + 0.12 * sheet.noise(1.5)
    uneven = depth + amount * share * where * bumps
    if share < 0.55 or amount < 0.3:
        return uneven
    edge = np.argwhere(np.abs(depth) < max(0.2, sheet.mpp))
    for _ in range(int(sheet.rng.integers(0, 4)) if len(edge) else 0):
        row, column = edge[int(sheet.uniform(0, 1) * len(edge))]
        at = (float(sheet.x[row, column]), float(sheet.y[row, column]))
        bleb = disc(sheet, (*at, sheet.uniform(0.6, 1.3)))
        uneven = merge(uneven, bleb, 0.5)
    return uneven
