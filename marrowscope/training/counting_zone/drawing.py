"""Low-power pictures of drawn smears with the zone of every patch known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.imaging.counting_zone.looks import PATCH, Staining
from marrowscope.imaging.counting_zone.zone_map import (
    DEFOCUS,
    EDGE,
    FAT,
    GLASS,
    PARTICLE,
    PEN,
    SMUDGED,
    THICK,
    THIN,
    TISSUE,
)
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.phantom.zones import Zoning
from marrowscope.training.counting_zone import spoiling
from marrowscope.training.counting_zone.cellular import cellular
from marrowscope.training.counting_zone.sections import section

KNOWN = (GLASS, THIN, THICK, EDGE, PARTICLE, FAT, SMUDGED, DEFOCUS, PEN, TISSUE)
UNKNOWN = 255
SIDE_UM = 1408  # of a drawn smear
DRAWN_MPP = 0.5
FEW, MANY = (150, 420), (800, 5000)  # nucleated cells in a drawn smear
_MAJORITY = 0.7  # of a patch, or its zone is not learned from
_SPOILT: Mapping[str, Callable[..., NDArray[np.float32]]] = {
    PARTICLE: spoiling.particle,
    FAT: spoiling.fatty,
    SMUDGED: spoiling.smudged,
    DEFOCUS: spoiling.defocused,
    GLASS: spoiling.bare,
    PEN: spoiling.inked,
}


def drawn_smear(seed: int, cells: tuple[int, int] = FEW) -> NDArray[np.uint8]:
    """A smear (H, W, 3) at 1 µm per pixel, from thick to the edge.

    `cells`: the least and the most nucleated cells in its 2 mm².
    """
    rng = np.random.default_rng([seed, 5])
    side = round(SIDE_UM / DRAWN_MPP)
    plan = SmearPlan(
        side,
        side,
        cells=int(rng.integers(*cells)),
        seed=seed,
        mpp=DRAWN_MPP,
        density=float(rng.uniform(0.9, 1.12)),
        debris=float(rng.uniform(0.3, 1.5)),
        defocus=float(rng.uniform(0, 0.3)),
    )
    small = cv2.resize(
        draw_field(plan).pixels, (SIDE_UM, SIDE_UM), interpolation=cv2.INTER_AREA
    )
    return np.asarray(small, np.uint8)


def zones_of(seed: int) -> NDArray[np.uint8]:
    """(H, W) the zone of every pixel of `drawn_smear`, as an index into `KNOWN`."""
    side = round(SIDE_UM / DRAWN_MPP)
    rows = (np.arange(SIDE_UM) + 0.5) / DRAWN_MPP
    first, last = (
        x[:, None] * DRAWN_MPP for x in Zoning(side, side, seed).borders(rows)
    )
    columns = np.arange(SIDE_UM)[None, :] + 0.5
    zone = np.where(columns < first, KNOWN.index(THICK), KNOWN.index(THIN))
    return np.where(columns > last, KNOWN.index(EDGE), zone).astype(np.uint8)


def restained(smear: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The smear as another laboratory would have stained and lit it.

    Two dozen drawn smears hold two dozen stains: a network that saw no more took a
    strong one for a particle. All optical densities change together, each colour a
    little by itself; then the lamp.
    """
    light = _light(smear)
    white = np.percentile(light, 98, axis=(0, 1)).astype(np.float32)
    dense = -np.log(np.minimum(light / white, 1.0))
    strength = np.exp(rng.normal(0, 0.3)) * np.exp(rng.normal(0, 0.15, 3))
    lamp = np.clip(white * np.exp(rng.normal(0, 0.06, 3)), 0.45, 1.04)
    again = lamp * np.exp(-dense * strength.astype(np.float32))
    again += rng.normal(0, rng.uniform(0, 0.008), light.shape)
    return _pixels(again)


def crowded(
    smear: NDArray[np.uint8], zones: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The smear of a cellular marrow; zones stay where they were."""
    return _pixels(cellular(_light(smear), zones == KNOWN.index(THICK), rng))


def spoilt(
    smear: NDArray[np.uint8], zones: NDArray[np.uint8], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The smear with some of what spoils real ones, and its zones then."""
    light = _light(smear)
    zones, shape = zones.copy(), smear.shape[:2]
    if rng.random() < 0.15:
        light, zones = _section(light, rng)
    wanted = [name for name in _SPOILT if rng.random() < 0.45]
    for name in wanted:
        mask = spoiling.blob(shape, rng.uniform(250, 900), rng)
        if name == PEN:
            mask = spoiling.stroke(shape, rng)
        if name == DEFOCUS and rng.random() < 0.15:
            mask[:] = True
        light = _SPOILT[name](light, mask, rng)
        # Blur and streaks do not make cells of glass.
        kept = (zones == KNOWN.index(GLASS)) & (name in (DEFOCUS, SMUDGED))
        zones[mask & ~kept] = KNOWN.index(name)
    return _pixels(light), zones


def sectioned(
    smear: NDArray[np.uint8], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A section of tissue in the smear's place, and its zones."""
    light, zones = _section(_light(smear), rng)
    return _pixels(light), zones


def _section(
    light: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    light, mask = section(light, rng)
    tissue, glass = KNOWN.index(TISSUE), KNOWN.index(GLASS)
    return light, np.where(mask, tissue, glass).astype(np.uint8)


def _light(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Light above 0 up to 1."""
    return (pixels.astype(np.float32) + 1) / 256


def _pixels(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(light * 256 - 1, 0, 255).astype(np.uint8)


def staining_of_picture(picture: NDArray[np.uint8]) -> Staining:
    """As a slide's is found: from patches evenly all over it."""
    last = picture.shape[0] // PATCH - 1
    places = np.unique(np.linspace(0, last, 12).astype(int)) * PATCH
    samples = [picture[y : y + PATCH, x : x + PATCH] for y in places for x in places]
    return Staining.of_samples(np.stack(samples))


def patch_zones(zones: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(R, C) the zone that holds most of each patch, UNKNOWN where none does."""
    rows, columns = zones.shape[0] // PATCH, zones.shape[1] // PATCH
    cut = zones[: rows * PATCH, : columns * PATCH]
    parts = np.stack(
        [
            (cut == k).reshape(rows, PATCH, columns, PATCH).mean(axis=(1, 3))
            for k in range(len(KNOWN))
        ],
        axis=2,
    )
    return np.where(
        parts.max(axis=2) >= _MAJORITY, parts.argmax(axis=2), UNKNOWN
    ).astype(np.uint8)
