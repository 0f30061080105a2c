"""Megakaryocytes, their micro forms and their badly lobed nuclei."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from marrowscope.phantom import chromatin, cytoplasm, shapes
from marrowscope.phantom.cytoplasm import Tint
from marrowscope.phantom.shapes import Bead
from marrowscope.phantom.sheet import DNA, EOSIN, Drawing, Member, Sheet

_TINT = Tint(rna=0.13, eosin=0.26, edge=0.10, halo=0.0, mottle=0.16)
_MICRO = {1: (6.3, 7.5), 2: (5.0, 6.3), 3: (4.2, 5.2)}  # radius in microns by grade


def radius(line: str, rng: np.random.Generator, grades: Mapping[str, int]) -> float:
    """Return a cell radius in microns: 17 to 36, micromegakaryocytes 4 to 7.5."""
    del line
    small = grades.get("m_micromegakaryocyte", 0)
    if small:
        return float(rng.uniform(*_MICRO[small]))
    if grades.get("m_hypolobation"):
        return float(rng.uniform(11.0, 24.0))
    return float(rng.uniform(17.0, 36.0))


def draw(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> Drawing:
    """Draw one megakaryocyte of the given grades."""
    micro = grades.get("m_micromegakaryocyte", 0)
    body = shapes.blob(
        sheet, (0.0, 0.0, radius), rough=0.05, stretch=sheet.uniform(1.0, 1.25)
    )
    fray = 0.12 if micro else 0.28
    body = body + fray * sheet.uniform(0.2, 1.0) * sheet.noise(2.4)
    body = body + 3.0 * fray * sheet.noise(9.0)
    nucleus = np.minimum(_nucleus(sheet, grades, radius), body - 0.3)
    tint = replace(_TINT, rna=_TINT.rna * sheet.uniform(0.6, 1.9))
    dyes = cytoplasm.paint(sheet, body, nucleus, tint)
    # Granules fill the middle in heaps and leave a pale, clear rim.
    heaps = np.clip(0.75 + 0.3 * sheet.noise(7.0) + 0.2 * sheet.noise(3.0), 0.1, 1.6)
    rim = sheet.uniform(0.3, 0.12 * radius)
    plasm = sheet.cover(body - rim, soft=1.5 * rim) * heaps
    plasm = plasm * (1 - 0.7 * sheet.cover(nucleus))
    for grain, dye, amount in ((0.6, EOSIN, 0.22), (0.75, DNA, 0.15)):
        cytoplasm.granulate(sheet, dyes, plasm, grain=grain, dye=dye, amount=amount)
    kind = replace(chromatin.COARSE, clump=2.0, level=0.85 if not micro else 0.95)
    dyes[..., DNA] += chromatin.paint(sheet, nucleus, kind)
    if micro:
        _shed(sheet, dyes, body, radius)
    member = Member(line, sheet.cover(body), sheet.cover(nucleus), dict(grades))
    return Drawing(dyes, [member])


def _nucleus(sheet: Sheet, grades: Mapping[str, int], radius: float) -> np.ndarray:
    """Return the depth of the nucleus: one great lobulated mass unless graded."""
    if grades.get("m_micromegakaryocyte"):
        return _small(sheet, radius, grades)
    if grades.get("m_separated_nuclei"):
        return _separate(sheet, radius, grades["m_separated_nuclei"])
    if grades.get("m_hypolobation"):
        return _plain(sheet, radius, grades["m_hypolobation"])
    return _lobulated(sheet, radius, int(sheet.rng.integers(6, 13)))


def _lobulated(sheet: Sheet, radius: float, count: int) -> np.ndarray:
    size = radius * sheet.uniform(0.17, 0.22)
    beads: list[Bead] = [(0.0, 0.0, size * 1.25)]
    turn, wide = sheet.uniform(0, 2 * np.pi), sheet.uniform(0.75, 1.2)
    for number in range(count):
        angle = turn + 2.4 * number
        reach = radius * 0.42 * np.sqrt((number + 0.7) / count)
        beads.append(
            (
                reach * np.cos(angle) * wide + radius * 0.1,
                reach * np.sin(angle) / wide,
                size * sheet.uniform(0.75, 1.2),
            )
        )
    return shapes.cluster(sheet, beads, blend=0.9)


def _plain(sheet: Sheet, radius: float, grade: int) -> np.ndarray:
    """Return three (1), two (2) or a single round (3) lobe in a large cell."""
    size = radius * (0.34, 0.38, 0.46)[grade - 1] * sheet.uniform(0.92, 1.08)
    off = radius * sheet.uniform(0.0, 0.22)
    if grade == 3:
        return shapes.blob(sheet, (off, 0.0, size), rough=0.05, stretch=1.1)
    count = 4 - grade
    beads = [
        (
            off + size * 0.72 * np.cos(2 * np.pi * k / count),
            size * 0.72 * np.sin(2 * np.pi * k / count),
            size * sheet.uniform(0.82, 1.0),
        )
        for k in range(count)
    ]
    return shapes.cluster(sheet, beads, blend=1.0)


def _separate(sheet: Sheet, radius: float, grade: int) -> np.ndarray:
    """Return two to five round nuclei lying apart."""
    count = min(1 + grade + int(sheet.rng.integers(0, 2)), 5)
    size = radius * {2: 0.27, 3: 0.23, 4: 0.20, 5: 0.175}[count]
    turn = sheet.uniform(0, 2 * np.pi)
    depth = np.full(sheet.shape, -99.0, np.float32)
    for number in range(count):
        angle = turn + 2 * np.pi * number / count + sheet.uniform(-0.12, 0.12)
        reach = radius * sheet.uniform(0.46, 0.56)
        bead = (
            reach * np.cos(angle),
            reach * np.sin(angle),
            size * sheet.uniform(0.85, 1.12),
        )
        depth = np.maximum(depth, shapes.blob(sheet, bead, rough=0.04, stretch=1.06))
    return depth


def _small(sheet: Sheet, radius: float, grades: Mapping[str, int]) -> np.ndarray:
    """Return the one or two round nuclei of a micromegakaryocyte."""
    if grades.get("m_separated_nuclei"):
        size = radius * 0.40
        pair = [(-size * 1.1, 0.0, size), (size * 1.1, 0.0, size * 0.95)]
        return np.maximum(shapes.disc(sheet, pair[0]), shapes.disc(sheet, pair[1]))
    size = radius * sheet.uniform(0.58, 0.68)
    return shapes.blob(sheet, (radius * 0.12, 0.0, size), rough=0.05, stretch=1.1)


def _shed(sheet: Sheet, dyes: np.ndarray, body: np.ndarray, radius: float) -> None:
    """Add blebs of cytoplasm, like platelets, around a micromegakaryocyte."""
    for _ in range(int(sheet.rng.integers(2, 7))):
        angle = sheet.uniform(0, 2 * np.pi)
        reach = radius + sheet.uniform(-0.2, 1.0)
        at = (reach * np.cos(angle), reach * np.sin(angle), sheet.uniform(0.5, 1.1))
        spot = sheet.cover(shapes.disc(sheet, at)) * (1 - sheet.cover(body))
        dyes[..., EOSIN] += 0.25 * spot
        dyes[..., DNA] += 0.22 * spot * (0.5 + sheet.beads(0.6))
