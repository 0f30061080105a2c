"""The formal count of a case: fixed, drawn, topped up, and how far it is read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.count_state import PHOTOS, CountState, count_state
from marrowscope.domain.counted import counted_rows
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.formal_count import (
    TOPPED_UP,
    FormalCount,
    Frame,
    cells_on_top,
    cells_to_draw,
    void_cells,
)
from marrowscope.domain.megakaryocytes import Megakaryocyte, megakaryocytes
from marrowscope.domain.review import Verdict
from marrowscope.domain.sorted_calls import confirmed_giants
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.slide_names import slide_names


@dataclass(frozen=True, slots=True, eq=False)
class CellsOfCase:
    """What a count is drawn from: every cell of a case, and what was said of some."""

    table: CellTable
    vocabulary: ModelVocabulary | None
    verdicts: Mapping[int, Verdict]

    @classmethod
    def of(cls, file: CaseFile) -> CellsOfCase:
        """Read off a case's file."""
        return cls(file.cells(outlines=False), file.vocabulary(), file.verdicts())

    def megakaryocytes(self) -> tuple[Megakaryocyte, ...]:
        """All of them, however found."""
        taxonomy = places.load_taxonomy()
        return megakaryocytes(self.table, self.verdicts, self.vocabulary, taxonomy)


def formal_count(
    file: CaseFile, *, target: int | None = None, seed: int | None = None, reader: str
) -> CountState:
    """Fix a count where there is none, draw what it needs now, and say how it stands.

    Arguments and errors as of `draw`.
    """
    cells = CellsOfCase.of(file)
    count = draw(file, cells, target=target, seed=seed, reader=reader)
    return state_of(file, count, cells)


def draw(
    file: CaseFile,
    cells: CellsOfCase,
    *,
    target: int | None = None,
    seed: int | None = None,
    reader: str,
) -> FormalCount:
    """The count, fixed where there was none, with every cell it needs now.

    `target`: by default as in criteria.toml; `seed`: by default at random. Raises
    MarrowScopeError where nothing was read, or another count was fixed before.
    """
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    count, verdicts = file.formal_count(), cells.verdicts
    frame = _frame(file, cells, taxonomy)
    if count is None:
        count = _fixed(file, target or criteria.count_target, seed, reader)
    else:
        _refuse_other(count, target, seed)
    void = void_cells(count, frame.holds(count.drawn), verdicts, taxonomy)
    fresh = cells_to_draw(count, frame, void)
    file.draw_cells(fresh, {}, who=reader)
    count = count.with_cells(fresh, {})
    top = cells_on_top(count, frame, verdicts, criteria)
    file.draw_cells({}, top, who=reader)
    return count.with_cells({}, top)


def state_of(file: CaseFile, count: FormalCount, cells: CellsOfCase) -> CountState:
    """How far a count is read."""
    taxonomy, verdicts = places.load_taxonomy(), cells.verdicts
    here = _frame(file, cells, taxonomy).holds(count.drawn)
    return count_state(
        count,
        verdicts,
        places.load_criteria(),
        void=void_cells(count, here, verdicts, taxonomy),
        giants=confirmed_giants(verdicts, taxonomy),
        names=slide_names(file.slides()),
    )


def _fixed(file: CaseFile, target: int, seed: int | None, reader: str) -> FormalCount:
    chosen = secrets.randbits(32) if seed is None else seed
    count = FormalCount(target, chosen, reader, now())
    file.fix_count(count)
    return count


def _refuse_other(count: FormalCount, target: int | None, seed: int | None) -> None:
    same = target in (None, count.target) and seed in (None, count.seed)
    if not same:
        raise MarrowScopeError(
            f"The count of this case was fixed at {count.target} cells with seed "
            f"{count.seed}.",
            "A count is fixed before it is read: go on with this one.",
        )


def _frame(file: CaseFile, cells: CellsOfCase, taxonomy: Taxonomy) -> Frame:
    """The cells of the included fields and regions, without what no count holds."""
    table, vocabulary = cells.table, cells.vocabulary
    if vocabulary is None or not len(table):
        raise MarrowScopeError(
            "No cell of this case has been read.", "Read its slides first: analyse."
        )
    said, classes = cells.verdicts.items(), vocabulary.classes
    none = [c for c, v in said if not taxonomy.counted(v.lines)]
    rows = counted_rows(table, file.regions()) & ~table.sought
    rows &= ~np.isin(table.id, none)
    ids, slides, told = table.id[rows], table.slide[rows], ~table.drawn[rows]
    smear = np.where(np.isin(slides, list(file.compared_photos())), PHOTOS, slides)
    named = table.class_index[rows]
    own = {name: np.asarray([c.lineage == name for c in classes]) for name in TOPPED_UP}
    return Frame(
        {s: ids[smear == s] for s in np.flatnonzero(np.bincount(smear)).tolist()},
        {name: ids[members[named] & told] for name, members in own.items()},
    )
