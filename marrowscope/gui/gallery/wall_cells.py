"""The cells of all slides of a case, as columns that a wall is arranged from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.domain.vocabulary import UNSEEN, ModelVocabulary
from marrowscope.gui.slide_view.shown_cells import UNSURE_BELOW

NOBODY = -1  # in `called`: no person has called the cell
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WallRequest:
    """What the columns are made from.

    `mpp`: microns per level-0 pixel of every slide; `counted`: what regions leave out.
    """

    table: CellTable
    vocabulary: ModelVocabulary
    taxonomy: Taxonomy
    verdicts: Mapping[int, Verdict]
    mpp: Mapping[int, float]
    counted: Counted | None


@dataclass(frozen=True, slots=True, eq=False)
class WallCells:
    """N cells in the order of their table.

    `kinds`: sets of taxonomy lines; `suggested` says which of them the model's
    narrowest answer is (0, no lines, for a cell that a person drew), `called` which a
    person named. `bad`: dysplastic as a person judged, else as the model did.
    """

    table: CellTable
    vocabulary: ModelVocabulary
    taxonomy: Taxonomy
    rows: CellRows
    kinds: tuple[Lines, ...]
    lineages: NDArray[np.int8]  # (K,) of every kind, as an index into LINEAGES
    suggested: NDArray[np.int16]  # (N,)
    called: NDArray[np.int16]  # (N,), NOBODY while nobody has
    bad: NDArray[np.bool_]  # (N,)
    suggested_bad: NDArray[np.bool_]  # (N,)
    unsure: NDArray[np.bool_]  # (N,)
    length: NDArray[np.float32]  # (N,) longer side in microns
    counted: NDArray[np.bool_]  # (N,)

    def __len__(self) -> int:
        return len(self.called)

    def kind(self, *, blind: bool) -> NDArray[np.int16]:
        """(N,) as a person called them, else as the model would; `blind`: else 0."""
        uncalled = self.called == NOBODY
        return np.where(uncalled, 0 if blind else self.suggested, self.called)


def wall_cells(request: WallRequest) -> WallCells:
    """Columns of every cell; a second for half a million: on a worker."""
    table, vocabulary = request.table, request.vocabulary
    kinds, answers = _answers(request)
    best, drawn = table.class_index, table.drawn
    bad = np.asarray([known.dysplastic for known in vocabulary.classes], np.bool_)
    suggested_bad = bad[best] & ~drawn
    counted = request.counted
    made = WallCells(
        table=table,
        vocabulary=vocabulary,
        taxonomy=request.taxonomy,
        rows=CellRows(table.id),
        kinds=kinds,
        lineages=np.zeros(0, np.int8),
        suggested=np.where(drawn, 0, answers).astype(np.int16),
        called=np.full(len(table), NOBODY, np.int16),
        bad=suggested_bad,
        suggested_bad=suggested_bad,
        unsure=(table.class_score < UNSURE_BELOW) & ~drawn,
        length=_lengths(table, request.mpp),
        counted=_within(table, counted),
    )
    return with_calls(made, request.verdicts, touched=request.verdicts)


def _answers(request: WallRequest) -> tuple[tuple[Lines, ...], NDArray[np.int16]]:
    """Kinds, the first of them without lines, and which (N,) the model suggests."""
    table, taxonomy = request.table, request.taxonomy
    told = request.vocabulary.told_by(table)
    lines = [taxonomy.ordered(lines) for _, lines in told.answers]
    kinds = tuple(dict.fromkeys([(), *lines]))
    place = np.asarray([kinds.index(one) for one in lines], np.int16)
    return kinds, place[told.answer_rows(table)]


def _lengths(table: CellTable, mpp: Mapping[int, float]) -> NDArray[np.float32]:
    scale = np.zeros(max(mpp, default=0) + 1, np.float32)
    for number, one in mpp.items():
        scale[number] = one
    longer = np.maximum(table.box[:, 2], table.box[:, 3])
    return longer * scale[np.minimum(table.slide, len(scale) - 1)]


def _within(table: CellTable, counted: Counted | None) -> NDArray[np.bool_]:
    if counted is None:
        return np.ones(len(table), np.bool_)
    return counted.counts(table.id)


def with_calls(
    cells: WallCells, verdicts: Mapping[int, Verdict], *, touched: Iterable[int]
) -> WallCells:
    """The same cells beside other calls of the cells `touched`; it costs what they do.

    A touched cell without a verdict is what the model says again.
    """
    rows = cells.rows.of(np.fromiter(touched, np.int64))
    called, bad = cells.called.copy(), cells.bad.copy()
    called[rows], bad[rows] = NOBODY, cells.suggested_bad[rows]
    known = {lines: number for number, lines in enumerate(cells.kinds)}
    said = [verdicts.get(cell) for cell in cells.table.id[rows].tolist()]
    rows = rows[np.asarray([one is not None for one in said], np.bool_)]
    told = [one for one in said if one is not None]
    kinds: dict[Lines, int] = {}
    for lines in dict.fromkeys(one.lines for one in told):
        ordered = cells.taxonomy.ordered(lines)
        kinds[lines] = known.setdefault(ordered, len(known))
    called[rows] = [kinds[one.lines] for one in told]
    bad[rows] = [bool(one.dysplastic) for one in told]
    return replace(
        cells,
        called=called,
        bad=bad,
        kinds=tuple(known),
        lineages=_lineages(cells, known),
    )


def _lineages(cells: WallCells, kinds: Iterable[Lines]) -> NDArray[np.int8]:
    named = (cells.taxonomy.lineage_of(k) if k else UNSEEN.lineage for k in kinds)
    return np.asarray([LINEAGES.index(name) for name in named], np.int8)
