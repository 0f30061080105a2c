"""Dysplastic cells per lineage, suggested and confirmed, never in one number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from marrowscope.domain.criteria import Criteria, LineageCriterion
from marrowscope.domain.review import Verdict
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

    `unjudged`: confirmed cells of the lineage without a judgement. `unplaced`: cells
    called by a series wider than the denominator, which therefore cannot count.
    """

    lineage: str
    share: Share
    share_above_grade_1: Share
    standing: Standing
    criterion: LineageCriterion
    unjudged: int
    unplaced: int


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
    verdicts: Iterable[Verdict], criteria: Criteria, quality: Quality = GOOD
) -> tuple[ConfirmedDysplasia, ...]:
    """What a person's calls say of each lineage, against the threshold.

    A cell called dysplastic for nothing but features that the specimen does not show
    is not judged.
    """
    calls = list(verdicts)
    own = {c.lineage: calls for c in criteria.dysplasia}
    return judged_dysplasia(own, criteria, quality)


def judged_dysplasia(
    verdicts: Mapping[str, Sequence[Verdict]],
    criteria: Criteria,
    quality: Quality = GOOD,
) -> tuple[ConfirmedDysplasia, ...]:
    """The same from calls that are each lineage's own, by lineage."""
    hidden = quality.unassessable
    own = {
        lineage: [_assessable(v, hidden) for v in calls]
        for lineage, calls in verdicts.items()
    }
    return tuple(
        _confirmed(own[criterion.lineage], criterion, criteria, diluted=quality.diluted)
        for criterion in criteria.dysplasia
    )


def _assessable(verdict: Verdict, unassessable: frozenset[str]) -> Verdict:
    hidden = unassessable & verdict.grades.keys()
    if not hidden:
        return verdict
    grades = {f: grade for f, grade in verdict.grades.items() if f not in hidden}
    for_them_alone = verdict.dysplastic and not any(grades.values())
    judged = None if for_them_alone else verdict.dysplastic
    return replace(verdict, grades=grades, dysplastic=judged)


def _confirmed(
    verdicts: Sequence[Verdict],
    criterion: LineageCriterion,
    criteria: Criteria,
    *,
    diluted: bool,
) -> ConfirmedDysplasia:
    members = set(criterion.lines)
    placed = [v for v in verdicts if set(v.lines) <= members]
    judged = [v for v in placed if v.dysplastic is not None]
    dysplastic = [v for v in judged if v.dysplastic]
    # A dysplastic call without any grade is not a grade 1: nobody graded it.
    graded_1 = [v for v in dysplastic if max(v.grades.values(), default=2) == 1]
    share = Share(len(dysplastic), len(judged))
    return ConfirmedDysplasia(
        lineage=criterion.lineage,
        share=share,
        share_above_grade_1=Share(len(dysplastic) - len(graded_1), len(judged)),
        standing=standing(
            share,
            criteria.dysplasia_threshold,
            minimum=criterion.minimum_cells,
            diluted=diluted,
        ),
        criterion=criterion,
        unjudged=len(placed) - len(judged),
        unplaced=sum(
            bool(set(v.lines) & members) and not set(v.lines) <= members
            for v in verdicts
        ),
    )
