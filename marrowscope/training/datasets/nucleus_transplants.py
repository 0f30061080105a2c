"""Real nuclei put into other real neutrophils: outlines and chromatin no hand drew.

The round nucleus of a lymphocyte, or two of them joined by a thread, makes a
pseudo-Pelger cell; the lobed nucleus of another neutrophil, put in by the same editing,
makes a normal one.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from marrowscope.training.datasets.neutrophil_edits import degranulated
from marrowscope.training.datasets.nuclear_edits import (
    Grades,
    empty_cytoplasm,
    thread_between,
)


@dataclass(frozen=True)
class Nucleus:
    """A donor's optical density (H, W, 3) over its background, and its nucleus."""

    density: np.ndarray
    mask: np.ndarray  # (H, W) bool


@dataclass(frozen=True)
class Place:
    """Where a nucleus goes: centre (x, y) and area in canvas pixels."""

    x: float
    y: float
    area: float


def few_lobes(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    donors: list[Nucleus],
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """One round nucleus, or two: hyposegmented; half of them pale besides."""
    grade = int(rng.integers(2, 4)) if rng.random() < 0.5 else 0
    bare = degranulated(density, inside, nucleus, grade=grade, rng=rng)
    count = len(donors)
    area = nucleus.sum() * rng.uniform(0.65, 1.0)
    places = [Place(*_middle(inside), area)] if count == 1 else _pair(inside, area, rng)
    edited = _replaced(bare, inside, nucleus, donors, places, rng)
    grades = {
        "g_hyposegmentation": 3 if count == 1 else 2,
        "g_decreased_granules": grade,
    }
    return edited, grades, f"transplant{count}"


def usual_lobes(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    *,
    donors: list[Nucleus],
    rng: np.random.Generator,
) -> tuple[np.ndarray, Grades, str]:
    """Another neutrophil's nucleus: normal."""
    bare = degranulated(density, inside, nucleus, grade=0, rng=rng)
    area = nucleus.sum() * rng.uniform(0.8, 1.05)
    places = [Place(*_middle(inside), area)]
    edited = _replaced(bare, inside, nucleus, donors[:1], places, rng)
    return edited, {}, "transplant of lobes"


def _middle(inside: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(inside)
    return float(columns.mean()), float(rows.mean())


def _pair(inside: np.ndarray, area: float, rng: np.random.Generator) -> list[Place]:
    x, y = _middle(inside)
    radius = np.sqrt(area / 2 / np.pi)
    room = np.sqrt(inside.sum() / np.pi)
    apart = min(radius * rng.uniform(0.85, 1.2), max(room - radius, 0.8 * radius))
    way = rng.uniform(0, 2 * np.pi)
    ways = (way, way + np.pi + rng.normal(0, 0.3))
    return [Place(x + apart * np.cos(w), y + apart * np.sin(w), area / 2) for w in ways]


def _replaced(
    density: np.ndarray,
    inside: np.ndarray,
    nucleus: np.ndarray,
    donors: list[Nucleus],
    places: list[Place],
    rng: np.random.Generator,
) -> np.ndarray:
    """The cell with the donors' nuclei for its own, in its own colours."""
    own = density[nucleus]
    edited = empty_cytoplasm(density, inside, nucleus, rng)
    if len(places) > 1:
        ends = [(place.x, place.y) for place in places]
        line = thread_between(edited.shape[:2], ends, rng.uniform(0.6, 2.0))
        edited = (1 - line[..., None]) * edited + line[..., None] * own.mean(axis=0)
    for donor, place in zip(donors, places, strict=True):
        picture, cover = _moved(donor, place, rng)
        theirs = picture[cover > 0.5]
        if not len(theirs):
            continue
        spread = own.std(axis=0) / np.maximum(theirs.std(axis=0), 1e-3)
        texture = (picture - theirs.mean(axis=0)) * np.clip(spread, 0.5, 1.2)
        texture = np.maximum(texture + own.mean(axis=0), 0.5 * own.mean(axis=0))
        edited = (1 - cover[..., None]) * edited + cover[..., None] * texture
    return edited.astype(np.float32)


def _moved(
    donor: Nucleus, place: Place, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The donor turned, sized and moved to its place: density and soft cover (0..1)."""
    rows, columns = np.nonzero(donor.mask)
    zoom = np.sqrt(place.area / max(len(rows), 1))
    angle, mirror = rng.uniform(0, 2 * np.pi), rng.choice([-1.0, 1.0])
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    linear = np.array([[cos * mirror, -sin], [sin * mirror, cos]])
    middle = np.array([columns.mean(), rows.mean()])
    matrix = np.hstack(
        [linear, (np.array([place.x, place.y]) - linear @ middle)[:, None]]
    )
    size = donor.mask.shape[1], donor.mask.shape[0]
    mask = cv2.warpAffine(donor.mask.astype(np.float32), matrix, size)
    picture = cv2.warpAffine(donor.density, matrix, size, borderMode=cv2.BORDER_REFLECT)
    return picture, cv2.GaussianBlur(mask, (0, 0), 0.8)
