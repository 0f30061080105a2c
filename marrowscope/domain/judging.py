"""Whether a case meets each criterion of each system: met, not met, cannot tell.

The counted number decides, compared as an exact fraction; whether its interval reaches
over a limit is told beside it. Never a diagnosis: what the criteria add up to, and
whether anything else explains them, is the reader's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.dysplasia import ConfirmedDysplasia
from marrowscope.domain.statistics import Share, Standing, standing
from marrowscope.domain.systems import (
    DYSPLASIA,
    MARROW_BLASTS,
    Condition,
    Criterion,
    Limits,
    System,
)
from marrowscope.domain.threshold_ledger import LedgerEntry, threshold_ledger
from marrowscope.domain.typed_facts import (
    FactKind,
    Quality,
    ReadFact,
    quality,
    read_facts,
)


class Answer(StrEnum):
    """What can be said of a criterion."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one thing the systems ask for.

    `value` in its unit (percent: 0 to 100), or `choice`; neither while `unknown` says
    why, and `problem` says it in full where words could not be read. `share`: confirmed
    cells behind a value. `at_least`: the true value may be higher, since the specimen
    is diluted.
    """

    id: str
    name: str
    unit: str = ""
    value: Fraction | None = None
    share: Share | None = None
    choice: str = ""
    unknown: str = ""
    problem: str = ""
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One condition with the number used; `open_ends` its interval includes."""

    condition: Condition
    used: Measured
    answer: Answer
    open_ends: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """A criterion, its answer, and the parts that gave it."""

    criterion: Criterion
    answer: Answer
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class JudgedSystem:
    """All criteria of one system."""

    system: System
    criteria: tuple[JudgedCriterion, ...]


def measured(
    blasts: Share, ledger: Sequence[LedgerEntry], facts: Mapping[str, ReadFact]
) -> dict[str, Measured]:
    """Everything a condition may ask of, by id.

    `blasts` of all nucleated cells, whatever the laboratory divides by: so all four
    systems have it. Gates and dilution are those of the ledger.
    """
    entries = {entry.line: entry for entry in ledger}
    found = [_counted(MARROW_BLASTS, "Marrow blasts", blasts, entries["blast"])]
    for name, lineage in DYSPLASIA.items():
        words = f"{lineage.capitalize()} dysplasia"
        found.append(_counted(name, words, entries[lineage].share, entries[lineage]))
    found += [_typed(said) for said in facts.values()]
    return {one.id: one for one in found}


def _counted(name: str, words: str, share: Share, entry: LedgerEntry) -> Measured:
    unknown, value = "", None
    if share.fraction is None:
        unknown = "no cell confirmed"
    elif share.total < entry.minimum:
        unknown = f"{share.total} of {entry.minimum}, too few cells"
    else:
        value = 100 * share.fraction
    return Measured(
        name, words, "%", value, share, unknown=unknown, at_least=bool(entry.doubt)
    )


def _typed(said: ReadFact) -> Measured:
    fact = said.fact
    known = said.value is not None or bool(said.choice)
    unknown = "" if known else "cannot be read" if said.problem else fact.unknown
    return Measured(
        id=fact.id,
        name=fact.name,
        unit="%" if fact.kind is FactKind.SHARE else fact.unit,
        value=said.value,
        share=said.share,
        choice=said.choice,
        unknown=unknown,
        problem=said.problem,
    )


def judged(
    systems: Iterable[System], found: Mapping[str, Measured]
) -> tuple[JudgedSystem, ...]:
    """Every criterion of every system, from the same numbers."""
    return tuple(
        JudgedSystem(system, tuple(_judge(c, found) for c in system.criteria))
        for system in systems
    )


def _judge(criterion: Criterion, found: Mapping[str, Measured]) -> JudgedCriterion:
    parts = tuple(_part(c, found[c.of]) for c in criterion.conditions)
    answers = {part.answer for part in parts}
    # "or": one met part is enough, whatever is unknown; "and": one not met part is.
    first, other = Answer.MET, Answer.NOT_MET
    if criterion.joined == "and":
        first, other = other, first
    rest = Answer.CANNOT_TELL if Answer.CANNOT_TELL in answers else other
    return JudgedCriterion(criterion, first if first in answers else rest, parts)


def _part(condition: Condition, used: Measured) -> Part:
    return Part(condition, used, _answer(condition, used), _open(condition, used))


def _answer(condition: Condition, used: Measured) -> Answer:
    if condition.said:
        if not used.choice:
            return Answer.CANNOT_TELL
        return Answer.MET if used.choice == condition.said else Answer.NOT_MET
    if used.value is None:
        return Answer.CANNOT_TELL
    return _within(condition.limits, used.value, at_least=used.at_least)


def _within(limits: Limits, value: Fraction, *, at_least: bool) -> Answer:
    if not limits.kept_under(value):
        return Answer.NOT_MET
    if at_least and not _only_lower(limits, value):
        return Answer.CANNOT_TELL
    return Answer.MET if limits.reached(value) else Answer.NOT_MET


def _only_lower(limits: Limits, value: Fraction) -> bool:
    """True where a higher value than the one counted would change nothing."""
    no_upper = limits.at_most is None and limits.below is None
    return no_upper and limits.reached(value)


def _open(condition: Condition, used: Measured) -> tuple[Fraction, ...]:
    if used.share is None or used.value is None:
        return ()
    share = used.share
    undecided = Standing.UNDECIDED
    ends = condition.limits.ends
    return tuple(e for e in ends if standing(share, e / 100) is undecided)


@dataclass(frozen=True, slots=True)
class CaseJudged:
    """A case's confirmed shares against every threshold and every criterion.

    `used`: all that was known, by id, in the order it is printed. `quality`: what the
    specimen allows to be said.
    """

    ledger: tuple[LedgerEntry, ...]
    used: Mapping[str, Measured]
    systems: tuple[JudgedSystem, ...]
    quality: Quality


def judge_case(
    blasts: Share,
    lineages: Iterable[ConfirmedDysplasia],
    words: Mapping[str, str],
    *,
    blasts_of_all: Share,
    maybe_blasts: int = 0,
    criteria: Criteria,
    systems: Iterable[System],
) -> CaseJudged:
    """Ledger and criteria from the same confirmed counts and the specimen's words.

    `blasts` as the laboratory divides them, `blasts_of_all` of all nucleated cells;
    `maybe_blasts` were called by a series that blasts are only a part of.
    """
    facts = read_facts(words)
    allows = quality(facts)
    ledger = threshold_ledger(
        blasts, lineages, criteria, diluted=allows.diluted, maybe_blasts=maybe_blasts
    )
    used = measured(blasts_of_all, ledger, facts)
    return CaseJudged(ledger, used, judged(systems, used), allows)
