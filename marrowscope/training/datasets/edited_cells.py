"""Graded edits of real cells: dysplasia drawn onto real stain, optics and cytoplasm.

Neutrophils: granules thinned step by step; a nucleus of one, two, three to four, six
or more lobes, drawn or taken from other cells; both at once. Erythroblasts: one, two or
three nuclei, buds; cytoplasm of other stages. Each editing is applied to normals too
(strength near zero, a normal number of lobes), so that the traces of editing tell
nothing. Grades follow the phantom.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from marrowscope.inference.graded_labels import IDS
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
from marrowscope.training.datasets.nucleus_transplants import (
    Nucleus,
    few_lobes,
    usual_lobes,
)
from marrowscope.training.datasets.stain import optical_density, pixels_of
from marrowscope.training.labels import CLASSES, FEATURES

TRANSPLANTS = 0.7  # per neutrophil that can be edited
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
    lenders_of = _lenders(cells, good)
    parts = []
    for edit, labels, lenders, times in PROGRAMME:
        donors = lenders_of(lenders)
        for row in _chosen(cells, labels, good, times, rng) if len(donors) else ():
            donor = _one_of(cells, donors, row, rng)
            parts.append(_edited(cells, row, donor, edit, rng))
    parts += _transplanted(cells, good, lenders_of(CLUMPED), rng)
    return join(parts) if parts else cells.take(np.zeros(0, int))


def _chosen(
    cells: CellArrays,
    labels: tuple[str, ...],
    good: np.ndarray,
    times: float,
    rng: np.random.Generator,
) -> np.ndarray:
    rows = np.flatnonzero(np.isin(cells.fine, labels) & good)
    return rows[rng.random(len(rows)) < times]


def _lenders(cells: CellArrays, good: np.ndarray) -> Callable[..., np.ndarray]:
    round_ones = good.copy()
    round_ones[good] = round_nuclei(cells.marks[good])
    return lambda labels: np.flatnonzero(np.isin(cells.fine, labels) & round_ones)


def _one_of(
    cells: CellArrays, donors: np.ndarray, row: int, rng: np.random.Generator
) -> int:
    """A donor of the row's own source where there is one."""
    same = donors[cells.source[donors] == cells.source[row]]
    return int(rng.choice(same if len(same) else donors))


def _transplanted(
    cells: CellArrays,
    good: np.ndarray,
    round_ones: np.ndarray,
    rng: np.random.Generator,
) -> list[CellArrays]:
    """Neutrophils with other cells' nuclei: half round ones, half lobed ones."""
    lobed = np.flatnonzero(np.isin(cells.fine, NEUTROPHILS) & good)
    if not len(round_ones):
        return []
    parts = []
    for row in _chosen(cells, NEUTROPHILS, good, TRANSPLANTS, rng):
        few = rng.random() < 0.5
        count = int(rng.integers(1, 3)) if few else 1
        pool = round_ones if few else lobed
        donors = [_nucleus(cells, _one_of(cells, pool, row, rng)) for _ in range(count)]
        density, inside, nucleus = _opened(cells, row)
        edit = few_lobes if few else usual_lobes
        found = edit(density, inside, nucleus, donors=donors, rng=rng)
        parts.append(_as_cell(cells, row, *found))
    return parts


def _nucleus(cells: CellArrays, row: int) -> Nucleus:
    density, _, nucleus = _opened(cells, row)
    return Nucleus(density, nucleus)


def _opened(cells: CellArrays, row: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Density over the background, the cell and its nucleus of one row."""
    density = optical_density(cells.canvas[row]) - cells.background[row]
    return density, (cells.marks[row] & 2) > 0, (cells.marks[row] & 4) > 0


def _edited(
    cells: CellArrays, row: int, donor: int, edit: Edit, rng: np.random.Generator
) -> CellArrays:
    density, inside, nucleus = _opened(cells, row)
    theirs, _, their_nucleus = _opened(cells, donor)
    chromatin = chromatin_of(theirs, their_nucleus, density[nucleus])
    found = edit(density, inside, nucleus, chromatin=chromatin, rng=rng)
    return _as_cell(cells, row, *found)


def _as_cell(
    cells: CellArrays, row: int, edited: np.ndarray, grades: Grades, kind: str
) -> CellArrays:
    """The row with its picture edited, graded and called dysplastic where it is."""
    one = cells.take(np.array([row]))
    one.canvas = pixels_of(edited + cells.background[row])[None]
    one.source = np.array(["edited"], dtype="U13")
    one.fine = np.array([kind], dtype="U32")
    one.grades = np.zeros((1, len(FEATURES)), np.float32)
    # What somebody graded was the cell before it was edited.
    one.graded = np.full((1, len(IDS)), np.nan, np.float32)
    for name, grade in grades.items():
        one.grades[0, FEATURES.index(name)] = grade
    if one.grades.any():
        one.label = np.array([CLASSES.index(CLASSES[cells.label[row]][0] + "D")])
    return one
