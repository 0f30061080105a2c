"""What lies between the cells: dried plasma, dust, fat, platelets, stain deposit."""

from __future__ import annotations

import numpy as np

from marrowscope.phantom.cells.drawing import Subject, draw
from marrowscope.phantom.red_cells import Obstacle
from marrowscope.phantom.sheet import DNA, EOSIN, RNA
from marrowscope.phantom.stain import Stain
from marrowscope.phantom.window import Window, scatter


def film(window: Window, stain: Stain, seed: int) -> np.ndarray:
    """Return the dyes (H, W, 4) of dried plasma, mottled and dusty."""
    dyes = np.zeros((*window.shape, 4), np.float32)
    slow = window.smooth(45.0, seed + 1)
    mottle = 1.0 + 0.30 * slow + 0.12 * window.smooth(3.1, seed + 2)
    np.clip(mottle, 0.0, None, out=mottle)
    dyes[..., RNA] = stain.film * mottle
    dyes[..., EOSIN] = 0.7 * stain.film * mottle
    if stain.dust > 0.01:
        places = np.clip(0.5 * slow + window.smooth(2.3, seed + 4) - 1.4, 0.0, 1.0)
        dots = np.clip(window.texture(0.8, seed + 5) - 0.4, 0.0, 2.0)
        dyes[..., DNA] = stain.dust * 3.0 * places * dots
        # Specks of fat too small to be holes.
        specks = np.clip(window.smooth(1.3, seed + 6) - 2.6, 0.0, 0.4) * 2.5
        dyes *= (1.0 - specks)[..., None]
    return dyes


def fat(window: Window, *, seed: int, amount: float) -> list[Obstacle]:
    """Return round fat holes (x, y, radius in microns) that may touch the window."""
    holes: list[Obstacle] = []
    small = scatter(window, pitch=34.0, jitter=15.0, seed=seed + 8, reach=60.0)
    for at, chance in zip(small.at, small.chance, strict=True):
        if chance[0] < 0.22 * amount:
            holes.append(
                (float(at[0]), float(at[1]), float(1.2 + 6.0 * chance[1] ** 2))
            )
    large = scatter(window, pitch=190.0, jitter=80.0, seed=seed + 9, reach=60.0)
    for at, chance in zip(large.at, large.chance, strict=True):
        if chance[0] < 0.18 * amount:
            holes.append((float(at[0]), float(at[1]), float(7 + 30 * chance[1] ** 2)))
    return holes


def emptiness(window: Window, holes: list[Obstacle]) -> np.ndarray:
    """Return how much of the smear is left (H, W): 0 in fat holes, 1 elsewhere."""
    left = np.ones(window.shape, np.float32)
    mpp = window.mpp
    for x, y, radius in holes:
        reach = radius * 1.1 + 1
        if not window.near(x / mpp, y / mpp, reach / mpp):
            continue
        c0 = max(int((x - reach) / mpp) - window.left, 0)
        r0 = max(int((y - reach) / mpp) - window.top, 0)
        c1 = min(int((x + reach) / mpp) + 1 - window.left, window.width)
        r1 = min(int((y + reach) / mpp) + 1 - window.top, window.height)
        xs = (np.arange(c0, c1) + window.left + 0.5) * mpp - x
        ys = (np.arange(r0, r1) + window.top + 0.5) * mpp - y
        wobble = 1 + 0.04 * np.cos(2 * np.arctan2(ys[:, None], xs[None, :]) + x)
        depth = radius * wobble - np.hypot(xs[None, :], ys[:, None])
        left[r0:r1, c0:c1] *= 1 - np.clip(depth / 0.5 + 0.5, 0, 1) * 0.97
    return left


def platelets(window: Window, dyes: np.ndarray, *, seed: int, amount: float) -> None:
    """Add platelets, single and in small clumps, to ``dyes`` (H, W, 4)."""
    points = scatter(window, pitch=26.0, jitter=12.0, seed=seed + 15, reach=8.0)
    for at, chance in zip(points.at, points.chance, strict=True):
        if chance[0] > 0.16 * amount:
            continue
        own = int(chance[1] * 2**40)
        for number in range(1 + int(chance[2] > 0.85) * int(1 + 5 * chance[3])):
            shift = 2.2 * np.array([np.cos(2.4 * number), np.sin(2.4 * number)])
            place = (at + shift * np.sqrt(number)) / window.mpp
            add(dyes, window, Subject("platelet", own + number), place)


def add(dyes: np.ndarray, window: Window, subject: Subject, place: np.ndarray) -> None:
    """Draw a subject at ``place`` (level-0 pixels) into the window's dyes."""
    centre = (float(place[0]), float(place[1]))
    if not window.near(*centre, subject.half / window.mpp):
        return
    drawing, corner = draw(subject, centre, mpp=window.mpp)
    part, here = overlap(window, corner, drawing.dyes.shape[:2])
    dyes[here] += drawing.dyes[part]


def overlap(
    window: Window, corner: tuple[int, int], shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the slices of a patch at ``corner`` and of the window where they meet."""
    left, top = corner[0] - window.left, corner[1] - window.top
    r0, r1 = max(top, 0), max(min(top + shape[0], window.height), 0)
    c0, c1 = max(left, 0), max(min(left + shape[1], window.width), 0)
    part = (slice(r0 - top, max(r1, r0) - top), slice(c0 - left, max(c1, c0) - left))
    return part, (slice(r0, max(r1, r0)), slice(c0, max(c1, c0)))


def deposit(window: Window, dyes: np.ndarray, *, seed: int, amount: float) -> None:
    """Add grains of precipitated stain in loose heaps to ``dyes``."""
    places = np.clip(window.smooth(60.0, seed + 20) - 2.3 + 0.25 * amount, 0, 0.5)
    if not places.any():
        return
    rows, columns = np.flatnonzero(places.any(1)), np.flatnonzero(places.any(0))
    heap = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    part = Window(
        window.left + int(columns[0]),
        window.top + int(rows[0]),
        int(columns[-1] - columns[0]) + 1,
        int(rows[-1] - rows[0]) + 1,
        window.mpp,
    )
    grains = np.clip(part.texture(1.0, seed + 21) - 0.8, 0, 1.5)
    loose = np.clip(part.smooth(2.6, seed + 22), 0, None)
    dyes[heap][..., DNA] += 2.2 * places[heap] * grains * loose
