"""The zones of a slide as an array with its legend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box

GLASS, THIN, THICK, EDGE, PARTICLE = "glass", "thin", "thick", "edge", "particle"
FAT, SMUDGED, DEFOCUS, PEN = "fat", "smudged", "out_of_focus", "pen"
TISSUE = "tissue"
NAMES = (GLASS, THIN, THICK, EDGE, PARTICLE, FAT, SMUDGED, DEFOCUS, PEN, TISSUE)
LEGEND = {
    GLASS: "Glass",
    THIN: "Counting zone: cells spread thinly, side by side",
    THICK: "Thick: cells lie on one another",
    EDGE: "Edge of the smear: cells sparse and drawn out",
    PARTICLE: "Marrow particle",
    FAT: "Fat",
    SMUDGED: "Smudged",
    DEFOCUS: "Out of focus",
    PEN: "Pen",
    TISSUE: "Tissue section, no smear",
}
_OF_SMEAR = (THIN, THICK, EDGE, PARTICLE, FAT, SMUDGED, DEFOCUS, TISSUE)


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """What every patch of a slide shows.

    `zones` (R, C) uint8, an index into `names`; `quality` (R, C) uint8, how well cells
    can be read there, 0 to 255. Patch (r, c) is the level-0 square of side `patch`
    whose corner is (c * patch, r * patch); the last ones reach over the slide's edge.
    """

    patch: float
    zones: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    names: tuple[str, ...] = NAMES

    def share(self, name: str) -> float:
        """The part (0 to 1) of what is smear or tissue that is this zone; 0 for none.

        Glass and pen are no part of a smear.
        """
        smear = self._count(*_OF_SMEAR)
        return self._count(name) / smear if smear else 0.0

    def is_zone(self, name: str) -> NDArray[np.bool_]:
        """(R, C) True where a patch is of this zone."""
        return self.zones == self.names.index(name)

    def name_at(self, x: float, y: float) -> str:
        """The zone at a point in level-0 pixels; of the nearest patch outside."""
        row, column = (
            self._touched(at, at, count).start
            for at, count in zip((y, x), self.zones.shape, strict=True)
        )
        return self.names[self.zones[row, column]]

    def only_in(self, box: Box, names: Collection[str]) -> bool:
        """True when every patch that a level-0 box touches is one of these zones."""
        wanted = [self.names.index(name) for name in names if name in self.names]
        return bool(np.isin(self.zones[self._patches(box)], wanted).all())

    def quality_in(self, box: Box) -> float:
        """Mean quality (0 to 1) of the patches a level-0 box touches."""
        return float(self.quality[self._patches(box)].mean()) / 255

    def _patches(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of the patches a level-0 box touches."""
        rows = self._touched(box.y, box.bottom, self.zones.shape[0])
        return rows, self._touched(box.x, box.right, self.zones.shape[1])

    def _count(self, *names: str) -> int:
        wanted = [self.names.index(name) for name in names if name in self.names]
        return int(np.isin(self.zones, wanted).sum())

    def _touched(self, first: float, last: float, count: int) -> slice:
        start = min(max(int(first // self.patch), 0), count - 1)
        end = int(np.ceil(last / self.patch))
        return slice(start, max(min(end, count), start + 1))
