"""Dysplastic cells per lineage, suggested and confirmed, never in one number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from marrowscope.domain.call_tally import (
    Call,
    CallTally,
    cells_in,
    unplaced,
    within,
)
from marrowscope.domain.criteria import Criteria, LineageCriterion
from marrowscope.domain.statistics import Share, Standing, standing
from marrowscope.domain.tally import Tally
from marrowscope.domain.typed_facts import Quality
from marrowscope.domain.vocabulary import ModelVocabulary

GOOD = Quality()


@dataclass(frozen=True, slots=True)
class SuggestedDysplasia:
    """A model's dysplastic cells of one lineage; no interval, no verdict.

    `denominator` names what the percentage divides by, in the model's own classes.
    """

    lineage: str
    dysplastic: int
    above_grade_1: int
    total: int
    denominator: str

    @property
    def percent(self) -> float | None:
        return 100 * self.dysplastic / self.total if self.total else None

    @property
    def percent_above_grade_1(self) -> float | None:
        return 100 * self.above_grade_1 / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class ConfirmedDysplasia:
    """Confirmed cells of one lineage that were judged for dysplasia.

    `unjudged`: confirmed cells of the lineage without a judgement; `unassessable` of
    them are called dysplastic, for nothing but what the stain hides. `unplaced`: cells
    called by a series wider than the denominator, which therefore cannot count.
    `keyed`: of those judged, counted beside a microscope. `doubt`: why the share may be
    higher than counted; "" where nothing says so.
    """

    lineage: str
    share: Share
    share_above_grade_1: Share
    standing: Standing
    criterion: LineageCriterion
    unjudged: int
    unplaced: int
    keyed: int = 0
    unassessable: int = 0
    doubt: str = ""


def suggested_dysplasia(
    tally: Tally, vocabulary: ModelVocabulary, lineages: Sequence[str]
) -> tuple[SuggestedDysplasia, ...]:
    """What the model's classes say of each lineage it grades at all."""
    result = []
    for lineage in lineages:
        known = [c for c in vocabulary.classes if c.lineage == lineage]
        if not any(c.dysplastic for c in known):
            continue
        own = [i for i, c in enumerate(vocabulary.classes) if c.lineage == lineage]
        by_grade = tally.grades[own].sum(axis=0)
        result.append(
            SuggestedDysplasia(
                lineage=lineage,
                dysplastic=int(by_grade[1:].sum()),
                above_grade_1=int(by_grade[2:].sum()),
                total=int(by_grade.sum()),
                denominator="of " + " + ".join(c.id for c in known),
            )
        )
    return tuple(result)


def confirmed_dysplasia(
    calls: CallTally, criteria: Criteria, quality: Quality = GOOD
) -> tuple[ConfirmedDysplasia, ...]:
    """What a person's calls say of each lineage, against the threshold.

    A cell called dysplastic for nothing but features that the specimen does not show
    is not judged.
    """
    own = {c.lineage: calls for c in criteria.dysplasia}
    return judged_dysplasia(own, criteria, quality)


def judged_dysplasia(
    calls: Mapping[str, CallTally], criteria: Criteria, quality: Quality = GOOD
) -> tuple[ConfirmedDysplasia, ...]:
    """The same from calls that are each lineage's own, by lineage."""
    return tuple(
        _confirmed(calls[criterion.lineage], criterion, criteria, quality)
        for criterion in criteria.dysplasia
    )


def _assessable(calls: CallTally, hidden: frozenset[str]) -> CallTally:
    told = Counter[Call]()
    for call, number in calls.items():
        told[_without(call, hidden)] += number
    return told


def _without(call: Call, hidden: frozenset[str]) -> Call:
    grades = tuple((f, grade) for f, grade in call.grades if f not in hidden)
    judged = assessed(call.dysplastic, dict(call.grades), hidden)
    return call._replace(grades=grades, dysplastic=judged)


def assessed(
    dysplastic: bool | None, grades: Mapping[str, int], hidden: Collection[str]
) -> bool | None:
    """What remains of a judgement where the specimen does not show some features.

    A cell called dysplastic for nothing but those is not judged.
    """
    shown = [grade for feature, grade in grades.items() if feature not in hidden]
    for_them_alone = dysplastic and len(shown) < len(grades) and not any(shown)
    return None if for_them_alone else dysplastic


def _unjudged(calls: CallTally) -> int:
    return sum(number for call, number in calls.items() if call.dysplastic is None)


def _confirmed(
    said: CallTally,
    criterion: LineageCriterion,
    criteria: Criteria,
    quality: Quality,
) -> ConfirmedDysplasia:
    calls, own = _assessable(said, quality.unassessable), criterion.lines
    doubt = quality.doubt(criterion.lineage)
    placed = within(calls, own)
    unjudged = _unjudged(placed)
    dysplastic = sum(n for c, n in placed.items() if c.dysplastic)
    graded_1 = sum(n for c, n in placed.items() if c.dysplastic and c.highest == 1)
    judged = cells_in(placed) - unjudged
    share = Share(dysplastic, judged)
    return ConfirmedDysplasia(
        lineage=criterion.lineage,
        share=share,
        share_above_grade_1=Share(dysplastic - graded_1, judged),
        standing=standing(
            share,
            criteria.dysplasia_threshold,
            minimum=criterion.minimum_cells,
            understated=bool(doubt),
        ),
        doubt=doubt,
        criterion=criterion,
        unjudged=unjudged,
        unassessable=unjudged - _unjudged(within(said, own)),
        unplaced=unplaced(calls, own),
        keyed=sum(n for c, n in placed.items() if c.keyed and c.dysplastic is not None),
    )
