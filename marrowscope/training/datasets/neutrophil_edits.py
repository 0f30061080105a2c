"""Dysplasia drawn onto real neutrophils: granules thinned, lobes too few or too many.

Each edit takes optical density (H, W, 3) over the background, the cell and its nucleus
(bool masks) and a texture of chromatin, and answers the edited density, the grades
(0 to 3, as the phantom grades) and a word for the kind. Normals are edited too.
"""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.datasets.nuclear_edits import (
    Grades,
    Lobe,
    clumped,
    empty_cytoplasm,
    put_nucleus,
)


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
    edited = degranulated(density, inside, nucleus, grade=grade, rng=rng)
    return edited, {"g_decreased_granules": grade}, "granules"


def degranulated(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    grade: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """The cell with granules thinned by `grade` 0 (hardly at all) to 3 (all gone).

    What is left of the cytoplasm is faint and smooth, of the blue-grey that a
    lymphocyte's has: as much red light absorbed as green, where pink granules absorb
    green half as much again. Lower grades keep granules in patches.
    """
    near = cv2.dilate(nucleus.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    where = (inside & ~near).astype(np.float32)
    weight = cv2.GaussianBlur(where, (0, 0), 4.0)[..., None]
    smooth = cv2.GaussianBlur(density * where[..., None], (0, 0), 4.0)
    smooth = smooth / np.maximum(weight, 0.05)
    hue = np.array([1.0, rng.uniform(0.92, 1.18), rng.uniform(0.3, 0.6)], np.float32)
    level = smooth.mean(axis=2, keepdims=True) * rng.uniform(0.5, 1.0)
    pale = level * hue / hue.mean() + rng.uniform(0.03, 0.15) * (density - smooth)
    strength = (0.05, 0.5, 0.78, 0.96)[grade] + rng.uniform(-0.05, 0.04)
    noise = cv2.GaussianBlur(rng.normal(size=where.shape), (0, 0), 9.0)
    patches = 1 + 0.35 * (3 - grade) / 3 * np.tanh(noise / max(noise.std(), 1e-6))
    cover = np.clip(strength * patches, 0, 1) * cv2.GaussianBlur(where, (0, 0), 0.8)
    share = cover[..., None].astype(np.float32)
    return (1 - share) * density + share * pale


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
        rng.choice([1, 2, 3, 4, 6, 7, 8], p=[0.17, 0.2, 0.2, 0.2, 0.1, 0.08, 0.05])
    )
    edited = _with_lobes(density, inside, nucleus, count, chromatin=chromatin, rng=rng)
    return edited, _lobe_grades(count), f"lobes{min(count, 6)}"


def pale_with_few_lobes(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """Both at once, as they mostly come: few lobes and hardly a granule.

    Half are the counterpart of it: three or four lobes, granules as they were.
    """
    dysplastic = rng.random() < 0.5
    count = int(rng.choice([1, 2] if dysplastic else [3, 4]))
    grade = int(rng.integers(2, 4)) if dysplastic else 0
    bare = degranulated(density, inside, nucleus, grade=grade, rng=rng)
    edited = _with_lobes(bare, inside, nucleus, count, chromatin=chromatin, rng=rng)
    grades = {**_lobe_grades(count), "g_decreased_granules": grade}
    return edited, grades, "pale few lobes" if dysplastic else f"lobes{count}"


def _lobe_grades(count: int) -> Grades:
    return {
        "g_hyposegmentation": {1: 3, 2: 2}.get(count, 0),
        "g_hypersegmentation": {6: 1, 7: 2, 8: 3}.get(count, 0),
    }


def _with_lobes(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    count: int,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The cell with a nucleus of `count` lobes; few lobes have clumped chromatin."""
    few = count <= 2
    area = nucleus.sum() * (rng.uniform(0.65, 0.95) if few else rng.uniform(0.8, 1.0))
    radius = np.sqrt(area / count / np.pi)
    place = dumb_bell if count == 2 else lobe_chain
    lobes = place(inside, count, radius, rng)
    bare = empty_cytoplasm(density, inside, nucleus, rng)
    thread = rng.uniform(0.5, 1.1) if count > 2 else rng.uniform(0.6, 1.8)
    texture = clumped(chromatin, rng.uniform(0.5, 1.0) if few else 0.2, rng)
    return put_nucleus(bare, lobes, chromatin=texture, thread=thread, rng=rng)


def dumb_bell(
    inside: np.ndarray, count: int, radius: float, rng: np.random.Generator
) -> list[Lobe]:
    """Two round lobes across the cell's middle, as in pseudo-Pelger cells."""
    del count
    x, y = _middle(inside)
    room = np.sqrt(inside.sum() / np.pi)
    apart = min(
        radius * rng.uniform(0.9, 1.25), max(room - 1.05 * radius, 0.8 * radius)
    )
    way, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.2)
    ways = (way, way + np.pi + bend)
    off = rng.normal(0, 0.08 * room, 2)
    return [
        Lobe(
            x + off[0] + apart * np.cos(w),
            y + off[1] + apart * np.sin(w),
            radius * rng.uniform(0.9, 1.1),
            rng.uniform(1.0, 1.25),
            w + np.pi / 2 * rng.integers(2),
        )
        for w in ways
    ]


def _middle(inside: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(inside)
    return float(columns.mean()), float(rows.mean())


def lobe_chain(
    inside: np.ndarray, count: int, radius: float, rng: np.random.Generator
) -> list[Lobe]:
    """Lobes on an arc around the cell's middle, all inside it as far as can be.

    Three and four are long along the arc, as in a usual neutrophil.
    """
    middle = np.array(_middle(inside))
    room = np.sqrt(inside.sum() / np.pi)
    if count == 1:
        away = rng.uniform(0, max(room - 1.15 * radius, 0)) * 0.6
        way = rng.uniform(0, 2 * np.pi)
        x, y = middle + away * np.array([np.cos(way), np.sin(way)])
        return [Lobe(x, y, radius, rng.uniform(1.0, 1.3), rng.uniform(0, np.pi))]
    long = rng.uniform(1.1, 1.7) if count in (3, 4) else rng.uniform(1.0, 1.3)
    need = 2.15 * radius * long**0.5 / (2 * np.sin(np.pi / max(count, 2)))
    arc = min(max(need, 1.15 * radius), room - 0.9 * radius)
    half = rng.uniform(0.85, 1.1) * radius * long**0.5 / max(arc, 1e-3)
    step = 2 * np.arcsin(min(half, 1.0))
    way = rng.uniform(0, 2 * np.pi)
    lobes = []
    for _ in range(count):
        far = arc * rng.uniform(0.7, 1.1)
        x, y = middle + far * np.array([np.cos(way), np.sin(way)])
        tilt = way + np.pi / 2 + rng.normal(0, 0.35)
        own = max(1.0, long * rng.uniform(0.8, 1.2))
        lobes.append(Lobe(x, y, radius * rng.uniform(0.8, 1.15), own, tilt))
        way += step * rng.uniform(0.85, 1.15)
    return lobes
