"""Every number a person's calls give, by one laboratory's definitions."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.call_tally import unplaced
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.differential import (
    ConfirmedDifferential,
    Ratio,
    confirmed_differential,
    confirmed_ratio,
    confirmed_share,
)
from marrowscope.domain.dysplasia import GOOD, ConfirmedDysplasia, judged_dysplasia
from marrowscope.domain.sorted_calls import SortedCalls
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.typed_facts import Quality


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`blasts` are of what the laboratory divides by, `blasts_of_all` of all cells.

    `maybe_blasts`: cells called by a series that blasts are only a part of; none of
    them is among the blasts.
    """

    differential: ConfirmedDifferential
    dysplasia: tuple[ConfirmedDysplasia, ...]
    blasts: Share
    blasts_of_all: Share
    maybe_blasts: int
    ratio: Ratio


def confirmed_of(
    calls: SortedCalls, taxonomy: Taxonomy, criteria: Criteria, quality: Quality = GOOD
) -> Confirmed:
    """Count sorted calls. `quality`: what the specimen allows to be said."""
    met, blasts = calls.met, criteria.blast_lines
    return Confirmed(
        differential=confirmed_differential(met, taxonomy),
        dysplasia=judged_dysplasia(calls.judged, criteria, quality),
        blasts=confirmed_share(met, blasts, taxonomy, of=criteria.blast_denominator),
        blasts_of_all=confirmed_share(met, blasts, taxonomy),
        maybe_blasts=unplaced(met, blasts),
        ratio=confirmed_ratio(met, criteria.myeloid_erythroid),
    )
