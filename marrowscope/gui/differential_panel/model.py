"""What the differential's two tables say, as text ready to paint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from marrowscope.domain.differential import (
    FULL_TITLE,
    ConfirmedDifferential,
    ConfirmedRow,
    SuggestedDifferential,
    SuggestedRow,
)
from marrowscope.domain.statistics import Interval, Share, percent_text, same_side
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.wording import left_open_text

NOT_SEPARATED = "not separated by this model"
SUGGESTED_HEADING = "Suggested, not reviewed"
CONFIRMED_HEADING = "Confirmed"
NOTHING_SUGGESTED = "Read the smear to see what the model suggests."
NOTHING_YET = "No cells found so far."
NOTHING_FOUND = (
    "No cells were found. Check the slide's scale and focus, then read again."
)
NOTHING_CONFIRMED = "Select a cell and press Enter to confirm it."
CONFIRMED_DENOMINATOR = "of nucleated cells confirmed, megakaryocytes left out"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One printed row; empty texts stay empty.

    `parts` are the lines a suggested row cannot tell apart, `note` a word beneath.
    `quiet`: nothing was counted here. `interval` is "27–39", without the unit, and only
    ever confirmed.
    """

    name: str
    lineage: str
    percent: str
    count: str
    interval: str = ""
    parts: tuple[str, ...] = ()
    note: str = ""
    quiet: bool = False

    @property
    def remark(self) -> str:
        """The quiet line beneath the row, if any."""
        return f"{len(self.parts)} lines {NOT_SEPARATED}" if self.parts else self.note


@dataclass(frozen=True, slots=True)
class LayerTable:
    """One layer: its rows, what its percentages divide by, the tallies beside it."""

    heading: str
    denominator: str
    rows: tuple[TableRow, ...]
    beside: tuple[TableRow, ...]
    total: int
    empty: str


@dataclass(frozen=True, slots=True)
class CountProgress:
    """Confirmed cells towards the formal count, `keyed` of them at a microscope."""

    done: int
    target: int
    keyed: int = 0

    @property
    def fraction(self) -> float:
        return min(self.done / self.target, 1.0) if self.target else 0.0

    @property
    def text(self) -> str:
        return f"{number(self.done)} of {number(self.target)}"


@dataclass(frozen=True, slots=True)
class DifferentialTables:
    """Everything the upper half of the panel prints."""

    title: str
    suggested: LayerTable
    confirmed: LayerTable
    progress: CountProgress


def number(value: int) -> str:
    """1204 as "1,204"."""
    return f"{value:,}"


def interval_text(interval: Interval, marks: Sequence[Fraction] = ()) -> str:
    """The limits in percent, one decimal below 10 and whole above: "6.2–13.9", "27–39".

    Both limits share their decimals, so the eye compares like with like; more of them
    where a limit would be rounded over a mark.
    """
    limits = interval.low, interval.high
    texts = [
        [f"{100 * limit:.{decimals}f}" for limit in limits]
        for decimals in range(1 if interval.low < 0.1 else 0, 5)
    ]
    honest = (two for two in texts if all(map(partial(same_side, marks), two, limits)))
    return "–".join(next(honest, texts[-1]))


def tables(
    suggested: SuggestedDifferential | None,
    confirmed: ConfirmedDifferential,
    taxonomy: Taxonomy,
    *,
    target: int,
    reading: bool = False,
    blast_marks: Sequence[Fraction] = (),
) -> DifferentialTables:
    """Both layers; neither is computed from the other. `reading`: more may come.

    `blast_marks`: thresholds that no rounding of the blasts may cross.
    """
    return DifferentialTables(
        title=suggested.title if suggested else FULL_TITLE,
        suggested=_suggested_layer(suggested, taxonomy, reading=reading),
        confirmed=_confirmed_layer(confirmed, taxonomy, blast_marks),
        progress=CountProgress(confirmed.total, target, confirmed.keyed),
    )


def _suggested_layer(
    suggested: SuggestedDifferential | None, taxonomy: Taxonomy, *, reading: bool
) -> LayerTable:
    found_nothing = NOTHING_YET if reading else NOTHING_FOUND
    rows = in_maturation_order(suggested.rows, taxonomy) if suggested else []
    outside = suggested.outside if suggested else ()
    has_cells = suggested is not None and any(r.count for r in (*rows, *outside))
    return LayerTable(
        heading=SUGGESTED_HEADING,
        denominator=f"% of {suggested.denominator}" if suggested else "",
        rows=tuple(_suggested_row(r, taxonomy) for r in rows) if has_cells else (),
        beside=tuple(_beside(r.name, r.lines, r.count, taxonomy) for r in outside)
        if has_cells
        else (),
        total=suggested.total if suggested else 0,
        empty=found_nothing if suggested else NOTHING_SUGGESTED,
    )


def in_maturation_order(
    rows: Iterable[SuggestedRow], taxonomy: Taxonomy
) -> list[SuggestedRow]:
    """Rows by their last line, so that a mixed bag of lines comes behind the series."""
    ranks = {line.id: rank for rank, line in enumerate(taxonomy.lines)}
    return sorted(rows, key=lambda row: max(ranks[i] for i in row.lines))


def _suggested_row(row: SuggestedRow, taxonomy: Taxonomy) -> TableRow:
    parts = [taxonomy.line(i).name for i in row.lines] if len(row.lines) > 1 else []
    share = Share(row.count, row.total)
    return TableRow(
        name=row.name,
        lineage=taxonomy.lineage_of(row.lines),
        percent=_percent(share),
        count=number(row.count),
        parts=tuple(parts),
        quiet=not row.count,
    )


def _confirmed_layer(
    confirmed: ConfirmedDifferential,
    taxonomy: Taxonomy,
    blast_marks: Sequence[Fraction],
) -> LayerTable:
    marks = {"blast": blast_marks}
    rows = _with_series(confirmed.rows, confirmed.series, taxonomy, marks)
    beside = [
        _beside(r.name, r.lines, r.share.count, taxonomy) for r in confirmed.outside
    ]
    return LayerTable(
        heading=CONFIRMED_HEADING,
        denominator=f"% {CONFIRMED_DENOMINATOR}, 95 % interval",
        rows=tuple(rows) if confirmed.total else (),
        beside=tuple(beside),
        total=confirmed.total,
        empty=NOTHING_CONFIRMED,
    )


def _with_series(
    rows: Sequence[ConfirmedRow],
    series: Sequence[ConfirmedRow],
    taxonomy: Taxonomy,
    marks: Mapping[str, Sequence[Fraction]],
) -> list[TableRow]:
    """The lines, each series printed behind the last line it covers."""
    printed = [_confirmed_row(row, taxonomy, marks) for row in rows]
    place = {row.lines[0]: index for index, row in enumerate(rows)}
    after = {s.lines: max(place[i] for i in s.lines) for s in series}
    for called in sorted(series, key=lambda s: after[s.lines], reverse=True):
        printed.insert(after[called.lines] + 1, _series_row(called, taxonomy))
    return printed


def _confirmed_row(
    row: ConfirmedRow, taxonomy: Taxonomy, marks: Mapping[str, Sequence[Fraction]]
) -> TableRow:
    lineage, share = taxonomy.lineage_of(row.lines), row.share
    own = tuple(marks.get(lineage, ()))
    return TableRow(
        name=row.name,
        lineage=lineage,
        percent=_percent(share, own),
        count=number(share.count),
        interval=interval_text(share.interval, own) if share.total else "",
        note=_keyed(row),
        quiet=not row.share.count,
    )


def _keyed(row: ConfirmedRow) -> str:
    """How many cells of a row nobody can look at again."""
    return f"{number(row.keyed)} keyed at the microscope" if row.keyed else ""


def _series_row(row: ConfirmedRow, taxonomy: Taxonomy) -> TableRow:
    left_open = left_open_text(row.lines, taxonomy)
    return TableRow(
        name=row.name,
        lineage=taxonomy.lineage_of(row.lines),
        percent=_percent(row.share),
        count=number(row.share.count),
        interval=interval_text(row.share.interval) if row.share.total else "",
        note=", ".join(filter(None, (left_open, _keyed(row)))),
    )


def _beside(
    name: str, lines: Sequence[str], count: int, taxonomy: Taxonomy
) -> TableRow:
    lineage = taxonomy.lineage_of(lines)
    return TableRow(name, lineage, percent="", count=number(count), quiet=not count)


def _percent(share: Share, marks: tuple[Fraction, ...] = ()) -> str:
    text = percent_text(share, marks)
    return text if share.fraction is None else f"{text} %"
