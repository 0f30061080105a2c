"""The differential in its two layers: what a model suggests, what a person confirmed.

The two are different types on purpose: a suggestion has no interval and no verdict, and
nothing here can add the one to the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.call_tally import CallTally, cells_in, within
from marrowscope.domain.criteria import Denominator, RatioDefinition
from marrowscope.domain.statistics import Share
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

FULL_TITLE = "Differential"
PARTIAL_TITLE = "Partial differential by lineage"


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """Cells a model puts on a line or an inseparable set of lines.

    `total` is what the percentage divides by, 0 for cells outside the count.
    """

    lines: tuple[str, ...]
    name: str
    classes: tuple[str, ...]
    count: int
    total: int

    @property
    def percent(self) -> float | None:
        return 100 * self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class SuggestedDifferential:
    """The model's rows, in report order, and the lines it cannot tell apart."""

    title: str
    rows: tuple[SuggestedRow, ...]
    outside: tuple[SuggestedRow, ...]
    unseparated: tuple[str, ...]
    total: int
    denominator: str


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """Confirmed cells of one line, or of a series whose stage nobody named.

    `keyed` of them were counted beside a microscope, without a picture.
    """

    lines: tuple[str, ...]
    name: str
    share: Share
    keyed: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmedDifferential:
    """Every counted line with its share of the confirmed nucleated cells.

    `series` holds cells called by series only; `outside` the tallies beside the count.
    `keyed` of the `total` were counted beside a microscope.
    """

    rows: tuple[ConfirmedRow, ...]
    series: tuple[ConfirmedRow, ...]
    outside: tuple[ConfirmedRow, ...]
    total: int
    keyed: int = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two confirmed counts with its printed formula."""

    numerator: int
    denominator: int
    formula: str

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def suggested_differential(
    tally: Tally, vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> SuggestedDifferential:
    """Count the model's narrowest answers, joined where they stand for one line."""
    answers, counts = _all_answers(tally, vocabulary)
    members: dict[tuple[str, ...], list[int]] = {}
    for index, (_, lines) in enumerate(answers):
        members.setdefault(taxonomy.ordered(lines), []).append(index)
    counted = {lines for lines in members if taxonomy.counted(lines)}
    total = sum(int(counts[i]) for lines in counted for i in members[lines])
    ranks = {line.id: rank for rank, line in enumerate(taxonomy.lines)}
    rows = [
        SuggestedRow(
            lines=lines,
            name=taxonomy.name_of(lines),
            classes=tuple(dict.fromkeys(answers[i][0] for i in indices)),
            count=int(counts[indices].sum()),
            total=total if lines in counted else 0,
        )
        for lines, indices in sorted(members.items(), key=lambda m: ranks[m[0][0]])
    ]
    alone = {lines[0] for lines in members if len(lines) == 1}
    unseparated = {i for c in vocabulary.classes for i in c.lines} - alone
    return SuggestedDifferential(
        title=PARTIAL_TITLE if unseparated else FULL_TITLE,
        rows=tuple(r for r in rows if r.lines in counted),
        outside=tuple(r for r in rows if r.lines not in counted),
        unseparated=taxonomy.ordered(unseparated),
        total=total,
        denominator="all nucleated cells suggested, megakaryocytes left out",
    )


def _all_answers(
    tally: Tally, vocabulary: ModelVocabulary
) -> tuple[list[tuple[str, tuple[str, ...]]], NDArray[np.int64]]:
    """The answers, then whole classes of cells that no finer output divides."""
    whole = np.flatnonzero(tally.undivided)
    classes = [vocabulary.classes[i] for i in whole]
    answers = [*vocabulary.answers, *((c.id, c.lines) for c in classes)]
    return answers, np.concatenate([tally.answers, tally.undivided[whole]])


def confirmed_differential(
    calls: CallTally, taxonomy: Taxonomy
) -> ConfirmedDifferential:
    """Count what a person called; cells called by series are kept apart."""
    cells: Counter[tuple[str, ...]] = Counter()
    keyed: Counter[tuple[str, ...]] = Counter()
    for call, number in calls.items():
        lines = taxonomy.ordered(call.lines)
        cells[lines] += number
        keyed[lines] += number * call.keyed
    total = sum(n for lines, n in cells.items() if taxonomy.counted(lines))

    def row(lines: tuple[str, ...], total: int) -> ConfirmedRow:
        share = Share(cells.get(lines, 0), total)
        return ConfirmedRow(lines, taxonomy.name_of(lines), share, keyed[lines])

    named = [(line.id,) for line in taxonomy.lines if line.counted]
    beside = [(line.id,) for line in taxonomy.lines if not line.counted]
    series = sorted(cells.keys() - {(line.id,) for line in taxonomy.lines})
    return ConfirmedDifferential(
        rows=tuple(row(lines, total) for lines in named),
        series=tuple(row(ls, total) for ls in series if taxonomy.counted(ls)),
        outside=tuple(row(ls, cells[ls]) for ls in beside if cells[ls]),
        total=total,
        keyed=sum(n for lines, n in keyed.items() if taxonomy.counted(lines)),
    )


def confirmed_tally(calls: CallTally, taxonomy: Taxonomy) -> tuple[ConfirmedRow, ...]:
    """What a person called, line by line and series by series: a share of nothing."""
    cells: Counter[tuple[str, ...]] = Counter()
    for call, number in calls.items():
        cells[taxonomy.ordered(call.lines)] += number
    return tuple(
        ConfirmedRow(lines, taxonomy.name_of(lines), Share(cells[lines], cells[lines]))
        for lines in taxonomy.in_order(cells)
    )


def confirmed_ratio(calls: CallTally, definition: RatioDefinition) -> Ratio:
    """The M:E ratio by the laboratory's own members.

    A cell called by series counts only when the whole series is a member.
    """
    above = cells_in(within(calls, definition.numerator))
    below = cells_in(within(calls, definition.denominator))
    return Ratio(above, below, definition.formula)


def confirmed_share(
    calls: CallTally,
    lines: tuple[str, ...],
    taxonomy: Taxonomy,
    *,
    of: Denominator = Denominator.ALL_NUCLEATED,
) -> Share:
    """Confirmed cells of these lines among the confirmed cells in the count."""
    counted = {c: n for c, n in calls.items() if taxonomy.counted(c.lines)}
    if of is Denominator.NON_ERYTHROID:
        counted = {
            c: n
            for c, n in counted.items()
            if taxonomy.lineage_of(c.lines) != "erythroid"
        }
    return Share(cells_in(within(counted, lines)), cells_in(counted))


def suggested_share(
    rows: Iterable[SuggestedRow],
    lines: Sequence[str],
    taxonomy: Taxonomy,
    *,
    of: Denominator = Denominator.ALL_NUCLEATED,
) -> Share | None:
    """The same of the model's rows; None where it tells none of these lines."""
    rows = list(rows)
    own = [row for row in rows if set(row.lines) <= set(lines)]
    if not own:
        return None
    if of is Denominator.NON_ERYTHROID:
        rows = [r for r in rows if taxonomy.lineage_of(r.lines) != "erythroid"]
    return Share(sum(r.count for r in own), sum(r.count for r in rows))
