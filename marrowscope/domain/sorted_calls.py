"""Calls by what they may be used for: the differential, dysplasia, or neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from marrowscope.domain.call_tally import (
    Call,
    CallTally,
    call_tally,
    tally_by_origin,
)
from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES
from marrowscope.domain.formal_count import (
    TOPPED_UP,
    FormalCount,
    surplus_cells,
    void_cells,
)
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class SortedCalls:
    """`met`: calls that a share of cells may count. `judged`: by lineage, those that
    its dysplasia is judged from. `apart`: in neither, being outside a formal count, or
    without one of cells that were picked out to be reviewed.

    A cell that was sought is in no share: it was chosen, its neighbours were not. As a
    megakaryocyte it is judged for dysplasia, which is why it was sought.
    """

    met: CallTally
    judged: Mapping[str, CallTally]
    apart: CallTally = field(default_factory=dict)


def sorted_calls(
    verdicts: Mapping[int, Verdict],
    sought: Iterable[int],
    taxonomy: Taxonomy,
    *,
    all_called: bool = False,
) -> SortedCalls:
    """All calls but of picked cells are counted: no formal count has been drawn.

    `all_called`: no cell of the case is left without a call. Then none was picked out
    of others, in whichever order they were read, and all are counted.
    """
    counts = set(Origin) if all_called else {Origin.MET}
    met, apart = Counter[Call](), Counter[Call]()
    for why, calls in tally_by_origin(verdicts.values()).items():
        (met if why in counts else apart).update(calls)
    called = [cell for cell in sought if cell in verdicts]
    chosen = _of(verdicts, [c for c in called if verdicts[c].origin in counts])
    met -= chosen
    judged = met + _giants(chosen, taxonomy)
    return SortedCalls(met, dict.fromkeys(DYSPLASIA_LINEAGES, judged), apart)


def every_cell_called(
    table: CellTable | None, verdicts: Mapping[int, Verdict], counted: Counted | None
) -> bool:
    """True where no cell that a share may count is left without a call.

    Not so where the review queue alone was gone through: it gives no percentage.
    """
    if table is None or all(v.origin is Origin.QUEUE for v in verdicts.values()):
        return False
    # Asked after every call: so few tell at once, without half a million looked up.
    outside = len(counted.outside) if counted else 0
    if len(verdicts) < len(table) - int(table.sought.sum()) - outside:
        return False
    cells = table.id[~table.sought]
    if counted is not None:
        cells = cells[counted.counts(cells)]
    return all(cell in verdicts for cell in cells.tolist())


def sorted_by_count(
    verdicts: Mapping[int, Verdict],
    count: FormalCount,
    taxonomy: Taxonomy,
    *,
    here: Collection[int],
) -> SortedCalls:
    """Only what was drawn is counted; cells on top are judged for their lineage alone.

    Megakaryocytes are none of those: all that are confirmed are judged, but for those
    picked out to be reviewed. `here`: the drawn cells that regions and newer runs
    leave.
    """
    drawn = drawn_cells(verdicts, count, taxonomy, here=here)
    met, giants = _of(verdicts, drawn), confirmed_giants(verdicts, taxonomy)
    judged = {LINEAGE: _of(verdicts, giants)}
    for lineage in TOPPED_UP:
        judged[lineage] = met + _of(verdicts, count.on_top.get(lineage, ()))
    used = {*drawn, *giants, *(c for some in count.on_top.values() for c in some)}
    return SortedCalls(met, judged, apart=_of(verdicts, verdicts.keys() - used))


def drawn_cells(
    verdicts: Mapping[int, Verdict],
    count: FormalCount,
    taxonomy: Taxonomy,
    *,
    here: Collection[int],
) -> set[int]:
    """The cells of a count itself, without those drawn beyond its target."""
    void = void_cells(count, here, verdicts, taxonomy)
    return set(count.drawn) - surplus_cells(count, void)


def drawn_here(
    table: CellTable | None, formal: FormalCount, counted: Counted | None
) -> set[int]:
    """The drawn cells that the table holds and regions leave in the count."""
    if table is None or not formal.drawn:
        return set()
    found = table.id[CellRows(table.id).of(formal.drawn)]
    return set(found[counted.counts(found)].tolist() if counted else found.tolist())


def confirmed_giants(
    verdicts: Mapping[int, Verdict], taxonomy: Taxonomy
) -> frozenset[int]:
    """Confirmed megakaryocytes that were not picked out to be reviewed."""
    lines = {verdict.lines for verdict in verdicts.values()}
    own = {some for some in lines if taxonomy.lineage_of(some) == LINEAGE}
    return frozenset(
        cell
        for cell, verdict in verdicts.items()
        if verdict.lines in own and not verdict.chosen
    )


def _of(verdicts: Mapping[int, Verdict], cells: Iterable[int]) -> Counter[Call]:
    return call_tally(verdicts[cell] for cell in cells if cell in verdicts)


def _giants(calls: CallTally, taxonomy: Taxonomy) -> Counter[Call]:
    return Counter(
        {c: n for c, n in calls.items() if taxonomy.lineage_of(c.lines) == LINEAGE}
    )
