"""A marrow beside the patient's earlier one, in words: a row a line, and every doubt.

One part for the report, the window and the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.days import day_words
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.serial import (
    LEVEL,
    Change,
    Comparison,
    Marrow,
    Part,
    SerialLine,
)
from marrowscope.domain.statistics import Interval, Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.serial_cells import SerialCells, serial_cells
from marrowscope.report.serial_doubts import doubts
from marrowscope.report.wording import (
    count_text,
    day_text,
    interval_text,
    line_name,
    printable,
    share_text,
)

HEADING = "Compared with an earlier marrow"
HEADS = ("", "Then", "Now", "Change, points", "By counting error")
METHOD = (
    "Percentages of confirmed cells, with the 95 % interval of sampling error alone."
    " By counting error: Fisher’s exact test, two-sided, and the same p adjusted for"
    " all lines tested (Holm), which decides at 0.05. Within counting error does not"
    " mean unchanged; and beyond it a difference can still be of site, smear or reader."
)
_NONE = "–"


@dataclass(frozen=True, slots=True)
class SerialShare:
    """One marrow's share: n of m, percent (or a ratio) and its interval."""

    counts: str
    percent: str
    interval: str

    @property
    def words(self) -> str:
        """The number with its interval: "12 % (9–15)"."""
        return f"{self.percent} ({self.interval})" if self.interval else self.percent


@dataclass(frozen=True, slots=True)
class SerialRow:
    """One line of the table. `of`: what both shares divide by; `chance`: p in words."""

    part: Part
    key: str
    name: str
    of: str
    then: SerialShare
    now: SerialShare
    points: str
    change: Change
    verdict: str
    chance: str

    @property
    def id(self) -> str:
        """As its line's."""
        return f"{self.part} {self.key}"


@dataclass(frozen=True, slots=True)
class SerialPart:
    """The whole comparison. `none`: lines without a cell in either marrow.

    `cells`: pictures of lines that differ.
    """

    then: str
    now: str
    doubts: tuple[str, ...]
    rows: tuple[SerialRow, ...]
    none: str
    cells: tuple[SerialCells, ...]
    comparison: Comparison


def serial_part(
    comparison: Comparison,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    cells: Mapping[str, tuple[Pixels, ...]] = MappingProxyType({}),
) -> SerialPart:
    """What is printed of a comparison. `cells`: of the present marrow, by line."""
    lines = comparison.lines
    shown = [x for x in lines if x.seen or x.part is not Part.DIFFERENTIAL]
    absent = [_name(x, taxonomy).lower() for x in lines if x not in shown]
    names = {x.id: _name(x, taxonomy) for x in shown}
    return SerialPart(
        then=marrow_text(comparison.then),
        now=marrow_text(comparison.now, since=comparison.then.aspirated),
        doubts=tuple(doubts(comparison.then, comparison.now)),
        rows=tuple(_row(line, taxonomy, criteria) for line in shown),
        none=f"No cell in either marrow: {', '.join(absent)}." if absent else "",
        cells=tuple(serial_cells(comparison, names, cells, taxonomy)),
        comparison=comparison,
    )


def marrow_text(marrow: Marrow, *, since: date | None = None) -> str:
    """A marrow by its name, when it was taken, and what its count is: one line."""
    said = [printable(marrow.name)]
    if marrow.aspirated:
        said.append(f"aspirated {day_words(marrow.aspirated)}")
        if since and marrow.aspirated > since:
            said[-1] += f" ({_days((marrow.aspirated - since).days)} later)"
    if marrow.last_call:
        said.append(f"last cell called {day_text(marrow.last_call)}")
    if marrow.formal:
        counted, target = marrow.formal.counted, marrow.formal.target
        said.append(f"formal count {count_text(counted)} of {count_text(target)}")
    if marrow.signed_by:
        said.append(f"signed by {printable(marrow.signed_by)}")
    return ", ".join(said)


def _days(number: int) -> str:
    return f"{count_text(number)} {'day' if number == 1 else 'days'}"


def _row(line: SerialLine, taxonomy: Taxonomy, criteria: Criteria) -> SerialRow:
    marks, ratio = _marks(line, criteria), line.part is Part.RATIO
    told = _ratio if ratio else _share
    return SerialRow(
        part=line.part,
        key=line.key,
        name=_name(line, taxonomy),
        of=_denominator(line, criteria),
        then=told(line.then, marks),
        now=told(line.now, marks),
        points=_NONE if ratio else _points(line),
        change=line.change,
        verdict=_verdict(line),
        chance=_chance(line),
    )


def _name(line: SerialLine, taxonomy: Taxonomy) -> str:
    if line.part is Part.DIFFERENTIAL:
        return taxonomy.name_of(line.key.split("/"))
    if line.part is Part.RATIO:
        return "M : E"
    return line_name(line.key)


def _denominator(line: SerialLine, criteria: Criteria) -> str:
    if line.part is Part.BLASTS:
        return f"of {criteria.blast_denominator.words}"
    if line.part is Part.RATIO:
        return criteria.myeloid_erythroid.formula
    own = {c.lineage: f"of {c.denominator} judged" for c in criteria.dysplasia}
    return own.get(line.key, "of nucleated cells counted")


def _marks(line: SerialLine, criteria: Criteria) -> tuple[Fraction, ...]:
    if line.part is Part.BLASTS:
        return criteria.blast_marks
    judged = line.part is Part.DYSPLASIA
    return (criteria.dysplasia_threshold,) if judged else ()


def _share(share: Share, marks: tuple[Fraction, ...]) -> SerialShare:
    counts = f"{count_text(share.count)} of {count_text(share.total)}"
    if not share.total:
        return SerialShare(counts, _NONE, "")
    percent = f"{share_text(share.count, share.total, marks)} %"
    return SerialShare(counts, percent, interval_text(share.interval, marks))


def _ratio(share: Share, marks: tuple[Fraction, ...]) -> SerialShare:
    """A share of both counts told as one count to the other."""
    above, below = share.count, share.total - share.count
    counts = f"{count_text(above)} : {count_text(below)}"
    if not below:
        return SerialShare(counts, "not calculable", "")
    return SerialShare(counts, f"{above / below:.1f} : 1", _odds(share.interval))


def _odds(interval: Interval) -> str:
    low, high = (x / (1 - x) for x in (interval.low, interval.high))
    return f"{low:.1f}–{high:.1f}"


def _points(line: SerialLine) -> str:
    if line.points is None:
        return _NONE
    said = f"{abs(line.points):.1f}"
    return said if said == "0.0" else f"{'+' if line.points > 0 else '−'}{said}"


def _verdict(line: SerialLine) -> str:
    if line.change is Change.INCALCULABLE:
        return f"{line.change.value}: {_incalculable(line)}"
    if line.change is not Change.TOO_FEW:
        return line.change.value
    both = zip(line.cells, ("then", "now"), strict=True)
    short = [
        f"{count_text(cells)} of {count_text(line.minimum)} {when}"
        for cells, when in both
        if cells < line.minimum
    ]
    return f"{line.change.value}: {', '.join(short)}" if short else line.change.value


def _incalculable(line: SerialLine) -> str:
    then, now = line.incalculable
    when = "either time" if then and now else "then" if then else "now"
    return f"not calculable {when}"


def _chance(line: SerialLine) -> str:
    if line.p is None or line.adjusted is None:
        return ""
    return f"p {_p(line.p)}, adjusted {_p(line.adjusted)}"


def _p(chance: float) -> str:
    """Two digits, more where rounding would cross the level that decides."""
    if chance < 0.001:
        return "< 0.001"
    texts = (f"{chance:.{digits}g}" for digits in range(2, 9))
    honest = (t for t in texts if (float(t) < LEVEL) == (chance < LEVEL))
    return next(honest, repr(chance))
