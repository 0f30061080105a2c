"""Nuclei of granulocytes: oval, kidney, horseshoe, lobes on threads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.phantom import shapes
from marrowscope.phantom.shapes import Bead
from marrowscope.phantom.sheet import Sheet


def depth(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> np.ndarray:
    """Return the depth (H, W) in microns of the nucleus of this stage."""
    if grades.get("g_hyposegmentation"):
        return _hyposegmented(sheet, radius, grades["g_hyposegmentation"])
    if grades.get("g_hypersegmentation"):
        count = 4 + grades["g_hypersegmentation"] + int(sheet.rng.integers(1, 3))
        return lobed(sheet, radius, count, thread=0.18)
    if line == "promyelocyte":
        return _oval(sheet, radius, (0.66, 0.78), dent=0.25)
    if line in {"myelocyte", "mast_cell"}:
        return _oval(sheet, radius, (0.56, 0.68), dent=0.12)
    if line == "metamyelocyte":
        return _kidney(sheet, radius)
    if line == "band":
        return _band(sheet, radius)
    if line == "eosinophil":
        return _eosinophil(sheet, radius)
    count = int(sheet.rng.choice([2, 3, 4, 5], p=[0.2, 0.42, 0.3, 0.08]))
    return lobed(sheet, radius, count, thread=sheet.uniform(0.25, 0.6))


def opposite(nucleus: np.ndarray, sheet: Sheet) -> tuple[float, float]:
    """Return the direction (unit vector) from the nucleus to the free cytoplasm."""
    inside = nucleus > 0
    if not inside.any():
        return 1.0, 0.0
    x, y = float(sheet.x[inside].mean()), float(sheet.y[inside].mean())
    length = max(float(np.hypot(x, y)), 1e-3)
    return -x / length, -y / length


def _oval(
    sheet: Sheet, radius: float, ratio: tuple[float, float], *, dent: float
) -> np.ndarray:
    """Return an eccentric oval, flattened or slightly indented on its inner side."""
    size = radius * sheet.uniform(*ratio)
    off = (radius - size) * sheet.uniform(0.55, 0.95)
    oval = shapes.blob(
        sheet, (-off, 0.0, size), rough=0.035, stretch=1 / sheet.uniform(1.0, 1.3)
    )
    if sheet.rng.random() > 0.65:
        return oval
    bite = size * sheet.uniform(0.6, 1.2)
    edge = -off + size * (1.0 - dent * sheet.uniform(0.2, 1.0)) + bite
    return -shapes.merge(-oval, shapes.disc(sheet, (edge, 0.0, bite)), 0.8)


def _kidney(sheet: Sheet, radius: float) -> np.ndarray:
    """Return a bean: a short, thick, curved rod."""
    width = radius * sheet.uniform(0.40, 0.50)
    return _curve(sheet, radius, span=sheet.uniform(0.7, 1.25), width=width, ends=1.0)


def _band(sheet: Sheet, radius: float) -> np.ndarray:
    """Return a horseshoe, S or ring of nearly even width."""
    width = radius * sheet.uniform(0.24, 0.33)
    if sheet.rng.random() < 0.2:
        return _snake(sheet, radius, width)
    return _curve(sheet, radius, span=sheet.uniform(1.4, 2.5), width=width, ends=1.15)


def _curve(
    sheet: Sheet, radius: float, *, span: float, width: float, ends: float
) -> np.ndarray:
    """Return a rod bent along an arc of half angle ``span``, swollen at its ends."""
    bow = (radius - width) * sheet.uniform(0.62, 0.82)
    shift = -bow * sheet.uniform(0.0, 0.3)
    beads: list[Bead] = []
    for part in np.linspace(-1.0, 1.0, 7):
        angle = np.pi + part * span
        swell = 1.0 + (ends - 1.0) * abs(part) + sheet.uniform(-0.09, 0.09)
        beads.append(
            (bow * np.cos(angle) - shift * 0.5, bow * np.sin(angle), width * swell)
        )
    return shapes.chain(sheet, beads, blend=0.4)


def _snake(sheet: Sheet, radius: float, width: float) -> np.ndarray:
    """Return an S-shaped rod."""
    reach = radius - width
    sway = reach * sheet.uniform(0.35, 0.55)
    beads = [
        (sway * np.sin(2.6 * part), reach * 0.85 * part, width)
        for part in np.linspace(-1.0, 1.0, 7)
    ]
    return shapes.chain(sheet, beads, blend=0.4)


def lobed(sheet: Sheet, radius: float, count: int, *, thread: float) -> np.ndarray:
    """Return ``count`` lobes along a bent path, joined by threads (radius microns)."""
    size = radius * {2: 0.42, 3: 0.36, 4: 0.31, 5: 0.28}.get(count, 0.225)
    span = np.pi * min(0.42 + 0.21 * count, 1.75) * sheet.uniform(0.75, 1.05)
    bow = (radius - size) * sheet.uniform(0.62, 0.86)
    turn = sheet.uniform(0, 2 * np.pi)
    lobes: list[Bead] = []
    coil = sheet.uniform(-0.35, 0.35)  # an arc, or the beginning of a spiral
    for number in range(count):
        part = number / max(count - 1, 1) - 0.5
        angle = turn + span * part
        reach = bow * (1.0 - 0.5 * abs(coil) + coil * part) * sheet.uniform(0.8, 1.1)
        lobes.append(
            (
                reach * np.cos(angle + sheet.uniform(-0.18, 0.18)),
                reach * np.sin(angle),
                size * sheet.uniform(0.75, 1.15),
            )
        )
    return _threaded(sheet, lobes, thread)


def _threaded(sheet: Sheet, lobes: list[Bead], thread: float) -> np.ndarray:
    depth = np.full(sheet.shape, -99.0, np.float32)
    for bead in lobes:
        oval = shapes.blob(sheet, bead, rough=0.07, stretch=sheet.uniform(0.8, 1.25))
        depth = np.maximum(depth, oval)
    for first, last in zip(lobes[:-1], lobes[1:], strict=True):
        strand = shapes.capsule(sheet, (*first[:2], thread), (*last[:2], thread))
        depth = shapes.merge(depth, strand, 0.5)
    return depth


def _eosinophil(sheet: Sheet, radius: float) -> np.ndarray:
    """Return two lobes, or the nucleus of a younger eosinophil."""
    young = sheet.rng.random()
    if young < 0.25:
        return _oval(sheet, radius, (0.50, 0.62), dent=0.2)
    if young < 0.45:
        return _band(sheet, radius)
    count = 3 if young > 0.88 else 2
    return lobed(sheet, radius * 0.95, count, thread=sheet.uniform(0.25, 0.7))


def _hyposegmented(sheet: Sheet, radius: float, grade: int) -> np.ndarray:
    """Return a peanut (1), a dumb-bell with one thread (2) or a round ball (3)."""
    if grade == 3:
        size = radius * sheet.uniform(0.48, 0.58)
        off = (radius - size) * sheet.uniform(0.1, 0.6)
        return shapes.blob(
            sheet, (off, 0.0, size), rough=0.03, stretch=sheet.uniform(1.0, 1.2)
        )
    size = radius * sheet.uniform(0.36, 0.42)
    apart = size * (sheet.uniform(0.75, 0.9) if grade == 1 else sheet.uniform(1.1, 1.3))
    lobes = [(-apart, 0.0, size), (apart, sheet.uniform(-0.4, 0.4), size * 0.96)]
    waist = size * (0.62 if grade == 1 else 0.2)
    return _threaded(sheet, lobes, waist)
