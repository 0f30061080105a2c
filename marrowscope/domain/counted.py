"""Which cells regions leave in the count, and over which area they were counted.

A slide with included regions is counted inside them alone, any other slide all over;
what lies in an excluded region is never counted. Megakaryocytes sought over the whole
smear are listed wherever they lie but in excluded regions. Nothing of this is ever
stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.regions import Region, inside, joined, square_mm
from marrowscope.domain.tally import Tally
from marrowscope.domain.vocabulary import ModelVocabulary


@dataclass(frozen=True, slots=True)
class Extent:
    """Where cells were counted. `cells`: by region id, how many lie in it.

    `area_mm2`: of the included regions without what is excluded, None where there are
    none or a slide of theirs has no scale. `whole`: slides counted all over.
    """

    regions: tuple[Region, ...] = ()
    cells: Mapping[str, int] = field(default_factory=dict)
    area_mm2: float | None = None
    whole: int = 0

    @property
    def included(self) -> tuple[Region, ...]:
        return tuple(r for r in self.regions if r.included)

    @property
    def excluded(self) -> tuple[Region, ...]:
        return tuple(r for r in self.regions if not r.included)


@dataclass(frozen=True, slots=True)
class Counted:
    """The cells of a table that count. `outside`: ids of the others, ascending."""

    tally: Tally
    outside: NDArray[np.int64]
    extent: Extent = Extent()

    def counts(self, cells: Iterable[int] | NDArray[np.int64]) -> NDArray[np.bool_]:
        """(N,) which of these cell ids are in the count."""
        listed = cells if isinstance(cells, np.ndarray) else list(cells)
        wanted = np.asarray(listed, np.int64)
        if not len(self.outside):
            return np.ones(len(wanted), np.bool_)
        places = np.searchsorted(self.outside, wanted)
        places = np.minimum(places, len(self.outside) - 1)
        return self.outside[places] != wanted

    def with_cells(self, cells: CellTable, vocabulary: ModelVocabulary) -> Counted:
        """The count with more cells of the same case, whose ids are all higher."""
        regions, before = self.extent.regions, self.extent.cells
        if not regions:
            return replace(self, tally=self.tally + Tally.of(cells, vocabulary))
        rows = counted_rows(cells, regions)
        found = cells_by_region(cells, regions)
        summed = {name: number + before[name] for name, number in found.items()}
        return Counted(
            tally=self.tally + Tally.of(cells.select(rows), vocabulary),
            outside=np.concatenate([self.outside, cells.id[~rows]]),
            extent=replace(self.extent, cells=summed),
        )

    def with_changes(
        self, gone: CellTable, come: CellTable, vocabulary: ModelVocabulary
    ) -> Counted:
        """The count without the cells `gone` and with those that have `come`.

        Both are of the same slides and regions; a cell may be in both.
        """
        regions, before = self.extent.regions, self.extent.cells
        left, right = counted_rows(gone, regions), counted_rows(come, regions)
        less, more = cells_by_region(gone, regions), cells_by_region(come, regions)
        summed = {name: before[name] - less[name] + more[name] for name in before}
        outside = np.setdiff1d(self.outside, gone.id[~left], assume_unique=True)
        return Counted(
            tally=self.tally
            - Tally.of(gone.select(left), vocabulary)
            + Tally.of(come.select(right), vocabulary),
            outside=np.union1d(outside, come.id[~right]),
            extent=replace(self.extent, cells=summed),
        )


def centres(boxes: Boxes) -> NDArray[np.float64]:
    """(N, 2) middles of boxes (N, 4)."""
    array = np.asarray(boxes, np.float64).reshape(-1, 4)
    return array[:, :2] + array[:, 2:] / 2


def counted_rows(table: CellTable, regions: Sequence[Region]) -> NDArray[np.bool_]:
    """(N,) which cells of a table its regions leave in the count.

    What was sought over whole smears is left out by excluded regions alone.
    """
    rows = np.ones(len(table), np.bool_)
    if not regions:
        return rows
    points = centres(table.box)
    for number in sorted({region.slide for region in regions}):
        mine = of_slide(regions, number)
        without = tuple(r for r in mine if not r.included)
        for kept, sought in ((mine, False), (without, True)):
            here = np.flatnonzero((table.slide == number) & (table.sought == sought))
            rows[here] = counted_points(points[here], kept)
    return rows


def counted_points(
    points: NDArray[np.floating], regions: Sequence[Region]
) -> NDArray[np.bool_]:
    """(N,) which points (N, 2) of one slide its regions leave in the count."""
    included = [r for r in regions if r.included]
    excluded = [r for r in regions if not r.included]
    found = np.ones(len(points), np.bool_)
    if included:
        found = inside(joined(included), points)
    if excluded:
        found &= ~inside(joined(excluded), points)
    return found


def of_slide(regions: Iterable[Region], slide: int) -> tuple[Region, ...]:
    """The regions of one slide."""
    return tuple(region for region in regions if region.slide == slide)


def count_in_regions(
    table: CellTable,
    vocabulary: ModelVocabulary,
    regions: Sequence[Region],
    mpp: Mapping[int, float | None],
) -> Counted:
    """Count a table's cells. `mpp`: microns per level-0 pixel of every slide, if known.

    Takes a fifth of a second for half a million cells: not for the window's thread.
    """
    if not regions:
        nothing = np.zeros(0, np.int64)
        return Counted(Tally.of(table, vocabulary), nothing, Extent(whole=len(mpp)))
    rows = counted_rows(table, regions)
    return Counted(
        tally=Tally.of(table.select(rows), vocabulary),
        outside=np.sort(table.id[~rows]),
        extent=extent(table, regions, mpp),
    )


def extent(
    table: CellTable, regions: Sequence[Region], mpp: Mapping[int, float | None]
) -> Extent:
    """Where cells are counted, and how many of the table lie in each region."""
    with_regions = {r.slide for r in regions if r.included}
    areas = [_area(of_slide(regions, n), mpp.get(n)) for n in sorted(with_regions)]
    known = [area for area in areas if area is not None]
    whole = len(mpp.keys() - with_regions)
    total = sum(known) if areas and len(known) == len(areas) else None
    return Extent(tuple(regions), cells_by_region(table, regions), total, whole)


def cells_by_region(table: CellTable, regions: Sequence[Region]) -> dict[str, int]:
    """How many cells of a table are centred in each region, by its id."""
    points = centres(table.box)
    return {
        r.id: int(np.count_nonzero(r.contains(points[table.slide == r.slide])))
        for r in regions
    }


def _area(regions: Sequence[Region], mpp: float | None) -> float | None:
    """Square millimetres counted on one slide with included regions."""
    if mpp is None:
        return None
    included = joined(r for r in regions if r.included)
    excluded = joined(r for r in regions if not r.included)
    return square_mm(included.difference(excluded), mpp)
