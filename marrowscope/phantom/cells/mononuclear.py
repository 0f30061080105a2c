"""Cells with one unlobed nucleus: blasts, lymphocytes, plasma cells, monocytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from marrowscope.phantom import chromatin, cytoplasm, shapes
from marrowscope.phantom.chromatin import Chromatin
from marrowscope.phantom.cytoplasm import Tint
from marrowscope.phantom.sheet import DNA, Drawing, Member, Sheet


@dataclass(frozen=True)
class Build:
    """How a cell is built: radius in microns, nucleus as a share of it, materials."""

    radius: tuple[float, float]
    ratio: tuple[float, float]
    chromatin: Chromatin
    tint: Tint
    rough: float = 0.035
    eccentric: float = 0.6
    stretch: tuple[float, float] = (1.0, 1.2)


BUILDS = {
    "blast": Build(
        (6.0, 9.2),
        (0.76, 0.88),
        chromatin.FINE,
        Tint(rna=0.48, eosin=0.05, edge=0.30, halo=0.15, mottle=0.10),
    ),
    "lymphocyte": Build(
        (3.9, 5.6),
        (0.80, 0.92),
        replace(chromatin.COARSE, level=0.95, contrast=0.2, clump=1.9),
        Tint(rna=0.42, eosin=0.02, edge=0.20, halo=0.10, mottle=0.08),
    ),
    "plasma_cell": Build(
        (6.4, 9.2),
        (0.46, 0.58),
        replace(chromatin.CHEQUERED, level=0.92),
        Tint(rna=0.68, eosin=0.14, edge=0.20, halo=0.25, mottle=0.13),
        eccentric=0.85,
        stretch=(1.1, 1.45),
    ),
    "monocyte": Build(
        (6.6, 9.4),
        (0.64, 0.76),
        replace(chromatin.MEDIUM, level=0.78, contrast=0.18),
        Tint(rna=0.27, eosin=0.10, edge=0.08, halo=0.05, mottle=0.14),
        rough=0.06,
    ),
    "promonocyte": Build(
        (6.8, 9.6),
        (0.70, 0.80),
        replace(chromatin.FINE, level=0.76),
        Tint(rna=0.36, eosin=0.10, edge=0.15, halo=0.05, mottle=0.13),
        rough=0.05,
    ),
    "macrophage": Build(
        (10.0, 15.0),
        (0.34, 0.44),
        replace(chromatin.FINE, level=0.60),
        Tint(rna=0.12, eosin=0.14, edge=0.0, halo=0.0, mottle=0.22),
        rough=0.10,
        stretch=(1.0, 1.5),
    ),
    "other_nucleated": Build(
        (6.0, 9.0),
        (0.62, 0.80),
        replace(chromatin.FINE, level=0.78),
        Tint(rna=0.22, eosin=0.10, edge=0.1, halo=0.1, mottle=0.15),
        rough=0.10,
        stretch=(1.1, 1.6),
    ),
}


def radius(line: str, rng: np.random.Generator, grades: Mapping[str, int]) -> float:
    """Return a cell radius in microns; these lines have no graded features."""
    del grades
    return float(rng.uniform(*BUILDS[line].radius))


def draw(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> Drawing:
    """Draw one cell of a line in ``BUILDS``."""
    build = BUILDS[line]
    stretch = sheet.uniform(*build.stretch)
    body = shapes.blob(sheet, (0.0, 0.0, radius), rough=build.rough, stretch=stretch)
    body = shapes.ragged(sheet, body, 0.55)
    nucleus = np.minimum(_nucleus(sheet, line, build, radius), body - 0.1)
    dyes = cytoplasm.paint(sheet, body, nucleus, _vary(sheet, build.tint))
    plasm = sheet.cover(body - 0.4) * (1.0 - sheet.cover(nucleus + 0.3))
    _furnish(sheet, dyes, plasm, line, radius)
    dna = chromatin.paint(sheet, nucleus, build.chromatin)
    dyes[..., DNA] += dna * _openings(sheet, nucleus, line)
    member = Member(line, sheet.cover(body), sheet.cover(nucleus), dict(grades))
    return Drawing(dyes, [member])


def _vary(sheet: Sheet, tint: Tint) -> Tint:
    return replace(
        tint,
        rna=tint.rna * sheet.uniform(0.75, 1.3),
        eosin=tint.eosin * sheet.uniform(0.6, 1.4),
    )


def _openings(sheet: Sheet, nucleus: np.ndarray, line: str) -> np.ndarray | float:
    """Return the factor of nucleoli (blasts and their like) or clock-face chromatin."""
    if line in {"blast", "promonocyte", "macrophage", "other_nucleated"}:
        few = {"blast": (1, 4)}.get(line, (0, 3))
        return chromatin.nucleoli(sheet, nucleus, int(sheet.rng.integers(*few)))
    if line == "plasma_cell":
        return chromatin.clock_face(sheet, nucleus)
    return 1.0


def _nucleus(sheet: Sheet, line: str, build: Build, radius: float) -> np.ndarray:
    size = radius * sheet.uniform(*build.ratio)
    off = (radius - size) * build.eccentric * sheet.uniform(0.3, 1.0)
    if line == "plasma_cell":
        off = (radius - size) * sheet.uniform(0.75, 1.05)
    depth = shapes.blob(
        sheet, (off, 0.0, size), rough=0.03, stretch=1 / sheet.uniform(1.0, 1.16)
    )
    dented = {"monocyte": 0.85, "promonocyte": 0.6, "blast": 0.25, "lymphocyte": 0.2}
    if sheet.rng.random() < dented.get(line, 0.0):
        depth = _fold(sheet, depth, off, size, line)
    return depth


def _fold(
    sheet: Sheet, depth: np.ndarray, off: float, size: float, line: str
) -> np.ndarray:
    """Dent the nucleus: deep and sometimes twice in monocytes, shallow in others."""
    deep = line in {"monocyte", "promonocyte"}
    for _ in range(int(sheet.rng.integers(1, 3)) if deep else 1):
        angle = sheet.uniform(0, 2 * np.pi)
        bite = size * (sheet.uniform(0.15, 0.4) if deep else sheet.uniform(0.1, 0.25))
        reach = size * (sheet.uniform(0.6, 1.0) if deep else 1.05)
        lean = angle + sheet.uniform(-0.6, 0.6)
        inner = (off + reach * np.cos(angle), reach * np.sin(angle), 0.55 * bite)
        outer = (off + 2 * size * np.cos(lean), 2 * size * np.sin(lean), 1.3 * bite)
        cleft = shapes.capsule(sheet, inner, outer)
        depth = -shapes.merge(-depth, cleft, sheet.uniform(0.8, 1.8))
    return depth


def _furnish(
    sheet: Sheet, dyes: np.ndarray, plasm: np.ndarray, line: str, radius: float
) -> None:
    """Add the hof of plasma cells, the dust and vacuoles of monocytes."""
    if line == "plasma_cell":
        at = (-radius * 0.05, sheet.uniform(-0.8, 0.8))
        cytoplasm.pale_zone(sheet, dyes, at, radius=radius * sheet.uniform(0.22, 0.34))
    if line in {"monocyte", "promonocyte", "macrophage"}:
        cytoplasm.granulate(
            sheet, dyes, plasm, grain=0.5, dye=DNA, amount=0.16, fullness=0.6
        )
    few = {"monocyte": 5, "macrophage": 14, "blast": 2, "plasma_cell": 2}.get(line, 0)
    if few and sheet.rng.random() < 0.45:
        cytoplasm.vacuolate(sheet, dyes, plasm, count=int(sheet.rng.integers(1, few)))
