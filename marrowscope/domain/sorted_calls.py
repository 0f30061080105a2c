"""Calls by what they may be used for: the differential, dysplasia, or neither."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from marrowscope.domain.criteria import DYSPLASIA_LINEAGES
from marrowscope.domain.formal_count import TOPPED_UP, FormalCount
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class SortedCalls:
    """`met`: calls that a share of cells may count. `judged`: by lineage, those that
    its dysplasia is judged from. `apart`: calls outside a formal count, in neither.

    A cell that was sought is in no share: it was chosen, its neighbours were not. As a
    megakaryocyte it is judged for dysplasia, which is why it was sought.
    """

    met: tuple[Verdict, ...]
    judged: Mapping[str, tuple[Verdict, ...]]
    apart: tuple[Verdict, ...] = ()


def sorted_calls(
    verdicts: Mapping[int, Verdict], sought: Collection[int], taxonomy: Taxonomy
) -> SortedCalls:
    """All calls are counted: no formal count has been drawn."""
    met = tuple(v for cell, v in verdicts.items() if cell not in sought)
    chosen = (v for cell, v in verdicts.items() if cell in sought)
    judged = (*met, *(v for v in chosen if _giant(v, taxonomy)))
    return SortedCalls(met, dict.fromkeys(DYSPLASIA_LINEAGES, judged))


def sorted_by_count(
    verdicts: Mapping[int, Verdict], count: FormalCount, taxonomy: Taxonomy
) -> SortedCalls:
    """Only what was drawn is counted; cells on top are judged for their lineage alone.

    Megakaryocytes are none of those: all that are confirmed are judged.
    """
    met = {cell: verdicts[cell] for cell in count.drawn if cell in verdicts}
    judged: dict[str, tuple[Verdict, ...]] = {
        LINEAGE: tuple(v for v in verdicts.values() if _giant(v, taxonomy))
    }
    for lineage in TOPPED_UP:
        on_top = count.on_top.get(lineage, ())
        top = (verdicts[cell] for cell in on_top if cell in verdicts)
        judged[lineage] = (*met.values(), *top)
    used = {*count.drawn, *(c for some in count.on_top.values() for c in some)}
    return SortedCalls(
        met=tuple(met.values()),
        judged=judged,
        apart=tuple(v for cell, v in verdicts.items() if cell not in used),
    )


def _giant(verdict: Verdict, taxonomy: Taxonomy) -> bool:
    return taxonomy.lineage_of(verdict.lines) == LINEAGE
