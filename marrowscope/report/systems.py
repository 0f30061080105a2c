"""The criteria of WHO, ICC and IPSS-R side by side, in words; never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from marrowscope.domain.judging import (
    Answer,
    CaseJudged,
    JudgedCriterion,
    JudgedSystem,
    Measured,
    Part,
)
from marrowscope.domain.systems import Limits, Source
from marrowscope.report.wording import (
    count_text,
    interval_text,
    printable,
    share_text,
)

HEADING = "Criteria side by side"
NOT_A_DIAGNOSIS = (
    "Bands and findings from the same confirmed cells and typed-in facts; no diagnosis."
    " The counted number decides “met”; where its interval includes a limit, that is"
    " said. Bands joined by “or” can be met beside a higher one."
)
VERIFIED = "read in the source"
UNVERIFIED = "not verified: check before relying on it"


@dataclass(frozen=True, slots=True)
class UsedNumber:
    """One thing the systems ask for, and what is known of it."""

    name: str
    words: str
    known: bool


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with the numbers used; `source` numbers the list of sources."""

    text: str
    used: str
    answer: Answer
    remark: str
    source: int


@dataclass(frozen=True, slots=True)
class SystemBlock:
    """All rows of one system."""

    name: str
    full_name: str
    rows: tuple[CriterionRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaPart:
    """The whole section. `sources` are numbered from 1, each with how sure it is."""

    used: tuple[UsedNumber, ...]
    systems: tuple[SystemBlock, ...]
    sources: tuple[str, ...]


def criteria_part(judged: CaseJudged) -> CriteriaPart:
    """The criteria as they are printed."""
    every = [c for system in judged.systems for c in system.criteria]
    origins = list(dict.fromkeys(c.criterion.source for c in every))
    marks = _marks(every)
    return CriteriaPart(
        used=tuple(
            UsedNumber(one.name, _in_full(one, marks[one.id]), known=not one.unknown)
            for one in judged.used.values()
            if one.id in marks
        ),
        systems=tuple(_block(system, origins, marks) for system in judged.systems),
        sources=tuple(map(_source, origins)),
    )


def _marks(criteria: Sequence[JudgedCriterion]) -> dict[str, tuple[Fraction, ...]]:
    """By what is asked of, every limit any system sets it, as a share."""
    found: dict[str, tuple[Fraction, ...]] = {}
    for part in (part for criterion in criteria for part in criterion.parts):
        ends = tuple(end / 100 for end in part.condition.limits.ends)
        found[part.used.id] = (*found.get(part.used.id, ()), *ends)
    return found


def _source(source: Source) -> str:
    return f"{source.text} ({VERIFIED if source.verified else UNVERIFIED})"


def _block(
    system: JudgedSystem,
    origins: Sequence[Source],
    marks: Mapping[str, tuple[Fraction, ...]],
) -> SystemBlock:
    return SystemBlock(
        name=system.system.name,
        full_name=system.system.full_name,
        rows=tuple(
            CriterionRow(
                text=criterion_text(entry),
                used="; ".join(
                    _unbroken(part.used, marks[part.used.id]) for part in entry.parts
                ),
                answer=entry.answer,
                remark=_remark(entry.parts),
                source=origins.index(entry.criterion.source) + 1,
            )
            for entry in system.criteria
        ),
        notes=system.system.notes,
    )


def criterion_text(entry: JudgedCriterion) -> str:
    """The criterion from its own limits: "Marrow blasts 5 to < 10 %"."""
    joined = f" {entry.criterion.joined} "
    asked = [_asked(part) for part in entry.parts]
    names = [part.used.name for part in entry.parts]
    if len(set(asked)) == 1 and len(asked) > 1:
        first, *middle, last = [names[0], *map(_small, names[1:])]
        return f"{', '.join([first, *middle])}{joined}{last} {asked[0]}"
    pieces = [f"{n} {a}" for n, a in zip(names, asked, strict=True)]
    return joined.join([pieces[0], *map(_small, pieces[1:])])


def _small(piece: str) -> str:
    # "Marrow blasts" stands in a sentence; "SF3B1", "TP53" and "Auer" are names.
    named = piece[1:2].isupper() or piece.startswith("Auer")
    return piece if named else piece[:1].lower() + piece[1:]


def _asked(part: Part) -> str:
    if part.condition.said:
        return part.condition.said
    return f"{_limits(part.condition.limits)} {part.used.unit}"


def _limits(limits: Limits) -> str:
    """ "≥ 20", "< 5", "5 to < 10", "> 2 to < 5", "5 to 10"."""
    low = _end("≥", limits.at_least) or _end(">", limits.above)
    high = _end("≤", limits.at_most) or _end("<", limits.below)
    if low and high:
        return f"{low.removeprefix('≥ ')} to {high.removeprefix('≤ ')}"
    return low or high


def _end(sign: str, end: Fraction | None) -> str:
    return "" if end is None else f"{sign} {_plain(end)}"


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"


def _in_short(used: Measured, marks: Sequence[Fraction]) -> str:
    if used.unknown:
        return used.unknown
    if used.share:
        return f"{share_text(used.share.count, used.share.total, marks)} %"
    value = used.value
    return used.choice if value is None else f"{_plain(value)} {used.unit}"


def _unbroken(used: Measured, marks: Sequence[Fraction]) -> str:
    """In short, a number never parted from its unit at a line's end."""
    words = _in_short(used, marks)
    return words if used.unknown or used.choice else words.replace(" ", "\u00a0")


def _in_full(used: Measured, marks: Sequence[Fraction]) -> str:
    if used.problem:
        return printable(used.problem)
    words = _in_short(used, marks)
    if used.unknown or used.share is None:
        return words
    share = used.share
    cells = f"{count_text(share.count)} of {count_text(share.total)}"
    return f"{cells}: {words} ({interval_text(share.interval, marks)})"


def _remark(parts: Sequence[Part]) -> str:
    open_ends = [(p.used.name, p.open_ends) for p in parts if p.open_ends]
    if not open_ends:
        return ""
    ends = dict.fromkeys(end for _, ends in open_ends for end in ends)
    limits = " and ".join(_plain(end) for end in ends)
    return f"interval includes {limits} %"
