"""The reader's layer of a report: shares with interval, denominator and verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from marrowscope.domain.differential import ConfirmedDifferential, ConfirmedRow, Ratio
from marrowscope.domain.dysplasia import ConfirmedDysplasia
from marrowscope.domain.statistics import Share, Standing
from marrowscope.report.area import spread_text
from marrowscope.report.formal import CountPart, count_part
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import (
    GRANULES_ALONE,
    count_text,
    interval_text,
    left_open_text,
    line_name,
    mark_text,
    share_text,
    standing_text,
    unplaced_text,
)

HEADING = "Confirmed by a reader"
SCALE_END = 40.0  # percent at the right end of every bar, on page and paper
NOTHING_YET = "No cell has been confirmed yet."
INTERVAL = "95 % interval of the sampling error alone (exact binomial)"
NOT_COVERED = (
    f"{INTERVAL}: it does not cover the choice of area, dilution with blood, or"
    " disagreement between readers."
)


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """One printed line of the differential.

    `note` stands where a number would mislead: cells of this line may hide in a series
    whose stage nobody gave, so neither 0 nor an interval is printed.
    """

    name: str
    share: Share
    count: str
    percent: str
    interval: str
    note: str = ""
    series: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmedBar:
    """A share against its marks, in words and as numbers in percent to draw.

    `marks`: its thresholds; `verdicts`: one phrase per mark. `remarks`: cells left out,
    and why.
    """

    name: str
    lineage: str
    share: Share
    standings: tuple[Standing, ...]
    percent: str
    interval: str
    denominator: str
    verdicts: tuple[str, ...]
    marks: tuple[Fraction, ...]
    without_grade_1: str = ""
    remarks: tuple[str, ...] = ()
    minimum: int = 0

    @property
    def mark_percents(self) -> tuple[float, ...]:
        """Where its thresholds are drawn."""
        return tuple(float(100 * mark) for mark in self.marks)

    @property
    def filled(self) -> bool:
        """False of too few cells: a filled bar of three would look like a finding."""
        return bool(self.share.total) and Standing.TOO_FEW not in self.standings

    @property
    def words(self) -> str:
        """What was counted among what."""
        count, total = self.share.count, self.share.total
        counts = f"{count_text(count)} of {count_text(total)}"
        if not total:
            return f"{counts} {self.denominator}"
        return f"{counts} cells: {self.percent} % of {self.denominator}"


@dataclass(frozen=True, slots=True)
class ConfirmedPart:
    """The whole layer. `ratio` is the printed M:E ratio, `formula` its members.

    `count`: which cells all this is of.
    """

    total: int
    minimum: int
    target: int
    lines: tuple[ConfirmedLine, ...]
    outside: tuple[ConfirmedLine, ...]
    dysplasia: tuple[ConfirmedBar, ...]
    blasts: ConfirmedBar
    ratio: str
    ratio_counts: tuple[int, int]
    formula: str
    count: CountPart


def confirmed_part(sources: ReportSources) -> ConfirmedPart:
    """The reader's layer; with nothing confirmed it says so line by line."""
    criteria, said = sources.criteria, sources.confirmed
    return ConfirmedPart(
        total=said.total,
        minimum=criteria.count_minimum,
        target=sources.formal.target if sources.formal else criteria.count_target,
        lines=tuple(_lines(said, sources)),
        outside=tuple(
            ConfirmedLine(_named(row), row.share, count_text(row.share.count), "", "")
            for row in said.outside
        ),
        dysplasia=tuple(
            _with_spread(_dysplasia_bar(entry, criteria.dysplasia_threshold), sources)
            for entry in sources.confirmed_dysplasia
        ),
        blasts=_with_spread(_blasts(sources), sources),
        ratio=_ratio(sources.ratio),
        ratio_counts=(sources.ratio.numerator, sources.ratio.denominator),
        formula=sources.ratio.formula,
        count=count_part(sources),
    )


def _lines(
    said: ConfirmedDifferential, sources: ReportSources
) -> Iterator[ConfirmedLine]:
    ranks = {line.id: rank for rank, line in enumerate(sources.taxonomy.lines)}
    hidden = {line for row in said.series for line in row.lines}
    for row in sorted((*said.rows, *said.series), key=lambda r: _position(r, ranks)):
        if len(row.lines) > 1:
            yield _series(row, left_open_text(row.lines, sources.taxonomy))
        elif hidden.issuperset(row.lines):
            yield _partly_hidden(row, left_open_text(row.lines, sources.taxonomy))
        else:
            blast = set(row.lines) <= set(sources.criteria.blast_lines)
            yield _counted(row, sources.criteria.blast_marks if blast else ())


def _position(row: ConfirmedRow, ranks: dict[str, int]) -> tuple[int, int]:
    first, last = ranks[row.lines[0]], ranks[row.lines[-1]]
    if last - first < len(row.lines):
        return first, -len(row.lines)  # a series heads its own stages
    return last, 1


def _counted(row: ConfirmedRow, marks: Sequence[Fraction]) -> ConfirmedLine:
    share = row.share
    return ConfirmedLine(
        name=_named(row),
        share=share,
        count=count_text(share.count) if share.total else "",
        percent=share_text(share.count, share.total, marks) if share.total else "",
        interval=interval_text(share.interval, marks) if share.total else "",
    )


def _named(row: ConfirmedRow) -> str:
    """Its name, and how many of its cells have no picture."""
    return f"{row.name} ({count_text(row.keyed)} keyed)" if row.keyed else row.name


def _series(row: ConfirmedRow, left_open: str) -> ConfirmedLine:
    plain = _counted(row, ())
    name = f"{_named(row)}, {left_open}"
    return ConfirmedLine(
        name, row.share, plain.count, plain.percent, plain.interval, series=True
    )


def _partly_hidden(row: ConfirmedRow, left_open: str) -> ConfirmedLine:
    share = row.share
    if not share.count:
        return ConfirmedLine(row.name, share, "", "", "", left_open)
    least = f"≥ {share_text(share.count, share.total)}"
    return ConfirmedLine(_named(row), share, count_text(share.count), least, "")


def _dysplasia_bar(entry: ConfirmedDysplasia, threshold: Fraction) -> ConfirmedBar:
    marks, share, criterion = (threshold,), entry.share, entry.criterion
    verdict = standing_text(entry.standing, threshold)
    if entry.standing is Standing.UNDECIDED:
        verdict = f"{verdict}: the interval includes {mark_text(threshold)}"
    if entry.standing is Standing.CANNOT_TELL:
        verdict = f"{verdict}: {entry.doubt}"
    if entry.standing is Standing.TOO_FEW:
        verdict = (
            f"too few cells to assess ({share.total} of {criterion.minimum_cells})"
        )
    return ConfirmedBar(
        name=line_name(entry.lineage),
        lineage=entry.lineage,
        share=share,
        standings=(entry.standing,),
        percent=share_text(share.count, share.total, marks),
        interval=interval_text(share.interval, marks) if share.total else "",
        denominator=criterion.denominator,
        verdicts=(verdict,),
        marks=marks,
        without_grade_1=share_text(
            entry.share_above_grade_1.count, entry.share_above_grade_1.total, marks
        ),
        remarks=tuple(_remarks(entry)),
        minimum=criterion.minimum_cells,
    )


def _with_spread(bar: ConfirmedBar, sources: ReportSources) -> ConfirmedBar:
    """The bar, and what other fields would have given where that is known."""
    said = spread_text(bar.lineage, sources.spreads, bar.marks)
    return replace(bar, remarks=(*bar.remarks, said)) if said else bar


def _remarks(entry: ConfirmedDysplasia) -> Iterator[str]:
    if unsaid := entry.unjudged - entry.unassessable:
        yield f"{count_text(unsaid)} confirmed but not judged for dysplasia"
    if entry.unassessable:
        yield f"{count_text(entry.unassessable)} {GRANULES_ALONE}"
    if entry.keyed:
        yield f"{count_text(entry.keyed)} of them keyed at a microscope"
    if entry.unplaced:
        yield (
            f"{count_text(entry.unplaced)} confirmed only as a wider series,"
            " so not in this denominator"
        )


def _blasts(sources: ReportSources) -> ConfirmedBar:
    share, marks = sources.confirmed_blasts, sources.criteria.blast_marks
    minimum = sources.criteria.blast_minimum
    entry = next(e for e in sources.judged.ledger if e.line == "blast")
    standings = tuple(map(entry.standing, marks))
    verdicts = tuple(
        f"{mark_text(mark)}: {found.value}"
        for mark, found in zip(marks, standings, strict=True)
    )
    if share.total < minimum:
        verdicts = (f"too few cells to assess ({share.total} of {minimum})",)
    return ConfirmedBar(
        name=line_name("blast"),
        lineage="blast",
        share=share,
        standings=standings,
        percent=share_text(share.count, share.total, marks),
        interval=interval_text(share.interval, marks) if share.total else "",
        denominator=sources.criteria.blast_denominator.words,
        minimum=sources.criteria.blast_minimum,
        verdicts=verdicts if share.total else ("no cell confirmed yet",),
        marks=tuple(marks),
        remarks=(unplaced_text(entry.unplaced),) if entry.unplaced else (),
    )


def _ratio(ratio: Ratio) -> str:
    if ratio.value is None:
        return "not calculable"
    return f"{ratio.value:.1f} : 1"
