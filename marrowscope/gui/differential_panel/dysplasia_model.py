"""What the dysplasia bars, the blasts bar and the M:E line say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.differential import (
    Ratio,
    SuggestedDifferential,
    suggested_share,
)
from marrowscope.domain.dysplasia import ConfirmedDysplasia, SuggestedDysplasia
from marrowscope.domain.statistics import Share, Standing, percent_text
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.typed_facts import DILUTED
from marrowscope.gui.differential_panel.model import interval_text, number
from marrowscope.gui.differential_panel.settling import ledger_words
from marrowscope.gui.differential_panel.suggested_bars import (
    OF,
    SuggestedBar,
    suggested_blasts,
    suggested_dysplasia,
    why_no_blasts,
    why_no_dysplasia,
)
from marrowscope.report.wording import GRANULES_ALONE

DYSPLASIA_SCALE = 0.40
BLAST_SCALE = 0.30
NOT_CALCULABLE = "not calculable"


@dataclass(frozen=True, slots=True)
class ConfirmedBar:
    """A solid bar with its whisker; shares from 0 to 1.

    `settled` is False for too few cells: then the whisker alone is drawn, because a
    filled bar of three cells would look like a finding. `guides`: observed and interval
    apart, and how many more cells would settle it.
    """

    share: float
    low: float
    high: float
    percent: str
    interval: str
    word: str
    sentence: str
    settled: bool = True
    guides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThresholdBar:
    """One bar of the panel with both its layers; either may be absent."""

    name: str
    lineage: str
    scale: float
    marks: tuple[float, ...]
    suggested: SuggestedBar | None
    confirmed: ConfirmedBar | None
    remark: str = ""
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class RatioLines:
    """M:E of the confirmed cells with its formula, and the model's own ratio."""

    confirmed: str
    formula: str
    suggested: str


def dysplasia_bars(
    suggested: Sequence[SuggestedDysplasia],
    confirmed: Sequence[ConfirmedDysplasia],
    criteria: Criteria,
    *,
    read: bool = False,
) -> tuple[ThresholdBar, ...]:
    """Erythroid, granulocytic, megakaryocytic; always all three.

    `read`: a model has read, so that a lineage it says nothing of was not looked at.
    """
    machine = {s.lineage: s for s in suggested}
    person = {c.lineage: c for c in confirmed}
    return tuple(
        replace(
            _dysplasia_bar(name, machine.get(name), criteria),
            confirmed=_confirmed_dysplasia(
                person.get(name), criteria.dysplasia_threshold
            ),
            remark=remark_on(person.get(name)),
            nothing=why_no_dysplasia(machine.get(name), read=read),
        )
        for name in DYSPLASIA_LINEAGES
    )


def _dysplasia_bar(
    lineage: str,
    machine: SuggestedDysplasia | None,
    criteria: Criteria,
) -> ThresholdBar:
    return ThresholdBar(
        name=lineage.capitalize(),
        lineage=lineage,
        scale=DYSPLASIA_SCALE,
        marks=(float(criteria.dysplasia_threshold),),
        suggested=suggested_dysplasia(machine, criteria.dysplasia_threshold),
        confirmed=None,
    )


def _confirmed_dysplasia(
    person: ConfirmedDysplasia | None, threshold: Fraction
) -> ConfirmedBar | None:
    if person is None or not person.share.total:
        return None
    share, needed = person.share, person.criterion.minimum_cells
    few = person.standing is Standing.TOO_FEW
    counted = f"{number(share.total)} of {number(needed)}" if few else ""
    interval = share.interval
    return ConfirmedBar(
        share=share.count / share.total,
        low=interval.low,
        high=interval.high,
        percent=f"{percent_text(share, (threshold,))} %",
        interval=interval_text(interval, (threshold,)),
        word=f"{person.standing}, {counted}" if few else str(person.standing),
        sentence=(
            f"{number(share.count)} of {number(share.total)}"
            f" {person.criterion.denominator}"
        ),
        settled=not few,
        guides=() if few else ledger_words(share, (threshold,), doubt=person.doubt),
    )


def remark_on(person: ConfirmedDysplasia | None) -> str:
    """The calm line about confirmed cells that cannot count for dysplasia yet."""
    if person is None:
        return ""
    parts = []
    if person.unplaced:
        parts.append(f"{_cells(person.unplaced)} still {_need(person.unplaced)} a kind")
    if unsaid := person.unjudged - person.unassessable:
        parts.append(f"{_cells(unsaid)} not judged for dysplasia")
    if person.unassessable:
        parts.append(f"{_cells(person.unassessable)} {GRANULES_ALONE}")
    return " · ".join(parts)


def _cells(count: int) -> str:
    return f"{number(count)} confirmed {'cell' if count == 1 else 'cells'}"


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def blast_bar(
    suggested: SuggestedDifferential | None,
    confirmed: Share,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    diluted: bool = False,
) -> ThresholdBar:
    """Blasts as the laboratory divides them; both layers with the same marks."""
    marks, of = criteria.blast_marks, criteria.blast_denominator
    rows = suggested.rows if suggested else ()
    machine = suggested_share(rows, criteria.blast_lines, taxonomy, of=of)
    return ThresholdBar(
        name="Blasts",
        lineage="blast",
        scale=BLAST_SCALE,
        marks=tuple(map(float, marks)),
        suggested=suggested_blasts(machine, marks, of),
        confirmed=_confirmed_blasts(confirmed, criteria, diluted=diluted),
        nothing=why_no_blasts(suggested, machine, of),
    )


def _confirmed_blasts(
    share: Share, criteria: Criteria, *, diluted: bool
) -> ConfirmedBar | None:
    if not share.total:
        return None
    marks, minimum = criteria.blast_marks, criteria.blast_minimum
    of = OF[criteria.blast_denominator]
    interval, few = share.interval, share.total < minimum
    short = f"{Standing.TOO_FEW}, {number(share.total)} of {number(minimum)}"
    return ConfirmedBar(
        share=share.count / share.total,
        low=interval.low,
        high=interval.high,
        percent=f"{percent_text(share, marks)} %",
        interval=interval_text(interval, marks),
        word=short if few else "",
        sentence=f"{number(share.count)} of {number(share.total)} {of}",
        settled=not few,
        guides=()
        if few
        else ledger_words(share, marks, doubt=DILUTED if diluted else ""),
    )


def ratio_lines(
    ratio: Ratio, suggested: SuggestedDifferential | None, taxonomy: Taxonomy
) -> RatioLines:
    """M:E as the laboratory defines it, and what the model's classes give."""
    return RatioLines(
        confirmed=_ratio_text(ratio.numerator, ratio.denominator),
        formula=ratio.formula,
        suggested=_suggested_ratio(suggested, taxonomy),
    )


def _ratio_text(above: int, below: int) -> str:
    return f"{above / below:.1f} : 1" if above and below else NOT_CALCULABLE


def _suggested_ratio(
    suggested: SuggestedDifferential | None, taxonomy: Taxonomy
) -> str:
    if suggested is None or not suggested.total:
        return ""
    found = {"granulocytic": 0, "erythroid": 0}
    for row in suggested.rows:
        lineage = taxonomy.lineage_of(row.lines)
        if lineage in found:
            found[lineage] += row.count
    return _ratio_text(found["granulocytic"], found["erythroid"])
