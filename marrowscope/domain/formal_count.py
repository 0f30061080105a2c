"""The formal count: so many cells, fixed before reading, drawn at random.

What a model finds on a whole slide is a suggestion and never this count. Cells are
drawn as evenly from the smears as their numbers allow, each cell of a smear with the
same chance. A drawn cell that turns out to be none is replaced by the next in the same
random order. Cells drawn on top, so that each lineage can be judged for dysplasia,
stand apart: no share of the count holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy

TOPPED_UP = ("erythroid", "granulocytic")  # megakaryocytes are sought, not drawn


@dataclass(frozen=True, slots=True)
class FormalCount:
    """A count as it was fixed. `seed` brings the same cells from the same smears.

    `cells`: drawn for the count, by smear, in the order to read. `on_top`: drawn by
    lineage, for dysplasia alone.
    """

    target: int
    seed: int
    who: str
    at: str
    cells: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    on_top: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def drawn(self) -> tuple[int, ...]:
        """Every cell of the count itself."""
        return tuple(cell for cells in self.cells.values() for cell in cells)

    def renamed(self, now: Mapping[int, int]) -> FormalCount:
        """The same count after newer runs; cells that are nowhere keep their ids."""

        def there(cells: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(now.get(cell, cell) for cell in cells))

        return replace(
            self,
            cells={smear: there(some) for smear, some in self.cells.items()},
            on_top={lineage: there(some) for lineage, some in self.on_top.items()},
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What may be drawn. `smears`: cell ids by smear; `lineage`: suggested, by cell."""

    smears: Mapping[int, NDArray[np.int64]]
    lineage: Mapping[int, str]


def shares(target: int, available: Mapping[int, int]) -> dict[int, int]:
    """How many cells each smear gives: evenly, and all of a smear that has too few."""
    given = dict.fromkeys(available, 0)
    left = min(target, sum(available.values()))
    while left:
        open_ = sorted(s for s in given if given[s] < available[s])
        each = max(1, left // len(open_))
        for smear in open_:
            more = min(each, available[smear] - given[smear], left)
            given[smear] += more
            left -= more
    return given


def random_order(cells: Iterable[int], seed: int, stream: int) -> list[int]:
    """The cells in the random order of this seed; whatever order they come in."""
    ordered = np.sort(np.fromiter(cells, np.int64))
    return np.random.default_rng([seed, stream]).permutation(ordered).tolist()


def cells_to_draw(
    count: FormalCount, frame: Frame, void: Collection[int]
) -> dict[int, list[int]]:
    """By smear the cells to draw now: all of them, later as many as are `void`.

    `void`: cells of the count that cannot be counted, or are there no more.
    """
    standing = len(set(count.drawn) - set(void))
    orders = {
        smear: _rest(cells, count, count.seed, smear)
        for smear, cells in frame.smears.items()
    }
    wanted = shares(
        max(0, count.target - standing), {s: len(o) for s, o in orders.items()}
    )
    return {s: order[: wanted[s]] for s, order in orders.items() if wanted[s]}


def _rest(
    cells: Iterable[int], count: FormalCount, seed: int, stream: int
) -> list[int]:
    taken = {*count.drawn, *(c for some in count.on_top.values() for c in some)}
    return [cell for cell in random_order(cells, seed, stream) if cell not in taken]


def cells_on_top(
    count: FormalCount,
    frame: Frame,
    verdicts: Mapping[int, Verdict],
    criteria: Criteria,
) -> dict[str, list[int]]:
    """By lineage the cells to draw on top of the count, until its minimum is met.

    A cell that nobody has called yet is taken for what the model suggests.
    """
    found: dict[str, list[int]] = {}
    for stream, criterion in enumerate(criteria.dysplasia, start=1):
        lineage = criterion.lineage
        if lineage not in TOPPED_UP:
            continue
        own = {*count.drawn, *count.on_top.get(lineage, ())}
        have = sum(
            set(verdicts[cell].lines) <= set(criterion.lines)
            if cell in verdicts
            else frame.lineage.get(cell) == lineage
            for cell in own
        )
        likely = [cell for cell, said in frame.lineage.items() if said == lineage]
        rest = _rest(likely, count, count.seed, -stream % 2**32)
        fresh = [cell for cell in rest if cell not in verdicts]
        if more := fresh[: max(0, criterion.minimum_cells - have)]:
            found[lineage] = more
    return found


def void_cells(
    count: FormalCount,
    frame: Frame,
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
) -> set[int]:
    """Drawn cells that are there no more, or were called what no count holds."""
    here = {int(c) for cells in frame.smears.values() for c in cells}
    called = {c for c, v in verdicts.items() if not taxonomy.counted(v.lines)}
    return (set(count.drawn) - here) | (set(count.drawn) & called)
