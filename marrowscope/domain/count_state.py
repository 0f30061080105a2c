"""How far a formal count is read: its own lines, smear by smear, and what is on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from marrowscope.domain.criteria import Criteria, LineageCriterion
from marrowscope.domain.formal_count import TOPPED_UP, FormalCount, surplus_cells
from marrowscope.domain.review import Verdict

PHOTOS = 0  # field photos do not say which smear they show: they are drawn from as one


@dataclass(frozen=True, slots=True)
class SmearCount:
    """What one smear gave. `lines`: cells called, by taxonomy line or lines."""

    name: str
    drawn: int
    counted: int
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LineageCount:
    """Cells at hand to judge a lineage by; those on top are in no percentage.

    `called`: of those in the count and on top, how many a reader put in the lineage.
    `to_read`: of those on top, how many nobody has called.
    """

    lineage: str
    minimum: int
    on_top: int
    called: int
    to_read: int = 0


@dataclass(frozen=True, slots=True)
class CountState:
    """A formal count as far as it is read.

    `replaced`: drawn cells that are none, or gone. `missing`: cells there are too few
    of in what was read. `lines`: the differential of the count alone. `blind`: cells of
    `counted` that were called before the model's class was shown; `picked`: those that
    were picked out, in review or a sorted gallery. The draw holds them whoever picked
    them, but a count read to no end holds too many of them.
    """

    target: int
    seed: int
    who: str
    at: str
    cells: tuple[int, ...]
    on_top: Mapping[str, tuple[int, ...]]
    counted: int
    to_read: int
    replaced: int
    missing: int
    blind: int
    picked: int
    lines: Mapping[str, int]
    smears: tuple[SmearCount, ...]
    lineages: tuple[LineageCount, ...]


def count_state(
    count: FormalCount,
    verdicts: Mapping[int, Verdict],
    criteria: Criteria,
    *,
    void: Collection[int],
    giants: Collection[int],
    names: Mapping[int, str],
) -> CountState:
    """How a count stands. Takes what its own cells cost, however many a case has.

    `void`: see `void_cells`; `giants`: see `confirmed_giants`; `names`: of smears.
    """
    out = {*void, *surplus_cells(count, void)}
    standing = [cell for cell in count.drawn if cell not in out]
    called = [cell for cell in standing if cell in verdicts]
    return CountState(
        target=count.target,
        seed=count.seed,
        who=count.who,
        at=count.at,
        cells=count.drawn,
        on_top=count.on_top,
        counted=len(called),
        to_read=len(standing) - len(called),
        replaced=len(void),
        missing=count.target - len(standing),
        blind=len(count.blind.intersection(called)),
        picked=sum(verdicts[cell].chosen for cell in called),
        lines=_lines(called, verdicts),
        smears=tuple(
            _smear(
                "field photos" if smear == PHOTOS else names.get(smear, f"{smear}"),
                [c for c in cells if c not in out],
                verdicts,
            )
            for smear, cells in sorted(count.cells.items())
        ),
        lineages=tuple(
            _lineage(criterion, count, verdicts, giants)
            for criterion in criteria.dysplasia
        ),
    )


def _lines(cells: Iterable[int], verdicts: Mapping[int, Verdict]) -> dict[str, int]:
    said = ("/".join(verdicts[cell].lines) for cell in cells if cell in verdicts)
    return dict(Counter(said).most_common())


def _smear(name: str, cells: list[int], verdicts: Mapping[int, Verdict]) -> SmearCount:
    counted = sum(cell in verdicts for cell in cells)
    return SmearCount(name, len(cells), counted, _lines(cells, verdicts))


def _lineage(
    criterion: LineageCriterion,
    count: FormalCount,
    verdicts: Mapping[int, Verdict],
    giants: Collection[int],
) -> LineageCount:
    on_top = count.on_top.get(criterion.lineage, ())
    own = {*count.drawn, *on_top} if criterion.lineage in TOPPED_UP else giants
    members = set(criterion.lines)
    return LineageCount(
        lineage=criterion.lineage,
        minimum=criterion.minimum_cells,
        on_top=len(on_top),
        called=sum(c in verdicts and set(verdicts[c].lines) <= members for c in own),
        to_read=sum(c not in verdicts for c in on_top),
    )
