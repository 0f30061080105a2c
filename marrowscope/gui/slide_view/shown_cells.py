"""The cells of the slide shown, as columns that can be painted at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.domain.vocabulary import UNSEEN, ModelVocabulary
from marrowscope.gui.slide_view.cell_grid import CellGrid, grid_of

UNSURE_BELOW = 0.6  # probability of the most probable class
LOOKS = 2 * len(LINEAGES)  # a lineage, normal or dysplastic


@dataclass(frozen=True, slots=True)
class ShownCells:
    """N cells of one slide in the order of their grid.

    `kind` says all that boxes may share: the model's class, and the look, which is
    lineage and dysplasia as a person called them, else as the model did (see `look`).
    `unsure` is the model's own doubt, whatever a person said.
    """

    id: NDArray[np.int64]  # (N,)
    rows: CellRows
    grid: CellGrid
    kind: NDArray[np.int16]  # (N,)
    confirmed: NDArray[np.bool_]  # (N,)
    unsure: NDArray[np.bool_]  # (N,)
    classes: tuple[str, ...]
    own_kind: NDArray[np.int16]  # (N,) while nobody has called the cell

    def __len__(self) -> int:
        return len(self.id)

    def class_of(self, row: int) -> int:
        """The model's class of one cell."""
        return int(self.kind[row]) // LOOKS

    @property
    def look(self) -> NDArray[np.int16]:
        """(N,) twice the index in LINEAGES, one more when dysplastic."""
        return self.kind % LOOKS

    def seen(self, hidden: Set[str]) -> NDArray[np.bool_]:
        """(N,) whether each is shown: hidden by the model's class, whatever called."""
        shown = np.asarray([c not in hidden for c in self.classes], np.bool_)
        return np.repeat(shown, LOOKS)[self.kind]


@dataclass(frozen=True, slots=True)
class CellsOfSlide:
    """What `shown_cells` is made from: the cells of one slide of a table."""

    table: CellTable
    vocabulary: ModelVocabulary
    slide: int


def shown_cells(cells: CellsOfSlide) -> ShownCells:
    """What the slide view paints of one slide, as the model alone would have it.

    Half a million cells take a tenth of a second: not on the window's thread.
    """
    table = cells.table
    mine = np.flatnonzero(table.slide == cells.slide)
    known = CellRows(table.id[mine])
    grid, order = grid_of(table.box.take(mine, axis=0))
    mine = mine[order]
    kind, unsure = looks_of(table, cells.vocabulary)
    ids, kind = table.id[mine], kind[mine]
    return ShownCells(
        id=ids,
        rows=known.rearranged(ids, order),
        grid=grid,
        kind=kind,
        confirmed=np.zeros(len(mine), np.bool_),
        unsure=unsure[mine],
        classes=cells.vocabulary.class_ids,
        own_kind=kind,
    )


def looks_of(
    table: CellTable, vocabulary: ModelVocabulary
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Kind (N,) of the cells of a table, and whether the model was unsure (N,)."""
    known = vocabulary.classes
    best, score = table.class_index, table.class_score
    looks = np.asarray([_look(c.lineage, c.dysplastic) for c in known], np.int16)
    unseen = _look(UNSEEN.lineage, UNSEEN.dysplastic)
    seen = np.where(table.drawn, unseen, looks[best])
    kind = (best * LOOKS + seen).astype(np.int16)
    return kind, (score < UNSURE_BELOW) & ~table.drawn


def _look(lineage: str, dysplastic: bool) -> int:
    return 2 * LINEAGES.index(lineage) + dysplastic


def with_calls(
    shown: ShownCells,
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
    *,
    touched: Iterable[int] | None = None,
) -> ShownCells:
    """The same cells beside other calls; it costs what the calls cost, not the cells.

    `touched`: the cells whose call is new, changed or gone; None: look at all.
    """
    kind, confirmed = shown.kind.copy(), shown.confirmed.copy()
    if touched is None:
        calls, gone = list(verdicts), np.flatnonzero(confirmed)
    else:
        calls = list(touched)
        gone = shown.rows.of(calls)
    kind[gone] = shown.own_kind[gone]
    confirmed[gone] = False
    called = np.asarray([c for c in calls if c in verdicts], np.int64)
    rows = shown.rows.of(called)
    said = [verdicts[cell] for cell in shown.id[rows].tolist()]
    look = {
        (lines, dysplastic): _look(taxonomy.lineage_of(lines), bool(dysplastic))
        for lines, dysplastic in {(v.lines, v.dysplastic) for v in said}
    }
    looks = [look[v.lines, v.dysplastic] for v in said]
    kind[rows] = kind[rows] // LOOKS * LOOKS + np.asarray(looks, np.int16)
    confirmed[rows] = True
    return replace(shown, kind=kind, confirmed=confirmed)
