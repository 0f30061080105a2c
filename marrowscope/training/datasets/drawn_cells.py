"""Cells cut out of phantom fields, with their true class and grades.

Whole fields are drawn (neighbours, debris and zones included) at several scales and in
many laboratories' stains; normals of every line are drawn in quantity, so that being
drawn says nothing about being dysplastic.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.phantom.smear import DrawnField, SmearPlan, draw_field
from marrowscope.training.datasets.cells import CANVAS_PX, CellArrays, canvas_of
from marrowscope.training.datasets.real_cells import frames_of
from marrowscope.training.labels import CLASSES, FEATURES

FIELD_UM = 256.0
CELLS_PER_FIELD = 40
SCALES = (0.25, 0.25, 0.25, 0.2, 0.35)  # microns per pixel; a slide's default leads

# Relative numbers of the lines: every line often enough to be learned.
MIX: Mapping[str, float] = {
    "blast": 12.0,
    "proerythroblast": 4.0,
    "basophilic_erythroblast": 6.0,
    "polychromatic_erythroblast": 10.0,
    "orthochromatic_erythroblast": 7.0,
    "promyelocyte": 5.0,
    "myelocyte": 6.0,
    "metamyelocyte": 6.0,
    "band": 6.0,
    "segmented": 10.0,
    "eosinophil": 4.0,
    "basophil": 2.0,
    "megakaryocyte": 6.0,
    "lymphocyte": 7.0,
    "plasma_cell": 3.0,
    "monocyte": 5.0,
    "promonocyte": 2.0,
    "macrophage": 1.0,
    "other_nucleated": 1.5,
}
DYSPLASTIC_SHARE = {"e": 0.4, "g": 0.4, "m": 0.5}


def field_plan(seed: int) -> SmearPlan:
    """The training field of this seed."""
    rng = np.random.default_rng([seed, 8])
    mpp = float(rng.choice(SCALES))
    side = round(FIELD_UM / mpp)
    return SmearPlan(
        side,
        side,
        CELLS_PER_FIELD,
        seed,
        mpp=mpp,
        mix=MIX,
        dysplasia=DYSPLASTIC_SHARE,
        density=float(rng.uniform(0.5, 1.6)),
        defocus=float(rng.choice([0.0, 0.0, 0.15, 0.35])),
    )


def cells_of_field(drawn: DrawnField) -> CellArrays:
    """Every cell of a drawn field as arrays; cells cut by the edge are kept."""
    cells = drawn.truth["cells"]
    count = len(cells)
    canvas = np.empty((count, CANVAS_PX, CANVAS_PX, 3), np.uint8)
    marks = np.empty((count, CANVAS_PX, CANVAS_PX), np.uint8)
    grades = np.zeros((count, len(FEATURES)), np.float32)
    for i, cell in enumerate(cells):
        own = (drawn.cell_map == i + 1).astype(np.uint8) << 1
        mpp = drawn.truth["mpp"]
        canvas[i], valid, found = canvas_of(drawn.pixels, own, cell["box"], mpp=mpp)
        marks[i] = valid | found
        for name, grade in cell["grades"].items():
            grades[i, FEATURES.index(name)] = grade
    source = np.full(count, "drawn", dtype="U13")
    frames = frames_of(canvas, marks, source)
    return CellArrays(
        canvas,
        marks,
        np.array([CLASSES.index(cell["class"]) for cell in cells]),
        grades,
        source,
        np.array([fine_label(cell) for cell in cells], dtype="U32"),
        np.stack([frame.background for frame in frames]),
        np.stack([frame.dyes for frame in frames]),
    )


def fine_label(cell: Mapping) -> str:
    """What balances drawn cells within a class: the line, or the leading feature."""
    if not cell["grades"]:
        return cell["line"]
    return max(cell["grades"], key=cell["grades"].__getitem__)


def draw_cells(seed: int) -> CellArrays:
    """The cells of the training field of this seed."""
    return cells_of_field(draw_field(field_plan(seed)))
