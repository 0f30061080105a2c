"""The words of the truth: lines, the eight classes of ``lee``, features, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from marrowscope.phantom.sheet import Member, trace

CLASSES = ("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")

FEATURES = (
    "e_budding",
    "e_bridging",
    "e_karyorrhexis",
    "e_multinuclearity",
    "e_megaloblastoid",
    "e_vacuolation",
    "g_hyposegmentation",
    "g_hypersegmentation",
    "g_decreased_granules",
    "m_micromegakaryocyte",
    "m_hypolobation",
    "m_separated_nuclei",
)

ERYTHROID = (
    "proerythroblast",
    "basophilic_erythroblast",
    "polychromatic_erythroblast",
    "orthochromatic_erythroblast",
)
GRANULOCYTIC = (
    "promyelocyte",
    "myelocyte",
    "metamyelocyte",
    "band",
    "segmented",
    "eosinophil",
    "basophil",
)
MONONUCLEAR = (
    "lymphocyte",
    "plasma_cell",
    "monocyte",
    "promonocyte",
    "macrophage",
    "other_nucleated",
)
UNREADABLE = ("smudged_nucleus", "bare_nucleus", "unidentifiable")
LINES = (
    "blast",
    *ERYTHROID,
    *GRANULOCYTIC,
    "mast_cell",
    "megakaryocyte",
    *MONONUCLEAR,
    *UNREADABLE,
    "platelet",
)

# The lines on which a feature is seen, commonest first.
CARRIERS: Mapping[str, tuple[str, ...]] = {
    "e_budding": ERYTHROID[2:],
    "e_bridging": ERYTHROID[1:3],
    "e_karyorrhexis": ERYTHROID[2:],
    "e_multinuclearity": ERYTHROID[1:],
    "e_megaloblastoid": ERYTHROID[2:],
    "e_vacuolation": ERYTHROID[:3],
    "g_hyposegmentation": ("segmented",),
    "g_hypersegmentation": ("segmented",),
    "g_decreased_granules": ("segmented", "band", "metamyelocyte", "myelocyte"),
    "m_micromegakaryocyte": ("megakaryocyte",),
    "m_hypolobation": ("megakaryocyte",),
    "m_separated_nuclei": ("megakaryocyte",),
}


def class_of(line: str, grades: Mapping[str, int]) -> str:
    """Return the ``lee`` class of a line: dysplastic with any grade of 1 or more."""
    series = {**dict.fromkeys(ERYTHROID, "E"), **dict.fromkeys(GRANULOCYTIC, "G")}
    letter = {**series, "megakaryocyte": "M"}.get(line)
    if letter is None:
        return "blast" if line == "blast" else "other"
    return letter + ("D" if any(grade >= 1 for grade in grades.values()) else "N")


def record(
    member: Member,
    corner: tuple[int, int],
    *,
    zone: str,
    size: tuple[int, int],
) -> dict[str, Any]:
    """Return a cell's entry; ``corner`` is its patch's (column, row), ``size`` (W, H).

    Box, outline and nucleus are in level-0 pixels; ``cut`` says that the box reaches
    over the picture's edge, in which case it is clipped to it.
    """
    shift = np.array(corner)
    outlines = trace(member.body)
    outline = outlines[0] + shift if outlines else np.array([shift])
    box, cut = _box(member.body > 0.5, corner, size)
    return {
        "box": box,
        "class": class_of(member.line, member.grades),
        "line": member.line,
        "zone": zone,
        "outline": outline.tolist(),
        "nucleus": [(part + shift).tolist() for part in trace(member.nucleus)],
        "grades": {name: grade for name, grade in member.grades.items() if grade > 0},
        "cut": cut,
    }


def _box(
    mask: np.ndarray, corner: tuple[int, int], size: tuple[int, int]
) -> tuple[list[int], bool]:
    """Return [x, y, w, h] of a mask at ``corner``, clipped, and if it was cut."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return [*corner, 1, 1], False
    left, right = corner[0] + int(columns[0]), corner[0] + int(columns[-1]) + 1
    top, bottom = corner[1] + int(rows[0]), corner[1] + int(rows[-1]) + 1
    cut = left < 0 or top < 0 or right > size[0] or bottom > size[1]
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, size[0]), min(bottom, size[1])
    return [left, top, max(right - left, 1), max(bottom - top, 1)], cut


def document(
    cells: Sequence[Mapping[str, Any]],
    *,
    doubtful: Sequence[Mapping[str, Any]],
    zones: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the whole truth of a picture as written to ``OUT.json``."""
    return {
        **about,
        "cells": list(cells),
        "doubtful": list(doubtful),
        "zones": list(zones),
    }
