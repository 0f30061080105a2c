"""The model's layer of a report: counts and shares, no interval and no verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from marrowscope.domain.criteria import Denominator
from marrowscope.domain.differential import SuggestedRow, suggested_share
from marrowscope.domain.dysplasia import SuggestedDysplasia
from marrowscope.domain.statistics import TOO_FEW_FOR_PERCENT, Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import count_text, line_name, share_text

HEADING = "Suggested, not reviewed"
NOT_SEPARATED = "not separated by this model"


@dataclass(frozen=True, slots=True)
class SuggestedLine:
    """One printed line. `count` is None where the model cannot tell the line.

    `member`: a line of the series printed above it.
    """

    name: str
    classes: tuple[str, ...]
    count: int | None
    percent: str
    note: str = ""
    member: bool = False


@dataclass(frozen=True, slots=True)
class SuggestedBar:
    """A share with what it divides by; `value` in percent, None when nothing found.

    Of fewer than ten cells no percentage is given: `value` is None, `percent` empty.

    `without_grade_1`: the share again when grade 1 is not called dysplastic.
    """

    name: str
    lineage: str
    count: int
    total: int
    value: float | None
    percent: str
    denominator: str
    without_grade_1: str = ""

    @property
    def words(self) -> str:
        """What was counted among what."""
        counts = f"{count_text(self.count)} of {count_text(self.total)} cells"
        if not self.total:
            return counts
        share = f": {self.percent} %" if self.percent else ""
        words = f"{counts}{share} {self.denominator}"
        return words if share else f"{words}, {TOO_FEW_FOR_PERCENT}"


@dataclass(frozen=True, slots=True)
class SuggestedPart:
    """The whole layer."""

    title: str
    total: int
    denominator: str
    lines: tuple[SuggestedLine, ...]
    outside: tuple[SuggestedLine, ...]
    dysplasia: tuple[SuggestedBar, ...]
    blasts: SuggestedBar | None
    rule: str


def suggested_part(sources: ReportSources) -> SuggestedPart | None:
    """The model's layer, or None when nothing has been read."""
    said = sources.suggested
    if said is None:
        return None
    criteria, taxonomy = sources.criteria, sources.taxonomy
    return SuggestedPart(
        title=said.title,
        total=said.total,
        denominator=said.denominator,
        lines=tuple(_lines(said.rows, sources)),
        outside=tuple(_line(row, taxonomy, ()) for row in said.outside),
        dysplasia=tuple(
            _dysplasia_bar(entry, criteria.dysplasia_threshold)
            for entry in sources.suggested_dysplasia
        ),
        blasts=_blasts(said.rows, sources),
        rule=sources.vocabulary.dysplasia_rule if sources.vocabulary else "",
    )


def _lines(
    rows: Sequence[SuggestedRow], sources: ReportSources
) -> Iterator[SuggestedLine]:
    taxonomy = sources.taxonomy
    ranks = {line.id: rank for rank, line in enumerate(taxonomy.lines)}
    told = {line for row in rows for line in row.lines}
    alone = {row.lines[0] for row in rows if len(row.lines) == 1}
    mute = [x for x in taxonomy.lines if x.counted and x.id not in told]
    # A series stands where its last stage would: "others" come after everything named.
    entries = [(ranks[row.lines[-1]], row) for row in rows]
    entries += [(ranks[line.id], line) for line in mute]
    for _, entry in sorted(entries, key=lambda e: e[0]):
        if not isinstance(entry, SuggestedRow):
            yield SuggestedLine(entry.name, (), None, "", NOT_SEPARATED)
            continue
        marks = sources.criteria.blast_marks if _is_blast(entry, sources) else ()
        yield _line(entry, taxonomy, marks)
        if len(entry.lines) > 1:
            mixed = [line for line in entry.lines if line not in alone]
            yield from (_member(line, taxonomy) for line in mixed)


def _line(
    row: SuggestedRow, taxonomy: Taxonomy, marks: Sequence[Fraction]
) -> SuggestedLine:
    percent = share_text(row.count, row.total, marks) if row.total else ""
    return SuggestedLine(taxonomy.name_of(row.lines), row.classes, row.count, percent)


def _member(line: str, taxonomy: Taxonomy) -> SuggestedLine:
    name = taxonomy.line(line).name
    return SuggestedLine(name, (), None, "", NOT_SEPARATED, member=True)


def _is_blast(row: SuggestedRow, sources: ReportSources) -> bool:
    return set(row.lines) <= set(sources.criteria.blast_lines)


def _blasts(
    rows: Sequence[SuggestedRow], sources: ReportSources
) -> SuggestedBar | None:
    criteria = sources.criteria
    share = suggested_share(
        rows, criteria.blast_lines, sources.taxonomy, of=criteria.blast_denominator
    )
    if share is None:
        return None
    count, total = share.count, share.total
    return SuggestedBar(
        name="Blasts",
        lineage="blast",
        count=count,
        total=total,
        value=share.percent if share.enough_for_percent else None,
        percent=_percent(share, criteria.blast_marks),
        denominator=f"of {_OF[criteria.blast_denominator]} suggested",
    )


_OF = {
    Denominator.ALL_NUCLEATED: "all nucleated cells",
    Denominator.NON_ERYTHROID: "nucleated cells, erythroblasts left out,",
}


def _dysplasia_bar(entry: SuggestedDysplasia, threshold: Fraction) -> SuggestedBar:
    marks = (threshold,)
    share = Share(entry.dysplastic, entry.total)
    return SuggestedBar(
        name=line_name(entry.lineage),
        lineage=entry.lineage,
        count=entry.dysplastic,
        total=entry.total,
        value=share.percent if share.enough_for_percent else None,
        percent=_percent(share, marks),
        denominator=entry.denominator,
        without_grade_1=_percent(Share(entry.above_grade_1, entry.total), marks),
    )


def _percent(share: Share, marks: Sequence[Fraction]) -> str:
    if not share.enough_for_percent:
        return ""
    return share_text(share.count, share.total, marks)
