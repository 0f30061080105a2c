"""A marrow against the same patient's earlier one, line by line, by confirmed cells.

Both are counted by the definitions in force now. Whether a difference is more than
counting error explains is asked of Fisher's exact test, adjusted by Holm for the number
of lines: among twenty lines, one differs "significantly" by chance alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from marrowscope.domain.confirmed import Confirmed, confirmed_of
from marrowscope.domain.criteria import Criteria, Denominator
from marrowscope.domain.differential import ConfirmedDifferential, Ratio
from marrowscope.domain.exact_tests import fisher_exact, holm_adjusted
from marrowscope.domain.sorted_calls import SortedCalls
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.typed_facts import Quality, quality, read_facts

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class CountRead:
    """How far a formal count is read: cells called, and its target."""

    counted: int
    target: int


@dataclass(frozen=True, slots=True)
class Marrow:
    """What a comparison needs of one case: a person's calls, and where they come from.

    `words`: of the specimen, by field. `formal`: None where cells were not drawn.
    `models`: name and version of those that found the cells. `definitions`: by which
    it was counted last, as printed. `slides`: names by content. `last_call`: UTC, ""
    before any. `signed_by`: "" while not signed. `pictures`: JPEGs of a few of its
    cells, by the id of their line.
    """

    name: str
    calls: SortedCalls
    words: Mapping[str, str] = field(default_factory=dict)
    formal: CountRead | None = None
    models: tuple[str, ...] = ()
    definitions: str = ""
    slides: Mapping[str, str] = field(default_factory=dict)
    last_call: str = ""
    signed_by: str = ""
    pictures: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    @property
    def aspirated(self) -> date | None:
        """The day it was taken; None where nobody wrote it down."""
        return read_facts(self.words)["aspirated"].day

    @property
    def quality(self) -> Quality:
        """What its specimen allows to be said."""
        return quality(read_facts(self.words))

    def counted(self, taxonomy: Taxonomy, criteria: Criteria) -> Confirmed:
        """Its numbers by these definitions."""
        return confirmed_of(self.calls, taxonomy, criteria, self.quality)


class Change(StrEnum):
    """What may be said of a difference between two marrows."""

    BEYOND = "more than counting error explains"
    ONE_OF_MANY = "could be chance, among so many lines"
    WITHIN = "within counting error"
    TOO_FEW = "too few cells"
    DILUTED = "cannot tell: dilution may explain it"
    NO_STAGE = "cannot tell: stage not given"
    PALE = "cannot tell: hypogranularity not assessable"
    INCALCULABLE = "cannot be compared"


class Part(StrEnum):
    """To which part of a report a line belongs."""

    BLASTS = "blasts"
    DYSPLASIA = "dysplasia"
    RATIO = "M : E"
    DIFFERENTIAL = "differential"


@dataclass(frozen=True, slots=True)
class SerialLine:
    """One line, then and now. `key`: a lineage, or lines joined by "/".

    A ratio is the share of its numerator in both its counts. `cells`: then and now,
    those of which `minimum` are needed. `p` and `adjusted` (Holm): None where nothing
    was tested.
    """

    part: Part
    key: str
    then: Share
    now: Share
    cells: tuple[int, int]
    minimum: int
    change: Change = Change.WITHIN
    p: float | None = None
    adjusted: float | None = None

    @property
    def id(self) -> str:
        """Names it among all lines of a comparison."""
        return f"{self.part} {self.key}"

    @property
    def differs(self) -> bool:
        """True where the test alone finds a difference, whatever may explain it."""
        return self.p is not None and self.p < LEVEL

    @property
    def seen(self) -> bool:
        """False where neither marrow has a cell of it."""
        return bool(self.then.count or self.now.count)

    @property
    def incalculable(self) -> tuple[bool, bool]:
        """Then and now: True where a ratio has nothing to divide by."""
        then, now = (x.count == x.total for x in (self.then, self.now))
        return then, now

    @property
    def varies(self) -> bool:
        """False where no test can tell anything: all cells of it, or none, in both."""
        count = self.then.count + self.now.count
        return 0 < count < self.then.total + self.now.total

    @property
    def points(self) -> float | None:
        """By how many percentage points it is higher now."""
        if self.then.percent is None or self.now.percent is None:
            return None
        return self.now.percent - self.then.percent


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two marrows of one patient, and every line of them by the definitions now."""

    then: Marrow
    now: Marrow
    lines: tuple[SerialLine, ...]


def compare(
    then: Marrow, now: Marrow, taxonomy: Taxonomy, criteria: Criteria
) -> tuple[SerialLine, ...]:
    """Blasts, dysplasia, M:E and every line of the differential, in that order.

    Lines with too few cells, whose cells may hide in a series called without its stage,
    or whose features a stain does not show in either marrow, are not tested and do not
    count as one of many.
    """
    earlier, later = (m.counted(taxonomy, criteria) for m in (then, now))
    both = (then.quality, now.quality)
    lines = [_shown(x, both) for x in _lines(earlier, later, taxonomy, criteria)]
    return _judged(lines, diluted=any(one.diluted for one in both))


def _shown(line: SerialLine, both: tuple[Quality, Quality]) -> SerialLine:
    dysplasia = line.part is Part.DYSPLASIA
    hidden = dysplasia and any(one.stain_hides(line.key) for one in both)
    return replace(line, change=Change.PALE) if hidden else line


def _lines(
    then: Confirmed, now: Confirmed, taxonomy: Taxonomy, criteria: Criteria
) -> Iterator[SerialLine]:
    enough = criteria.blast_minimum
    blasts = _line(Part.BLASTS, "blast", then.blasts, now.blasts, enough)
    no_stage = then.maybe_blasts or now.maybe_blasts
    yield replace(blasts, change=Change.NO_STAGE) if no_stage else blasts
    for was, is_ in zip(then.dysplasia, now.dysplasia, strict=True):
        enough = is_.criterion.minimum_cells
        yield _line(Part.DYSPLASIA, is_.lineage, was.share, is_.share, enough)
    cells = (then.differential.total, now.differential.total)
    shares = _myeloid(then.ratio), _myeloid(now.ratio)
    yield SerialLine(Part.RATIO, "", *shares, cells, criteria.count_minimum)
    for line in _differential(then.differential, now.differential, criteria):
        if not _is_blasts(line, criteria):
            yield line


def _line(part: Part, key: str, then: Share, now: Share, minimum: int) -> SerialLine:
    return SerialLine(part, key, then, now, (then.total, now.total), minimum)


def _myeloid(ratio: Ratio) -> Share:
    return Share(ratio.numerator, ratio.numerator + ratio.denominator)


def _differential(
    then: ConfirmedDifferential, now: ConfirmedDifferential, criteria: Criteria
) -> Iterator[SerialLine]:
    hidden = {line for d in (then, now) for row in d.series for line in row.lines}
    for was, is_ in zip(then.rows, now.rows, strict=True):
        key, enough = "/".join(is_.lines), criteria.count_minimum
        line = _line(Part.DIFFERENTIAL, key, was.share, is_.share, enough)
        no_stage = hidden.issuperset(is_.lines)
        yield replace(line, change=Change.NO_STAGE) if no_stage else line
    series = {row.lines for d in (then, now) for row in d.series}
    for lines in sorted(series):
        shares = _whole(then, lines), _whole(now, lines)
        yield _line(Part.DIFFERENTIAL, "/".join(lines), *shares, criteria.count_minimum)


def _whole(said: ConfirmedDifferential, lines: tuple[str, ...]) -> Share:
    """All cells of a series, with and without a stage."""
    own = [r for r in (*said.rows, *said.series) if set(r.lines) <= set(lines)]
    return Share(sum(row.share.count for row in own), said.total)


def _is_blasts(line: SerialLine, criteria: Criteria) -> bool:
    """True for a line that the share of blasts already is: nothing is tested twice."""
    of_all = criteria.blast_denominator is Denominator.ALL_NUCLEATED
    return of_all and criteria.blast_lines == (line.key,)


def _judged(lines: list[SerialLine], *, diluted: bool) -> tuple[SerialLine, ...]:
    gated = [_gated(line) for line in lines]
    tested = [i for i, x in enumerate(gated) if x.change is Change.WITHIN and x.varies]
    chances = [fisher_exact(gated[i].then, gated[i].now) for i in tested]
    adjusted = holm_adjusted(chances)
    for i, p, among_all in zip(tested, chances, adjusted, strict=True):
        change = _change(p, among_all, diluted=diluted)
        gated[i] = replace(gated[i], p=p, adjusted=among_all, change=change)
    return tuple(gated)


def _gated(line: SerialLine) -> SerialLine:
    counted = line.then.total and line.now.total
    if min(line.cells) < line.minimum:
        return replace(line, change=Change.TOO_FEW)
    if line.part is Part.RATIO and line.incalculable != (False, False):
        return replace(line, change=Change.INCALCULABLE)
    return line if counted else replace(line, change=Change.TOO_FEW)


def _change(p: float, adjusted: float, *, diluted: bool) -> Change:
    if p >= LEVEL:
        return Change.WITHIN
    if diluted:
        return Change.DILUTED
    return Change.BEYOND if adjusted < LEVEL else Change.ONE_OF_MANY
