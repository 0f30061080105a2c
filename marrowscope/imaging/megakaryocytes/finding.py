"""From a slide to places where a megakaryocyte may lie, read at low power."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.geometry import Box
from marrowscope.imaging.counting_zone.finding import staining_of
from marrowscope.imaging.counting_zone.looks import Staining
from marrowscope.imaging.counting_zone.zone_map import GLASS, PEN, TISSUE, ZoneMap
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.megakaryocytes.profiles import MPP, REACH_UM, bodies
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.small_network import SmallNetwork

MEGAKARYOCYTE = "megakaryocyte"
# All 96 drawn giants of the first test smears were above it, with 1.3 candidates each.
LEAST_CHANCE = 0.1
APART_UM = 30.0  # nearer candidates are lobes of one cell: the likeliest stands
_TILE_UM = 1024.0
_NO_SMEAR = (GLASS, PEN, TISSUE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place (level-0 pixels) and the chance (0 to 1) of a megakaryocyte there."""

    x: float
    y: float
    chance: float


def find_candidates(
    slide: Slide, *, mpp: float, model: SmallNetwork, zones: ZoneMap | None
) -> list[Candidate]:
    """Likely places, the likeliest first; `mpp` microns per level-0 pixel."""
    tiles = candidates_by_tile(slide, mpp=mpp, model=model, zones=zones)
    return likeliest_apart([one for tile in tiles for one in tile], mpp=mpp)


def candidates_by_tile(
    slide: Slide, *, mpp: float, model: SmallNetwork, zones: ZoneMap | None
) -> Iterator[list[Candidate]]:
    """What a smear's tiles hold, one after the other; whoever asks may stop in between.

    Where `zones` show glass, pen or a tissue section nothing is sought. One tile of
    about a square millimetre is held at a time. Micromegakaryocytes look like any small
    cell at this power and are not found. Raises UnreadableRegion where the slide is
    damaged.
    """
    staining = staining_of(slide, mpp=mpp)
    for core in _tiles(slide, _TILE_UM / mpp):
        if _any_smear(core, zones):
            found = _within(slide, core, mpp, staining, model)
            yield [one for one in found if _on_smear(one, zones)]


def likeliest_apart(found: Sequence[Candidate], *, mpp: float) -> list[Candidate]:
    """The likeliest first, and of lobes of one cell the likeliest alone."""
    return _apart(sorted(found, key=lambda one: -one.chance), APART_UM / mpp)


def _tiles(slide: Slide, side: float) -> Iterator[Box]:
    width, height = slide.identity.width, slide.identity.height
    whole = Box(0, 0, width, height)
    for y in np.arange(0, height, side):
        for x in np.arange(0, width, side):
            tile = whole.intersection(Box(float(x), float(y), side, side))
            if tile is not None:
                yield tile


def _within(
    slide: Slide, core: Box, mpp: float, staining: Staining, model: SmallNetwork
) -> Iterator[Candidate]:
    """Candidates whose middle lies in a tile's core; seen with what lies around it."""
    box, step = core.grown(REACH_UM / mpp), MPP / mpp
    width, height = (max(1, round(side / step)) for side in (box.width, box.height))
    pixels = read_resized(slide, box, width=width, height=height)
    places, measured = bodies(pixels, staining)
    if not len(places):
        return
    chances = model.chances(measured)[:, model.names.index(MEGAKARYOCYTE)]
    for (column, row), chance in zip(places, chances, strict=True):
        x, y = box.x + (column + 0.5) * step, box.y + (row + 0.5) * step
        if chance >= LEAST_CHANCE and core.contains(x, y):
            yield Candidate(x, y, float(chance))


def _any_smear(core: Box, zones: ZoneMap | None) -> bool:
    return zones is None or not zones.only_in(core, _NO_SMEAR)


def _on_smear(one: Candidate, zones: ZoneMap | None) -> bool:
    return zones is None or zones.name_at(one.x, one.y) not in _NO_SMEAR


def _apart(candidates: list[Candidate], distance: float) -> list[Candidate]:
    """Of candidates nearer to one another than `distance` the first alone."""
    kept: dict[tuple[int, int], list[Candidate]] = {}
    answer = []
    for one in candidates:
        cell = int(one.x // distance), int(one.y // distance)
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in kept.get((cell[0] + dx, cell[1] + dy), ())
        ]
        if all(np.hypot(o.x - one.x, o.y - one.y) >= distance for o in near):
            kept.setdefault(cell, []).append(one)
            answer.append(one)
    return answer
