"""Graded edits of real cells: dysplasia drawn onto real stain, optics and cytoplasm.

Neutrophils: granules thinned step by step; a nucleus of one, two, three to four, six
or more lobes; both at once. Erythroblasts: one, two or three nuclei, buds; cytoplasm of
other stages. Each editing is applied to normals too (strength near zero, a normal
number of lobes), so that the traces of editing tell nothing. Grades follow the phantom.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from marrowscope.training.datasets.cells import CellArrays, join
from marrowscope.training.datasets.erythroid_edits import (
    other_lymphoid_blue,
    other_maturity,
    other_nuclei,
)
from marrowscope.training.datasets.neutrophil_edits import (
    other_lobes,
    pale_with_few_lobes,
    thin_granules,
)
from marrowscope.training.datasets.nuclear_edits import Grades, chromatin_of
from marrowscope.training.datasets.stain import optical_density, pixels_of
from marrowscope.training.labels import CLASSES, FEATURES

Edit = Callable[..., tuple[np.ndarray, Grades, str]]

NEUTROPHILS = ("SNE", "NEUTROPHIL", "NGS", "BNE")
ERYTHROBLASTS = ("ERB",)
LYMPHOCYTES = ("LY", "LYT")
CLUMPED = ("LY", "LYT", "MMY")  # round nuclei with coarse chromatin


def usable(marks: np.ndarray) -> np.ndarray:
    """(N,) True where cell and nucleus are outlined and plausible."""
    cells = (marks & 2 > 0).sum(axis=(1, 2))
    nuclei = (marks & 4 > 0).sum(axis=(1, 2))
    share = nuclei / np.maximum(cells, 1)
    return (cells > 900) & (nuclei > 200) & (share > 0.12) & (share < 0.75)


def round_nuclei(marks: np.ndarray) -> np.ndarray:
    """(N,) True where the nucleus fills a disc: a texture without cytoplasm in it."""
    rounds = []
    for nucleus in (marks & 4).astype(np.uint8):
        _, _, width, height = cv2.boundingRect(nucleus)
        disc = np.pi / 4 * max(width, height, 1) ** 2
        rounds.append(cv2.countNonZero(nucleus) > 0.75 * disc)
    return np.array(rounds)


# Editing, the source labels it applies to, those that lend chromatin, edits per cell.
PROGRAMME: tuple[tuple[Edit, tuple[str, ...], tuple[str, ...], float], ...] = (
    (thin_granules, NEUTROPHILS, CLUMPED, 0.8),
    (other_lobes, NEUTROPHILS, CLUMPED, 0.8),
    (pale_with_few_lobes, NEUTROPHILS, CLUMPED, 0.4),
    (other_nuclei, ERYTHROBLASTS, ERYTHROBLASTS, 0.8),
    (other_maturity, ERYTHROBLASTS, ERYTHROBLASTS, 1.0),
    (other_lymphoid_blue, LYMPHOCYTES, LYMPHOCYTES, 0.4),
)


def edit_cells(cells: CellArrays, *, seed: int) -> CellArrays:
    """Edited copies of the real `cells` that can be edited, as source `edited`."""
    rng = np.random.default_rng([seed, 9])
    good = usable(cells.marks)
    parts = []
    for edit, labels, lenders, times in PROGRAMME:
        rows = np.flatnonzero(np.isin(cells.fine, labels) & good)
        rows = rows[rng.random(len(rows)) < times]
        donors = np.flatnonzero(
            np.isin(cells.fine, lenders) & good & round_nuclei(cells.marks)
        )
        for row in rows if len(donors) else ():
            same = donors[cells.source[donors] == cells.source[row]]
            lender = int(rng.choice(same if len(same) else donors))
            parts.append(_edited(cells, row, lender, edit, rng))
    return join(parts) if parts else cells.take(np.zeros(0, int))


def _edited(
    cells: CellArrays, row: int, donor: int, edit: Edit, rng: np.random.Generator
) -> CellArrays:
    base = cells.background[row]
    density = optical_density(cells.canvas[row]) - base
    inside, nucleus = (cells.marks[row] & 2) > 0, (cells.marks[row] & 4) > 0
    theirs = optical_density(cells.canvas[donor]) - cells.background[donor]
    chromatin = chromatin_of(theirs, (cells.marks[donor] & 4) > 0, density[nucleus])
    edited, grades, kind = edit(density, inside, nucleus, chromatin=chromatin, rng=rng)
    one = cells.take(np.array([row]))
    one.canvas = pixels_of(edited + base)[None]
    one.source = np.array(["edited"], dtype="U13")
    one.fine = np.array([kind], dtype="U32")
    one.grades = np.zeros((1, len(FEATURES)), np.float32)
    for name, grade in grades.items():
        one.grades[0, FEATURES.index(name)] = grade
    if one.grades.any():
        one.label = np.array([CLASSES.index(CLASSES[cells.label[row]][0] + "D")])
    return one
