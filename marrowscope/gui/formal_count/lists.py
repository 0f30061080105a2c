"""The lists that a formal count is read from, each in an order nobody chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.formal_count import FormalCount, surplus_cells, void_cells
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.gui.session import CaseSession

COUNT = "count"  # else a lineage
TITLES = {
    COUNT: "Formal count",
    "erythroid": "Erythroid cells, on top",
    "granulocytic": "Granulocytic cells, on top",
    LINEAGE: "Megakaryocytes",
}
UM_PER_PIXEL = 0.125  # a view shows about 80 microns: a cell among its neighbours
GIANTS_UM_PER_PIXEL = 0.25  # a megakaryocyte alone may be 80 microns wide


@dataclass(frozen=True, slots=True)
class Scope:
    """Cells of a count that can still be read: found by the newest run, in the
    included regions. Looked up once per table, not with every call.
    """

    here: frozenset[int]

    @classmethod
    def of(cls, session: CaseSession, count: FormalCount) -> Scope:
        """What the session's table and regions leave of the count."""
        every = [*count.drawn, *(c for some in count.on_top.values() for c in some)]
        if session.table is None or not every:
            return cls(frozenset())
        ids = session.table.id
        found: NDArray[np.int64] = ids[CellRows(ids).of(every)]
        return cls(frozenset(found[session.in_count(found.tolist())].tolist()))

    def void(self, session: CaseSession, count: FormalCount) -> set[int]:
        """Drawn cells that cannot be counted, or are there no more."""
        drawn = self.here.intersection(count.drawn)
        return void_cells(count, drawn, session.verdicts, session.taxonomy)


def cells_of(
    which: str, session: CaseSession, count: FormalCount, scope: Scope
) -> list[int]:
    """The cells of one list, in the order to read them."""
    if which == COUNT:
        void = scope.void(session, count)
        return _without(count.drawn, void | surplus_cells(count, void))
    return [cell for cell in count.on_top.get(which, ()) if cell in scope.here]


def _without(cells: Iterable[int], void: Collection[int]) -> list[int]:
    return [cell for cell in cells if cell not in void]
