"""What nobody can name: smudged and bare nuclei, shrunken dark balls; and platelets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from marrowscope.phantom import chromatin, cytoplasm, shapes
from marrowscope.phantom.cytoplasm import Tint
from marrowscope.phantom.sheet import DNA, EOSIN, RNA, Drawing, Member, Sheet

_RADIUS = {
    "smudged_nucleus": (5.0, 9.5),
    "bare_nucleus": (3.8, 6.5),
    "unidentifiable": (3.0, 5.5),
    "platelet": (1.0, 1.9),
}


def radius(line: str, rng: np.random.Generator, grades: Mapping[str, int]) -> float:
    """Return a radius in microns."""
    del grades
    return float(rng.uniform(*_RADIUS[line]))


def draw(
    sheet: Sheet, line: str, grades: Mapping[str, int], *, radius: float
) -> Drawing:
    """Draw one of the lines of this module."""
    if line == "platelet":
        body, dyes = _platelet(sheet, radius)
        return Drawing(dyes, [Member(line, sheet.cover(body), np.zeros_like(body))])
    paint = {"smudged_nucleus": _smudge, "bare_nucleus": _bare}.get(line, _dark)
    body, nucleus, dyes = paint(sheet, radius)
    member = Member(line, sheet.cover(body), sheet.cover(nucleus), dict(grades))
    return Drawing(dyes, [member])


def _smudge(sheet: Sheet, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A burst nucleus drawn out into streaks, without an edge."""
    body = shapes.blob(
        sheet, (0.0, 0.0, radius), rough=0.14, stretch=sheet.uniform(1.0, 2.4)
    )
    body = body + 0.7 * sheet.noise(7.0)
    dyes = np.zeros((*sheet.shape, 4), np.float32)
    kind = replace(chromatin.SMUDGED, level=sheet.uniform(0.25, 0.5))
    soft = sheet.cover(body, soft=sheet.uniform(2.5, 6.0))
    dyes[..., DNA] = chromatin.paint(sheet, body + 1.5, kind) * soft
    dyes[..., EOSIN] = sheet.uniform(0.1, 0.35) * soft
    return body, body, dyes


def _bare(sheet: Sheet, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A whole nucleus without cytoplasm."""
    body = shapes.blob(
        sheet, (0.0, 0.0, radius), rough=0.04, stretch=sheet.uniform(1.0, 1.25)
    )
    dyes = np.zeros((*sheet.shape, 4), np.float32)
    kind = replace(chromatin.MEDIUM, level=sheet.uniform(0.5, 0.9))
    dyes[..., DNA] = chromatin.paint(sheet, body, kind)
    return body, body, dyes


def _dark(sheet: Sheet, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A shrunken, overstained cell: a dark ball with a sliver of cytoplasm."""
    body = shapes.blob(
        sheet, (0.0, 0.0, radius), rough=0.04, stretch=sheet.uniform(1.0, 1.15)
    )
    nucleus = body - sheet.uniform(0.1, 0.6)
    tint = Tint(rna=sheet.uniform(0.4, 0.9), edge=0.1, halo=0.0)
    dyes = cytoplasm.paint(sheet, body, nucleus, tint)
    kind = replace(chromatin.DENSE, level=sheet.uniform(1.0, 1.45))
    dyes[..., DNA] += chromatin.paint(sheet, nucleus, kind)
    return body, nucleus, dyes


def _platelet(sheet: Sheet, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """A lilac disc with purple granules in its middle and a pale ragged rim."""
    body = shapes.blob(
        sheet, (0.0, 0.0, radius), rough=0.09, stretch=sheet.uniform(1.0, 1.5)
    )
    body = body + 0.15 * sheet.noise(1.2)
    dyes = np.zeros((*sheet.shape, 4), np.float32)
    cover = sheet.cover(body, soft=0.5)
    dyes[..., RNA], dyes[..., EOSIN] = 0.10 * cover, 0.15 * cover
    middle = sheet.cover(body - 0.4, soft=0.9)
    dyes[..., DNA] = middle * (0.12 + 0.5 * sheet.beads(0.65) * sheet.uniform(0.6, 1))
    return body, dyes
