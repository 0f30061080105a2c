"""Graded edits of real cells: dysplasia drawn onto real stain, optics and cytoplasm.

Neutrophils: granules thinned step by step; a nucleus of one, two, three to four, six
or more lobes. Erythroblasts: one, two or three nuclei, buds. Each editing is applied to
normals too (strength near zero, a normal number of lobes), so that the traces of
editing tell nothing. Grades follow the phantom: see `hypo`, `hyper` below.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from marrowscope.training.datasets.cells import CellArrays, join
from marrowscope.training.datasets.nuclear_edits import (
    Lobe,
    chromatin_of,
    empty_cytoplasm,
    put_nucleus,
)
from marrowscope.training.datasets.stain import optical_density, pixels_of
from marrowscope.training.labels import CLASSES, FEATURES

Grades = dict[str, int]
Edit = Callable[..., tuple[np.ndarray, Grades, str]]

NEUTROPHILS = ("SNE", "NEUTROPHIL", "NGS", "BNE")
ERYTHROBLASTS = ("ERB",)
CLUMPED = ("LY", "LYT", "MMY")  # round nuclei with coarse chromatin
_PALE = np.array([1.12, 1.05, 0.75], np.float32)  # blue-grey, as OD of R, G, B


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


def thin_granules(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """Granules fade and the cytoplasm turns pale blue-grey, by grade 0 to 3."""
    del chromatin
    grade = int(rng.choice(4, p=[0.25, 0.15, 0.3, 0.3]))
    strength = (0.05, 0.5, 0.75, 0.95)[grade] + rng.uniform(-0.05, 0.05)
    near = cv2.dilate(nucleus.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    where = (inside & ~near).astype(np.float32)
    weight = cv2.GaussianBlur(where, (0, 0), 4.0)[..., None]
    smooth = cv2.GaussianBlur(density * where[..., None], (0, 0), 4.0)
    smooth = smooth / np.maximum(weight, 0.05)
    pale = smooth.mean(axis=2, keepdims=True) * _PALE * rng.uniform(0.6, 1.0)
    pale = pale + rng.uniform(0.05, 0.2) * (density - smooth)
    share = strength * cv2.GaussianBlur(where, (0, 0), 0.8)[..., None]
    return (
        (1 - share) * density + share * pale,
        {"g_decreased_granules": grade},
        "granules",
    )


def other_lobes(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """A neutrophil nucleus of another number of lobes; three and four are normal."""
    count = int(
        rng.choice([1, 2, 3, 4, 6, 7, 8], p=[0.2, 0.2, 0.2, 0.2, 0.08, 0.07, 0.05])
    )
    area = nucleus.sum() * rng.uniform(0.8, 1.0)
    radius = np.sqrt(area / count / np.pi)
    lobes = _chain(inside, count, radius, rng)
    bare = empty_cytoplasm(density, inside, nucleus, rng)
    thread = rng.uniform(0.8, 1.4) if count > 2 else rng.uniform(1.0, 2.2)
    edited = put_nucleus(bare, lobes, chromatin=chromatin, thread=thread, rng=rng)
    grades = {
        "g_hyposegmentation": {1: 3, 2: 2}.get(count, 0),
        "g_hypersegmentation": {6: 1, 7: 2, 8: 3}.get(count, 0),
    }
    return edited, grades, f"lobes{min(count, 6)}"


def _chain(
    inside: np.ndarray, count: int, radius: float, rng: np.random.Generator
) -> list[Lobe]:
    """Lobes on an arc around the cell's middle, all inside it as far as can be."""
    rows, columns = np.nonzero(inside)
    middle = np.array([columns.mean(), rows.mean()])
    room = np.sqrt(inside.sum() / np.pi)
    if count == 1:
        away = rng.uniform(0, max(room - 1.15 * radius, 0)) * 0.6
        way = rng.uniform(0, 2 * np.pi)
        x, y = middle + away * np.array([np.cos(way), np.sin(way)])
        return [Lobe(x, y, radius)]
    need = 2.15 * radius / (2 * np.sin(np.pi / max(count, 2)))
    arc = min(max(need, 1.15 * radius), room - 0.9 * radius)
    step = 2 * np.arcsin(min(rng.uniform(0.85, 1.1) * radius / max(arc, 1e-3), 1.0))
    start = rng.uniform(0, 2 * np.pi)
    lobes = []
    for k in range(count):
        way = start + k * step + rng.normal(0, 0.12)
        far = arc * rng.uniform(0.7, 1.1)
        x, y = middle + far * np.array([np.cos(way), np.sin(way)])
        lobes.append(Lobe(x, y, radius * rng.uniform(0.85, 1.12)))
    return lobes


def other_nuclei(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """An erythroblast with one round nucleus (normal), two or three, or buds."""
    kind = rng.choice(["one", "several", "buds"], p=[0.4, 0.3, 0.3])
    bare = empty_cytoplasm(density, inside, nucleus, rng)
    radius = np.sqrt(nucleus.sum() / np.pi)
    thread, grades = 0.0, {}
    if kind == "several":
        count = int(rng.choice([2, 3], p=[0.7, 0.3]))
        lobes = _chain(inside, count, radius * (0.72 if count == 2 else 0.6), rng)
        grades = {"e_multinuclearity": count}
    else:
        lobes = _chain(inside, 1, radius * 0.92, rng)
        if kind == "buds":
            count = int(rng.integers(1, 4))
            lobes = [lobes[0], *_buds(lobes[0], count, rng)]
            grades = {"e_budding": count}
    edited = put_nucleus(bare, lobes, chromatin=chromatin, thread=thread, rng=rng)
    return edited, grades, str(kind)


def _buds(body: Lobe, count: int, rng: np.random.Generator) -> list[Lobe]:
    start = rng.uniform(0, 2 * np.pi)
    buds = []
    for k in range(count):
        way = start + k * rng.uniform(1.2, 2.4)
        small = body.radius * rng.uniform(0.28, 0.45)
        far = body.radius + small * rng.uniform(0.2, 0.75)
        buds.append(Lobe(body.x + far * np.cos(way), body.y + far * np.sin(way), small))
    return buds


# Editing, the source labels it applies to, those that lend chromatin, edits per cell.
PROGRAMME: tuple[tuple[Edit, tuple[str, ...], tuple[str, ...], float], ...] = (
    (thin_granules, NEUTROPHILS, CLUMPED, 0.8),
    (other_lobes, NEUTROPHILS, CLUMPED, 0.8),
    (other_nuclei, ERYTHROBLASTS, ERYTHROBLASTS, 0.8),
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
        for row in rows:
            same = donors[cells.source[donors] == cells.source[row]]
            parts.append(_edited(cells, row, int(rng.choice(same)), edit, rng))
    return join(parts)


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
