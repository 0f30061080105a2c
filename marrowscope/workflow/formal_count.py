"""The formal count of a case: fixed, drawn, topped up, and how far it is read."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import counted_rows
from marrowscope.domain.criteria import Criteria, LineageCriterion
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.formal_count import (
    TOPPED_UP,
    FormalCount,
    Frame,
    cells_on_top,
    cells_to_draw,
    void_cells,
)
from marrowscope.domain.megakaryocytes import megakaryocytes
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.slide_names import slide_names

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
    """

    lineage: str
    minimum: int
    on_top: int
    called: int


@dataclass(frozen=True, slots=True)
class CountState:
    """A formal count as far as it is read.

    `replaced`: drawn cells that are none, or gone. `missing`: cells there are too few
    of in what was read. `lines`: the differential of the count alone.
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
    lines: Mapping[str, int]
    smears: tuple[SmearCount, ...]
    lineages: tuple[LineageCount, ...]


def formal_count(
    file: CaseFile, *, target: int | None = None, seed: int | None = None, reader: str
) -> CountState:
    """Fix a count where there is none, draw what it needs now, and say how it stands.

    `target`: by default as in criteria.toml; `seed`: by default at random. Raises
    MarrowScopeError where nothing was read, or another count was fixed before.
    """
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    count, table, vocabulary = file.formal_count(), file.cells(), file.vocabulary()
    if vocabulary is None or not len(table):
        raise MarrowScopeError(
            "No cell of this case has been read.", "Read its slides first: analyse."
        )
    if count is None:
        count = _fixed(file, target or criteria.count_target, seed, reader)
    else:
        _refuse_other(count, target, seed)
    verdicts = file.verdicts()
    frame = _frame(file, table, vocabulary, verdicts, taxonomy)
    void = void_cells(count, frame, verdicts, taxonomy)
    file.draw_cells(cells_to_draw(count, frame, void), {}, who=reader)
    count = file.formal_count() or count
    top = cells_on_top(count, frame, verdicts, criteria)
    file.draw_cells({}, top, who=reader)
    count = file.formal_count() or count
    void = void_cells(count, frame, verdicts, taxonomy)
    seen = megakaryocytes(table, verdicts, vocabulary, taxonomy)
    giants = [one.cell for one in seen if one.confirmed]
    return _state(file, count, void, verdicts, criteria, giants)


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


def _frame(
    file: CaseFile,
    table: CellTable,
    vocabulary: ModelVocabulary,
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
) -> Frame:
    """The cells of the included fields and regions, without what no count holds."""
    none = [c for c, v in verdicts.items() if not taxonomy.counted(v.lines)]
    rows = counted_rows(table, file.regions()) & ~table.sought
    table = table.select(rows & ~np.isin(table.id, none))
    photos = list(file.compared_photos())
    smear = np.where(np.isin(table.slide, photos), PHOTOS, table.slide)
    named = np.asarray([c.lineage for c in vocabulary.classes])[table.class_index]
    named[table.drawn] = ""
    return Frame(
        {int(s): table.id[smear == s] for s in np.unique(smear)},
        dict(zip(table.id.tolist(), named.tolist(), strict=True)),
    )


def _state(
    file: CaseFile,
    count: FormalCount,
    void: set[int],
    verdicts: Mapping[int, Verdict],
    criteria: Criteria,
    giants: list[int],
) -> CountState:
    standing = [cell for cell in count.drawn if cell not in void]
    called = [cell for cell in standing if cell in verdicts]
    names = {**slide_names(file.slides()), PHOTOS: "field photos"}
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
        lines=_lines(called, verdicts),
        smears=tuple(
            _smear(names[smear], [c for c in cells if c not in void], verdicts)
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
    giants: list[int],
) -> LineageCount:
    on_top = count.on_top.get(criterion.lineage, ())
    own = {*count.drawn, *on_top} if criterion.lineage in TOPPED_UP else giants
    members = set(criterion.lines)
    called = sum(c in verdicts and set(verdicts[c].lines) <= members for c in own)
    return LineageCount(criterion.lineage, criterion.minimum_cells, len(on_top), called)
