"""Neutrophils from promyelocyte to segmented, eosinophils, basophils, mast cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from marrowscope.phantom import chromatin, cytoplasm
from marrowscope.phantom.cells import granulocyte_nuclei as nuclei
from marrowscope.phantom.chromatin import Chromatin
from marrowscope.phantom.cytoplasm import Tint
from marrowscope.phantom.shapes import blob, ragged
from marrowscope.phantom.sheet import DNA, EOSIN, RNA, Drawing, Member, Sheet


@dataclass(frozen=True)
class Stage:
    """A stage of maturation: cell radius in microns and what the cell is made of."""

    radius: tuple[float, float]
    chromatin: Chromatin
    tint: Tint
    granules: str
    nucleoli: int = 0


_PINK = Tint(rna=0.07, eosin=0.09, edge=0.15, halo=0.10, mottle=0.12)
STAGES = {
    "promyelocyte": Stage(
        (7.6, 10.4),
        replace(chromatin.FINE, level=0.82),
        Tint(rna=0.42, eosin=0.16, edge=0.30, halo=0.15, mottle=0.14),
        "azurophil",
        nucleoli=2,
    ),
    "myelocyte": Stage(
        (6.3, 8.8),
        chromatin.MEDIUM,
        Tint(rna=0.17, eosin=0.14, edge=0.25, halo=0.12, mottle=0.14),
        "mixed",
    ),
    "metamyelocyte": Stage(
        (6.0, 7.8), replace(chromatin.MEDIUM, level=0.86), _PINK, "fine"
    ),
    "band": Stage((5.6, 7.3), chromatin.COARSE, _PINK, "fine"),
    "segmented": Stage((5.5, 7.3), chromatin.COARSE, _PINK, "fine"),
    "eosinophil": Stage(
        (6.0, 8.0),
        replace(chromatin.COARSE, level=0.80),
        Tint(rna=0.10, eosin=0.30, haem=0.25, edge=0.1, halo=0.05, mottle=0.1),
        "eosinophil",
    ),
    "basophil": Stage(
        (5.2, 6.8),
        replace(chromatin.MEDIUM, level=0.65),
        Tint(rna=0.10, eosin=0.18, edge=0.1, halo=0.1, mottle=0.12),
        "basophil",
    ),
    "mast_cell": Stage(
        (6.0, 8.5),
        replace(chromatin.MEDIUM, level=0.60),
        Tint(rna=0.20, eosin=0.25, edge=0.1, halo=0.1, mottle=0.12),
        "mast",
    ),
}


def radius(line: str, rng: np.random.Generator, grades: Mapping[str, int]) -> float:
    """Return a cell radius in microns; hypersegmented giants are a little larger."""
    grown = 1.0 + 0.05 * grades.get("g_hypersegmentation", 0)
    return float(rng.uniform(*STAGES[line].radius)) * grown


def draw(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> Drawing:
    """Draw one granulocyte of the given stage and grades."""
    stage = STAGES[line]
    body = blob(sheet, (0.0, 0.0, radius), rough=0.03, stretch=sheet.uniform(1.0, 1.22))
    body = ragged(sheet, body, 0.4)
    nucleus = np.minimum(nuclei.depth(sheet, line, grades, radius=radius), body - 0.15)
    bare = grades.get("g_decreased_granules", 0)
    dyes = cytoplasm.paint(sheet, body, nucleus, _tint(stage.tint, bare))
    if line in {"promyelocyte", "myelocyte"}:
        side = nuclei.opposite(nucleus, sheet)
        at = (side[0] * radius * 0.35, side[1] * radius * 0.35)
        cytoplasm.pale_zone(sheet, dyes, at, radius=radius * sheet.uniform(0.25, 0.4))
    kind = _condense(stage.chromatin, grades.get("g_hyposegmentation", 0))
    dna = chromatin.paint(sheet, nucleus, kind)
    if stage.nucleoli:
        dna = dna * chromatin.nucleoli(sheet, nucleus, int(sheet.rng.integers(0, 3)))
    dyes[..., DNA] += dna
    _fill(sheet, dyes, body, nucleus, stage.granules, bare=bare)
    return Drawing(
        dyes, [Member(line, sheet.cover(body), sheet.cover(nucleus), dict(grades))]
    )


def _tint(tint: Tint, bare: int) -> Tint:
    """Turn pink cytoplasm pale blue-grey as granules are lost."""
    if not bare:
        return tint
    kept = 1.0 - 0.3 * bare
    return replace(
        tint,
        eosin=tint.eosin * kept,
        rna=0.6 * tint.rna + 0.045 * bare,
        mottle=0.07,
    )


def _condense(kind: Chromatin, grade: int) -> Chromatin:
    """Clump the chromatin of a hyposegmented nucleus."""
    if not grade:
        return kind
    return replace(
        kind,
        level=kind.level + 0.08 * grade,
        clump=1.7,
        contrast=0.18 + 0.06 * grade,
        sharp=2.2,
    )


def _fill(
    sheet: Sheet,
    dyes: np.ndarray,
    body: np.ndarray,
    nucleus: np.ndarray,
    granules: str,
    *,
    bare: int,
) -> None:
    """Add the stage's granules; ``bare`` grades remove them."""
    plasm = sheet.cover(body - 0.3) * (1.0 - 0.75 * sheet.cover(nucleus))
    kept = (1.0, 0.5, 0.2, 0.0)[bare]
    if granules in {"azurophil", "mixed"} and kept:
        dense = 0.55 if granules == "azurophil" else 0.25
        amount = sheet.uniform(0.3, 0.6) * kept
        _sprinkle(sheet, dyes, plasm, 0.75, amount, dense)
    if granules in {"fine", "mixed"} and kept:
        _sprinkle(sheet, dyes, plasm, 0.62, sheet.uniform(0.10, 0.34) * kept, 0.6)
        cytoplasm.granulate(
            sheet, dyes, plasm, grain=0.62, dye=EOSIN, amount=0.26 * kept
        )
    if granules == "eosinophil":
        cytoplasm.granulate(sheet, dyes, plasm, grain=0.95, dye=EOSIN, amount=0.62)
        dyes[..., DNA] += 0.16 * plasm * sheet.beads(0.95)
    if granules in {"basophil", "mast"}:
        everywhere = sheet.cover(body - 0.2)
        _sprinkle(sheet, dyes, everywhere, 0.95, 0.95, 0.6)
        if granules == "mast":
            _sprinkle(sheet, dyes, plasm, 0.7, 0.9, 0.9)


def _sprinkle(
    sheet: Sheet,
    dyes: np.ndarray,
    where: np.ndarray,
    grain: float,
    amount: float,
    fullness: float,
) -> None:
    """Add purple granules: chiefly azure with a little eosin and methylene blue."""
    before = dyes[..., DNA].copy()
    cytoplasm.granulate(
        sheet, dyes, where, grain=grain, dye=DNA, amount=amount, fullness=fullness
    )
    added = dyes[..., DNA] - before
    dyes[..., EOSIN] += 0.3 * added
    dyes[..., RNA] += 0.1 * added
