"""Edits of real erythroblasts: other nuclei, and the cytoplasm of other stages.

See `neutrophil_edits` for what an edit takes and answers.
"""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.datasets.neutrophil_edits import lobe_chain
from marrowscope.training.datasets.nuclear_edits import (
    Grades,
    Lobe,
    empty_cytoplasm,
    put_nucleus,
)

# Cytoplasm of erythroblasts as OD of R, G, B for a mean of 1, and that mean: from the
# deep blue of the basophilic one over grey to the pink of the orthochromatic one.
MATURITY = (
    (np.array([1.36, 1.31, 0.33], np.float32), 0.62),
    (np.array([1.18, 1.30, 0.52], np.float32), 0.42),
    (np.array([0.90, 1.45, 0.65], np.float32), 0.33),
)
LYMPHOID = (np.array([1.24, 1.34, 0.42], np.float32), 0.24)


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
        lobes = lobe_chain(inside, count, radius * (0.72 if count == 2 else 0.6), rng)
        grades = {"e_multinuclearity": count}
    else:
        lobes = lobe_chain(inside, 1, radius * 0.92, rng)
        if kind == "buds":
            count = int(rng.integers(1, 4))
            lobes = [lobes[0], *_buds(lobes[0], count, rng)]
            grades = {"e_budding": count}
    edited = put_nucleus(bare, lobes, chromatin=chromatin, thread=thread, rng=rng)
    return edited, grades, str(kind)


def other_maturity(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """An erythroblast whose cytoplasm is bluer or pinker: another stage, normal.

    Blood shows late stages alone; marrow is full of early ones.
    """
    del chromatin
    place = rng.uniform(0, 2)
    low = min(int(place), 1)
    (early, dense), (late, faint) = MATURITY[low], MATURITY[low + 1]
    share = place - low
    hue, level = (1 - share) * early + share * late, (1 - share) * dense + share * faint
    recoloured = _with_cytoplasm(density, inside, nucleus, hue, level=level, rng=rng)
    return recoloured, {}, "stage"


def other_lymphoid_blue(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    chromatin: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """A lymphocyte in another of its own pale blues: what `other_maturity` is not."""
    del chromatin
    hue, level = LYMPHOID
    recoloured = _with_cytoplasm(density, inside, nucleus, hue, level=level, rng=rng)
    return recoloured, {}, "LY"


def _with_cytoplasm(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    hue: np.ndarray,
    *,
    level: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """The cell with its cytoplasm's shading kept and its colour and depth changed."""
    where = (inside & ~nucleus).astype(np.float32)
    grey = density.mean(axis=2, keepdims=True)
    usual = float(grey[where > 0].mean()) if where.any() else 1.0
    tint = hue * np.exp(rng.normal(0, 0.06, 3)).astype(np.float32)
    new = grey * (level * np.exp(rng.normal(0, 0.15)) / max(usual, 0.05)) * tint
    share = cv2.GaussianBlur(where, (0, 0), 0.9)[..., None] * rng.uniform(0.7, 1.0)
    return ((1 - share) * density + share * new).astype(np.float32)


def _buds(body: Lobe, count: int, rng: np.random.Generator) -> list[Lobe]:
    start = rng.uniform(0, 2 * np.pi)
    buds = []
    for k in range(count):
        way = start + k * rng.uniform(1.2, 2.4)
        small = body.radius * rng.uniform(0.28, 0.45)
        far = body.radius + small * rng.uniform(0.2, 0.75)
        buds.append(Lobe(body.x + far * np.cos(way), body.y + far * np.sin(way), small))
    return buds
