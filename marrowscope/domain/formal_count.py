"""The formal count: so many cells, fixed before reading, drawn at random.

What a model finds on a whole slide is a suggestion and never this count. Cells are
drawn as evenly from the smears as their numbers allow, each cell of a smear with the
same chance. A drawn cell that turns out to be none is replaced by the next in the same
random order. Cells drawn on top, so that each lineage can be judged for dysplasia,
stand apart: no share of the count holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.criteria import Criteria, LineageCriterion
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy

TOPPED_UP = ("erythroid", "granulocytic")  # megakaryocytes are sought, not drawn


@dataclass(frozen=True, slots=True)
class FormalCount:
    """A count as it was fixed. `seed` brings the same cells from the same smears.

    `draws`: smear and cell, in the order they were drawn. `on_top`: drawn by lineage,
    for dysplasia alone. `blind`: cells that were called before the model's class was
    shown to whoever called them.
    """

    target: int
    seed: int
    who: str
    at: str
    draws: tuple[tuple[int, int], ...] = ()
    on_top: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    blind: frozenset[int] = frozenset()

    @property
    def cells(self) -> dict[int, tuple[int, ...]]:
        """Cells of the count itself by smear, in the order to read."""
        found: dict[int, list[int]] = {}
        for smear, cell in self.draws:
            found.setdefault(smear, []).append(cell)
        return {smear: tuple(cells) for smear, cells in found.items()}

    @property
    def drawn(self) -> tuple[int, ...]:
        """Every cell of the count itself, smear by smear."""
        return tuple(cell for cells in self.cells.values() for cell in cells)

    def with_cells(
        self,
        cells: Mapping[int, Iterable[int]],
        on_top: Mapping[str, Iterable[int]],
    ) -> FormalCount:
        """The same count after these were drawn as well."""
        fresh = tuple((smear, cell) for smear, some in cells.items() for cell in some)
        tops = {name: self.on_top.get(name, ()) for name in (*self.on_top, *on_top)}
        return replace(
            self,
            draws=(*self.draws, *fresh),
            on_top={
                name: (*some, *on_top.get(name, ())) for name, some in tops.items()
            },
        )

    def renamed(self, now: Mapping[int, int]) -> FormalCount:
        """The same count after newer runs; cells that are nowhere keep their ids."""

        def there(cells: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(now.get(cell, cell) for cell in cells))

        return replace(
            self,
            draws=tuple(
                dict.fromkeys((s, now.get(cell, cell)) for s, cell in self.draws)
            ),
            on_top={lineage: there(some) for lineage, some in self.on_top.items()},
            blind=frozenset(now.get(cell, cell) for cell in self.blind),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What may be drawn: cell ids by smear, and by the lineage that is suggested."""

    smears: Mapping[int, NDArray[np.int64]]
    lineages: Mapping[str, NDArray[np.int64]]

    def holds(self, cells: Sequence[int]) -> set[int]:
        """Those of these cells that may be drawn."""
        asked = np.asarray(cells, np.int64)
        held = (asked[np.isin(asked, own)].tolist() for own in self.smears.values())
        return {cell for some in held for cell in some}


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


def random_order(
    cells: Collection[int] | NDArray[np.int64], seed: int, stream: int
) -> NDArray[np.int64]:
    """(N,) the cells in the random order of this seed; whatever order they come in."""
    given = cells if isinstance(cells, np.ndarray) else list(cells)
    ordered = np.sort(np.asarray(given, np.int64))
    return np.random.default_rng([seed, stream]).permutation(ordered)


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
    return {s: order[: wanted[s]].tolist() for s, order in orders.items() if wanted[s]}


def _rest(
    cells: NDArray[np.int64], count: FormalCount, seed: int, stream: int
) -> NDArray[np.int64]:
    """(N,) those of the cells that are not drawn yet, in the order of this seed."""
    taken = [*count.drawn, *(c for some in count.on_top.values() for c in some)]
    order = random_order(cells, seed, stream)
    return order[~np.isin(order, taken)]


def cells_on_top(
    count: FormalCount,
    frame: Frame,
    verdicts: Mapping[int, Verdict],
    criteria: Criteria,
) -> dict[str, list[int]]:
    """By lineage the cells to draw on top of the count, until its minimum is met.

    A cell that nobody has called yet is taken for what the model suggests. What was
    called before, in review say, is drawn with the same chance as any other: to leave
    it out would leave out the cells that looked dysplastic.
    """
    found: dict[str, list[int]] = {}
    for stream, criterion in enumerate(criteria.dysplasia, start=1):
        lineage = criterion.lineage
        if lineage not in TOPPED_UP:
            continue
        likely = frame.lineages.get(lineage, np.zeros(0, np.int64))
        own = np.asarray([*{*count.drawn, *count.on_top.get(lineage, ())}], np.int64)
        have = _members(own, likely, criterion, verdicts).sum()
        rest = _rest(likely, count, count.seed, -stream % 2**32)
        fresh = rest[_members(rest, likely, criterion, verdicts)]
        if more := fresh[: max(0, criterion.minimum_cells - have)].tolist():
            found[lineage] = more
    return found


def _members(
    cells: NDArray[np.int64],
    likely: NDArray[np.int64],
    criterion: LineageCriterion,
    verdicts: Mapping[int, Verdict],
) -> NDArray[np.bool_]:
    """(N,) which cells are of a lineage as called, else are `likely` to be."""
    lines = frozenset(criterion.lines)
    own = [cell for cell, said in verdicts.items() if lines.issuperset(said.lines)]
    uncalled = ~np.isin(cells, list(verdicts))
    return np.isin(cells, own) | (uncalled & np.isin(cells, likely))


def void_cells(
    count: FormalCount,
    here: Collection[int],
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
) -> set[int]:
    """Drawn cells that are there no more, or were called what no count holds.

    `here`: those of the drawn cells that regions and newer runs leave.
    """
    called = {c for c in count.drawn if c in verdicts}
    none = {c for c in called if not taxonomy.counted(verdicts[c].lines)}
    return (set(count.drawn) - set(here)) | none


def surplus_cells(count: FormalCount, void: Collection[int]) -> set[int]:
    """Drawn cells beyond the target: those drawn last.

    There are some where what had cells replaced was taken back, a call or a definition:
    then the count is what it was before. Which they are hangs on the draw alone, never
    on what they were called.
    """
    standing = [cell for _, cell in count.draws if cell not in void]
    return set(standing[count.target :])
