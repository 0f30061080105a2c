"""Finding the rows of a table by cell id, one or a hundred thousand at a time."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray


class CellRows:
    """Where each cell id stands in a column of unique ids (N,)."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self._ids = ids

    @cached_property
    def _order(self) -> NDArray[np.intp] | None:
        # Cells are numbered as they are stored: mostly there is nothing to sort.
        ascending = bool((self._ids[1:] > self._ids[:-1]).all())
        return None if ascending else np.argsort(self._ids)

    def rearranged(self, ids: NDArray[np.int64], source: NDArray[np.intp]) -> CellRows:
        """The rows of a column `ids` (N,) that was made from this one.

        `source` (N,): the row here that each was taken from, or one behind the last
        for those that are new. Nothing that is sorted already is sorted again.
        """
        here = len(self._ids)
        place = np.full(max(here, int(source.max(initial=0)) + 1), -1, np.intp)
        place[source] = np.arange(len(source))
        order = place[:here] if self._order is None else place[self._order]
        order = order[order >= 0]
        new = np.flatnonzero(source >= here)
        new = new[np.argsort(ids[new])]
        between = np.searchsorted(ids[order], ids[new])
        made = CellRows(ids)
        made.__dict__["_order"] = np.insert(order, between, new)
        return made

    def of(self, ids: ArrayLike) -> NDArray[np.intp]:
        """Rows of those of these cells that the column holds, in the order given."""
        wanted = np.asarray(ids, np.int64)
        if not len(self._ids):
            return np.zeros(0, np.intp)
        places = np.searchsorted(self._ids, wanted, sorter=self._order)
        places = np.minimum(places, len(self._ids) - 1)
        rows = places if self._order is None else self._order[places]
        return rows[self._ids[rows] == wanted]

    def held(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Those of these cells that the column holds, in the order given."""
        return self._ids[self.of(ids)]

    def row(self, cell: int) -> int | None:
        """The row of one cell, None when the column does not hold it."""
        rows = self.of([cell])
        return int(rows[0]) if len(rows) else None
