"""The cells of the slide shown, as columns that can be painted at once."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.slide_view.cell_grid import CellGrid

UNSURE_BELOW = 0.6  # probability of the most probable class


@dataclass(frozen=True, slots=True)
class ModelSays:
    """How the model alone would have N cells look, kept for when calls change."""

    lineage: NDArray[np.int8]  # (N,)
    dysplastic: NDArray[np.bool_]  # (N,)
    unsure: NDArray[np.bool_]  # (N,)


@dataclass(frozen=True, slots=True)
class ShownCells:
    """N cells of one slide; `lineage` indexes domain.taxonomy.LINEAGES."""

    table: CellTable
    grid: CellGrid
    lineage: NDArray[np.int8]  # (N,)
    dysplastic: NDArray[np.bool_]  # (N,)
    confirmed: NDArray[np.bool_]  # (N,)
    unsure: NDArray[np.bool_]  # (N,)
    visible: NDArray[np.bool_]  # (N,)
    model_says: ModelSays

    def row_of(self, cell: int) -> int | None:
        """The row of a cell id, None when it is on another slide."""
        rows = np.flatnonzero(self.table.id == cell)
        return int(rows[0]) if len(rows) else None


def shown_cells(
    table: CellTable,
    vocabulary: ModelVocabulary,
    *,
    slide: int,
    verdicts: Mapping[int, Verdict],
    hidden: Set[str],
    taxonomy: Taxonomy,
) -> ShownCells:
    """What the slide view paints of one slide; a person's call wins over the model's.

    A confirmed cell is never unsure, and takes the lineage and the dysplasia of the
    call. Cells stay hidden with the model's class, whatever they were called.
    """
    mine = table.select(table.slide == slide)
    named = mine.class_index
    kinds = vocabulary.classes
    lineages = np.asarray([LINEAGES.index(c.lineage) for c in kinds], np.int8)
    bad = np.asarray([c.dysplastic for c in kinds], np.bool_)
    seen = np.asarray([c.id not in hidden for c in kinds], np.bool_)
    unsure = mine.class_score < UNSURE_BELOW
    alone = ShownCells(
        table=mine,
        grid=CellGrid(mine.box),
        lineage=lineages[named],
        dysplastic=bad[named],
        confirmed=np.zeros(len(mine), np.bool_),
        unsure=unsure,
        visible=seen[named],
        model_says=ModelSays(lineages[named], bad[named], unsure),
    )
    return with_calls(alone, verdicts, taxonomy)


def with_calls(
    shown: ShownCells, verdicts: Mapping[int, Verdict], taxonomy: Taxonomy
) -> ShownCells:
    """The same cells beside other calls; cheap, since a call changes a few."""
    mine, model = shown.table, shown.model_says
    lineage, dysplastic = model.lineage.copy(), model.dysplastic.copy()
    confirmed = np.isin(mine.id, np.fromiter(verdicts, np.int64, len(verdicts)))
    for row in np.flatnonzero(confirmed):
        verdict = verdicts[int(mine.id[row])]
        lineage[row] = LINEAGES.index(taxonomy.lineage_of(verdict.lines))
        dysplastic[row] = bool(verdict.dysplastic)
    return replace(
        shown,
        lineage=lineage,
        dysplastic=dysplastic,
        confirmed=confirmed,
        unsure=model.unsure & ~confirmed,
    )
