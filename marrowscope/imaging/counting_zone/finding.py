"""From a slide to its zone map: read at low power band by band, measured, named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.counting_zone.looks import (
    PATCH,
    Looks,
    Staining,
    blank,
    looks,
    with_surroundings,
)
from marrowscope.imaging.counting_zone.pen_lines import pen_lines
from marrowscope.imaging.counting_zone.zone_map import (
    DEFOCUS,
    EDGE,
    FAT,
    GLASS,
    NAMES,
    PARTICLE,
    PEN,
    SMUDGED,
    THICK,
    THIN,
    TISSUE,
    ZoneMap,
)
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.small_network import SmallNetwork

PATCH_UM = float(PATCH)
FEWEST_PATCHES = 8  # along the shorter side: a field photo has no zones
BAND_PATCHES = 4  # rows read at a time: bounds memory, 26 MB at 100 mm
_SAMPLES = 12  # patches along each side that the staining is judged by
LARGEST_PARTICLE_MM2 = 3.0  # a marrow particle is about a millimetre wide
LEAST_SMEAR = 0.25  # of all that is stained: less, and it is a section
SPREAD = (THICK, THIN, EDGE)  # how thickly blood lies changes over hundreds of µm
_CALM, _CALM_SPREAD = 0.6, 1.5  # patches; chosen on six drawn smears


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredBand:
    """Some rows of patches: what they look like (R, C, F), and which of them a thin
    line of a pen runs through (R, C)."""

    looks: Looks
    inked: NDArray[np.bool_]


def has_zones(slide: Slide, mpp: float) -> bool:
    """True for a slide large enough to have zones; `mpp`: µm per level-0 pixel."""
    shorter = min(slide.identity.width, slide.identity.height)
    return shorter * mpp >= FEWEST_PATCHES * PATCH_UM


def find_zones(slide: Slide, *, mpp: float, model: SmallNetwork) -> ZoneMap:
    """The zone and quality of every patch of 64 µm.

    A 12,288² slide at 0.25 µm takes seconds, and a band of four patches' height is held
    at a time. Raises UnreadableRegion where the slide is damaged.
    """
    return zones_measured(list(measured_bands(slide, mpp=mpp)), mpp=mpp, model=model)


def measured_bands(slide: Slide, *, mpp: float) -> Iterator[MeasuredBand]:
    """What the slide's patches look like, a band of rows after the other.

    Whoever asks may stop in between. Raises UnreadableRegion where the slide is
    damaged.
    """
    patch = PATCH_UM / mpp
    width, height = slide.identity.width, slide.identity.height
    shape = int(np.ceil(height / patch)), int(np.ceil(width / patch))
    staining = staining_of(slide, mpp=mpp)
    for pixels in _bands(slide, patch, shape):
        yield MeasuredBand(looks(pixels, staining), pen_lines(pixels, staining))


def zones_measured(
    bands: Sequence[MeasuredBand], *, mpp: float, model: SmallNetwork
) -> ZoneMap:
    """The zones of a slide all of whose bands were measured."""
    measured = np.concatenate([band.looks for band in bands])
    chances = model.chances(with_surroundings(measured))
    chances[blank(measured)] = np.eye(len(model.names))[model.names.index(GLASS)]
    chances = _calmed(chances, model.names)
    zones, quality = named(chances, model.names)
    inked = np.concatenate([band.inked for band in bands])
    zones[inked], quality[inked] = NAMES.index(PEN), 0
    return ZoneMap(PATCH_UM / mpp, zones, quality)


def named(
    chances: NDArray[np.float32], names: tuple[str, ...]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Zones (R, C) by `NAMES` and quality (R, C) from the chances of each zone."""
    number = np.array([NAMES.index(name) for name in names], np.uint8)
    zones = number[_solid_as_one(chances, names).argmax(axis=2)]
    quality = np.rint(255 * chances[..., names.index(THIN)]).astype(np.uint8)
    zones[_sections(zones)] = NAMES.index(TISSUE)
    unfit = np.isin(zones, [NAMES.index(n) for n in (GLASS, PEN, TISSUE)])
    quality[unfit] = 0
    return zones, quality


def _solid_as_one(
    chances: NDArray[np.float32], names: tuple[str, ...]
) -> NDArray[np.float32]:
    """Chances with those of tissue added to a particle's: patches of both look alike.

    Which of them it is, is told from how far it reaches.
    """
    joined = chances.copy()
    joined[..., names.index(PARTICLE)] += chances[..., names.index(TISSUE)]
    joined[..., names.index(TISSUE)] = 0
    return joined


def _sections(zones: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(R, C) True where solid tissue is too large to be a particle of marrow.

    Where a slide holds little blood, and more solid tissue than blur, all of it is a
    section; else what is larger than a particle.
    """
    solid, blurred = (zones == NAMES.index(name) for name in (PARTICLE, DEFOCUS))
    blood = np.isin(zones, [NAMES.index(name) for name in SPREAD])
    torn = np.isin(zones, [NAMES.index(name) for name in (FAT, SMUDGED)])
    stained = solid | blood | torn | blurred
    little = blood.sum() < LEAST_SMEAR * stained.sum()
    if little and solid.sum() > blurred.sum():
        return stained
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    most = LARGEST_PARTICLE_MM2 * (1000 / PATCH_UM) ** 2
    large = [i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] > most]
    return np.isin(labels, large)


def _calmed(
    chances: NDArray[np.float32], names: tuple[str, ...]
) -> NDArray[np.float32]:
    """A little of every neighbour: a zone is wider than a patch.

    Which of `SPREAD` it is, is told from further around, where it is blood at all.
    """
    calm = _blurred(chances, _CALM)
    spread = [names.index(name) for name in SPREAD]
    blood = calm[..., spread].sum(axis=2, keepdims=True)
    around = _blurred(calm[..., spread], _CALM_SPREAD)
    calm[..., spread] = (
        blood * around / np.maximum(around.sum(axis=2, keepdims=True), 1e-6)
    )
    return calm


def _blurred(chances: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Chances (R, C, K) mixed with those of the patches around; `sigma` in patches."""
    side = 2 * max(round(3 * sigma) - 1, 1) + 1
    soft = [
        cv2.GaussianBlur(
            np.ascontiguousarray(chances[..., k]),
            (side, side),
            sigma,
            borderType=cv2.BORDER_REPLICATE,
        )
        for k in range(chances.shape[2])
    ]
    return np.stack([np.asarray(part) for part in soft], axis=2).astype(np.float32)


def staining_of(slide: Slide, *, mpp: float) -> Staining:
    """How a slide is stained, from patches evenly all over it.

    None of them reaches over the slide's edge.
    """
    patch = PATCH_UM / mpp
    rows, columns = (
        np.unique(np.linspace(0, max(side // patch - 1, 0), _SAMPLES).astype(int))
        for side in (slide.identity.height, slide.identity.width)
    )
    found = [
        _at_low_power(slide, Box(c * patch, r * patch, patch, patch), 1, 1)
        for r in rows
        for c in columns
    ]
    return Staining.of_samples(np.stack(found))


def _bands(slide: Slide, patch: float, shape: tuple[int, int]) -> Iterator[Pixels]:
    rows, columns = shape
    for first in range(0, rows, BAND_PATCHES):
        count = min(BAND_PATCHES, rows - first)
        box = Box(0, first * patch, columns * patch, count * patch)
        yield _at_low_power(slide, box, count, columns)


def _at_low_power(slide: Slide, box: Box, rows: int, columns: int) -> Pixels:
    return read_resized(slide, box, width=columns * PATCH, height=rows * PATCH)
