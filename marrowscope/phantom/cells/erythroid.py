"""Erythroblasts, from proerythroblast to orthochromatic, and how they go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from marrowscope.phantom import chromatin, cytoplasm, shapes
from marrowscope.phantom.chromatin import Chromatin
from marrowscope.phantom.cytoplasm import Tint
from marrowscope.phantom.sheet import DNA, Drawing, Member, Sheet


@dataclass(frozen=True)
class Stage:
    """A stage of maturation: cell radius in microns, nucleus as a share of it."""

    radius: tuple[float, float]
    ratio: tuple[float, float]
    chromatin: Chromatin
    tint: Tint
    eccentric: float
    nucleoli: int = 0


STAGES = {
    "proerythroblast": Stage(
        (7.6, 10.2),
        (0.72, 0.82),
        chromatin.GRANULAR,
        Tint(rna=1.05, eosin=0.10, edge=0.30, halo=0.45, mottle=0.10),
        0.5,
        nucleoli=2,
    ),
    "basophilic_erythroblast": Stage(
        (6.0, 7.8),
        (0.70, 0.80),
        replace(chromatin.COARSE, level=0.95),
        Tint(rna=0.90, haem=0.1, eosin=0.05, edge=0.25, halo=0.35, mottle=0.10),
        0.4,
    ),
    "polychromatic_erythroblast": Stage(
        (5.0, 6.5),
        (0.58, 0.72),
        replace(chromatin.CHEQUERED, level=1.22),
        Tint(rna=0.40, haem=0.60, eosin=0.04, edge=0.2, halo=0.15, mottle=0.1),
        0.5,
    ),
    "orthochromatic_erythroblast": Stage(
        (4.1, 5.3),
        (0.46, 0.60),
        chromatin.DENSE,
        Tint(rna=0.23, haem=0.95, edge=0.12, halo=0.08, mottle=0.05),
        0.8,
    ),
}


def radius(line: str, rng: np.random.Generator, grades: Mapping[str, int]) -> float:
    """Return a cell radius in microns; megaloblastoid cells are larger."""
    grown = 1.0 + 0.11 * grades.get("e_megaloblastoid", 0)
    grown *= 1.0 + 0.06 * grades.get("e_multinuclearity", 0)
    return float(rng.uniform(*STAGES[line].radius)) * grown


def apart(radius: float, grades: Mapping[str, int]) -> float:
    """Return how far apart (microns) two joined erythroblasts lie."""
    return 2.0 * radius + 0.5 * grades.get("e_bridging", 0)


def draw(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> Drawing:
    """Draw one erythroblast, or two that a thread of chromatin joins."""
    bridging = grades.get("e_bridging", 0)
    if not bridging:
        dyes, member = _one(sheet, line, grades, at=(0.0, 0.0), radius=radius)
        return Drawing(dyes, [member])
    gap = apart(radius, grades)
    dyes, first = _one(sheet, line, grades, at=(0.0, 0.0), radius=radius)
    other = radius * sheet.uniform(0.9, 1.0)
    more, second = _one(sheet, line, grades, at=(gap, 0.0), radius=other)
    free = 1.0 - first.body
    dyes = dyes + more * free[..., None]
    second = replace(second, body=second.body * free)
    _join(sheet, dyes, first, second, gap=gap, grade=bridging)
    return Drawing(dyes, [first, second])


def _join(
    sheet: Sheet,
    dyes: np.ndarray,
    first: Member,
    second: Member,
    *,
    gap: float,
    grade: int,
) -> None:
    """Draw the thread of chromatin between two nuclei, thicker in higher grades."""
    bend = sheet.uniform(-0.8, 0.8)
    width = 0.16 + 0.11 * grade
    beads = [(0.0, 0.0, width * 2), (gap / 2, bend, width), (gap, 0.0, width * 2)]
    thread = sheet.cover(shapes.chain(sheet, beads, blend=0.3), soft=0.3)
    free = thread * (1.0 - first.nucleus) * (1.0 - second.nucleus)
    dyes[..., DNA] += 1.15 * free


def _one(
    sheet: Sheet,
    line: str,
    grades: Mapping[str, int],
    *,
    at: tuple[float, float],
    radius: float,
) -> tuple[np.ndarray, Member]:
    stage = STAGES[line]
    body = shapes.blob(
        sheet, (*at, radius), rough=0.035, stretch=sheet.uniform(1.0, 1.18)
    )
    body = shapes.ragged(sheet, body, 0.45)
    nucleus = _nucleus(sheet, stage, grades, at=at, radius=radius)
    nucleus = np.minimum(nucleus, body + 0.1)
    dyes = cytoplasm.paint(sheet, body, nucleus, stage.tint)
    vacuoles = grades.get("e_vacuolation", 0)
    if vacuoles:
        plasm = sheet.cover(body - 0.5) * (1 - sheet.cover(nucleus))
        cytoplasm.vacuolate(sheet, dyes, plasm, count=2 + 3 * vacuoles)
    kind = _chromatin(stage.chromatin, grades.get("e_megaloblastoid", 0))
    dna = chromatin.paint(sheet, nucleus, kind)
    if stage.nucleoli:
        dna = dna * chromatin.nucleoli(sheet, nucleus, int(sheet.rng.integers(1, 4)))
    dyes[..., DNA] += dna
    return dyes, Member(line, sheet.cover(body), sheet.cover(nucleus), dict(grades))


def _chromatin(kind: Chromatin, megaloblastoid: int) -> Chromatin:
    """Open the chromatin: young nucleus, old cytoplasm."""
    if not megaloblastoid:
        return kind
    return replace(
        kind,
        level=kind.level - (0.10 + 0.12 * megaloblastoid) * kind.level / 1.2,
        clump=1.0,
        contrast=0.14 + 0.06 * megaloblastoid,
        net=0.10 + 0.04 * megaloblastoid,
        sharp=1.6,
    )


def _nucleus(
    sheet: Sheet,
    stage: Stage,
    grades: Mapping[str, int],
    *,
    at: tuple[float, float],
    radius: float,
) -> np.ndarray:
    """Return the depth of the nucleus with its blebs, fragments or extra nuclei."""
    size = radius * sheet.uniform(*stage.ratio)
    size *= 1.0 + 0.05 * grades.get("e_megaloblastoid", 0)
    off = stage.eccentric * (radius - size) * sheet.uniform(0.2, 1.0)
    turn = sheet.uniform(0, 2 * np.pi)
    centre = (at[0] + off * np.cos(turn), at[1] + off * np.sin(turn))
    if grades.get("e_multinuclearity"):
        return _several(sheet, at, radius, size, grades["e_multinuclearity"])
    if grades.get("e_karyorrhexis"):
        return _fragments(sheet, centre, radius, size, grades["e_karyorrhexis"])
    depth = shapes.blob(
        sheet, (*centre, size), rough=0.02, stretch=sheet.uniform(1.0, 1.1)
    )
    if grades.get("e_budding"):
        depth = _bud(sheet, depth, centre, size, grades["e_budding"])
    return depth


def _several(
    sheet: Sheet, at: tuple[float, float], radius: float, size: float, grade: int
) -> np.ndarray:
    """Return two, three or four nuclei, unequal and sometimes still touching."""
    count = 1 + grade
    each = min(
        size * (0.80, 0.66, 0.58)[grade - 1], radius * (0.47, 0.40, 0.35)[grade - 1]
    )
    turn = sheet.uniform(0, 2 * np.pi)
    depth = np.full(sheet.shape, -99.0, np.float32)
    for number in range(count):
        angle = turn + 2 * np.pi * number / count + sheet.uniform(-0.15, 0.15)
        reach = (radius - each) * sheet.uniform(0.82, 0.97)
        bead = (
            at[0] + reach * np.cos(angle),
            at[1] + reach * np.sin(angle),
            each * sheet.uniform(0.85, 1.05),
        )
        depth = np.maximum(depth, shapes.blob(sheet, bead, rough=0.03, stretch=1.08))
    return depth


def _fragments(
    sheet: Sheet,
    centre: tuple[float, float],
    radius: float,
    size: float,
    grade: int,
) -> np.ndarray:
    """Return a nucleus broken into dense balls of unequal size."""
    count = 2 + 2 * grade
    depth = shapes.blob(sheet, (*centre, size * (0.85 - 0.13 * grade)), rough=0.06)
    turn = sheet.uniform(0, 2 * np.pi)
    for number in range(count):
        angle = turn + 2 * np.pi * number / count + sheet.uniform(-0.5, 0.5)
        each = size * sheet.uniform(0.13, 0.40)
        reach = min(size * sheet.uniform(0.75, 1.15), radius - each - 0.3)
        bead = (
            centre[0] * 0.6 + reach * np.cos(angle),
            centre[1] * 0.6 + reach * np.sin(angle),
            each,
        )
        depth = np.maximum(depth, shapes.disc(sheet, bead))
    return depth


def _bud(
    sheet: Sheet,
    depth: np.ndarray,
    centre: tuple[float, float],
    size: float,
    grade: int,
) -> np.ndarray:
    """Return the nucleus with one to four blebs growing out of it."""
    turn = sheet.uniform(0, 2 * np.pi)
    for number in range(grade + int(sheet.rng.integers(0, 2))):
        angle = turn + number * sheet.uniform(1.0, 1.9)
        each = size * sheet.uniform(0.22, 0.30) * (1 + 0.12 * grade)
        reach = size + each * sheet.uniform(0.25, 0.75)
        bead = (
            centre[0] + reach * np.cos(angle),
            centre[1] + reach * np.sin(angle),
            each,
        )
        depth = shapes.merge(depth, shapes.disc(sheet, bead), 0.35)
    return depth
