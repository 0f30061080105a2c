"""A table that a run adds to: each field costs what the field holds, not the case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import COLUMNS, CellTable
from marrowscope.domain.geometry import Outline

_LEAST_ROOM = 1024


class GrowingTable:
    """Cells of one reader, more and more of them.

    Rows once added never change, so every `table` handed out stays as it was; its
    columns are views of one store, which doubles when it is full.
    """

    def __init__(self, table: CellTable) -> None:
        self._like = table
        self._store: dict[str, NDArray] = {n: getattr(table, n) for n in COLUMNS}
        self._outlines: list[Outline | None] = list(table.outline)
        self._filled = len(table)

    def __len__(self) -> int:
        return self._filled

    def append(self, cells: CellTable) -> None:
        """Add cells. ValueError: they are of a reader with other classes or outputs."""
        if not self._like.same_reader(cells):
            raise ValueError("tables of different readers cannot be joined")
        end = self._filled + len(cells)
        if end > len(self._store["id"]):
            self._make_room(max(_LEAST_ROOM, 2 * end))
        for name, column in self._store.items():
            column[self._filled : end] = getattr(cells, name)
        self._outlines += cells.outline
        self._filled = end

    def _make_room(self, rows: int) -> None:
        for name, column in self._store.items():
            roomy = np.zeros((rows, *column.shape[1:]), column.dtype)
            roomy[: self._filled] = column[: self._filled]
            self._store[name] = roomy

    @property
    def table(self) -> CellTable:
        """All cells so far."""
        columns = {name: column[: self._filled] for name, column in self._store.items()}
        return replace(self._like, **columns, outline=tuple(self._outlines))
