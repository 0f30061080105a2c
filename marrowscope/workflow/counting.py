"""Count: every number the window and the report show, from cells and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.confirmed import confirmed_of
from marrowscope.domain.counted import Counted, Extent, count_in_regions
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.differential import (
    ConfirmedDifferential,
    ConfirmedRow,
    Ratio,
    SuggestedDifferential,
    confirmed_tally,
    suggested_differential,
)
from marrowscope.domain.dysplasia import (
    GOOD,
    ConfirmedDysplasia,
    SuggestedDysplasia,
    suggested_dysplasia,
)
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.judging import CaseJudged, judge_case
from marrowscope.domain.review import Verdict
from marrowscope.domain.sorted_calls import (
    SortedCalls,
    drawn_here,
    every_cell_called,
    sorted_by_count,
    sorted_calls,
)
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.typed_facts import Quality, read_facts
from marrowscope.domain.typed_facts import quality as quality_of
from marrowscope.domain.unflagged import UnflaggedCheck, Yield, yields
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow import places

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Counts:
    """Both layers side by side; nothing in one is computed from the other.

    `confirmed_blasts` are of what the laboratory divides by, `blasts_of_all` of all
    nucleated cells, and `maybe_blasts` were called without the stage that would tell.
    `extent`: the regions that both are counted in. `quality`: what the
    specimen allows to be said. `formal`: confirmed are the calls of a formal count
    alone, and `apart` those that it does not hold; without one, those of cells picked
    out for review. `yields`: what reading unflagged cells found.
    """

    suggested: SuggestedDifferential | None
    suggested_dysplasia: tuple[SuggestedDysplasia, ...]
    confirmed: ConfirmedDifferential
    confirmed_dysplasia: tuple[ConfirmedDysplasia, ...]
    confirmed_blasts: Share
    blasts_of_all: Share
    maybe_blasts: int
    ratio: Ratio
    target: int
    extent: Extent = Extent()
    quality: Quality = GOOD
    formal: bool = False
    apart: tuple[ConfirmedRow, ...] = ()
    yields: tuple[Yield, ...] = ()


def count(
    table: CellTable | None,
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary | None,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    counted: Counted | None = None,
    specimen: Mapping[str, str] = NOTHING_SAID,
    formal: FormalCount | None = None,
    checks: Sequence[UnflaggedCheck] = (),
) -> Counts:
    """Count again; a correction, a threshold and a grouping are all this operation.

    `counted`: of the same table, where somebody keeps it; else all of it is counted.
    Calls of cells that regions leave out are not counted either. `specimen`: the
    reader's words by field, which say how far the specimen can be trusted. Where there
    is a `formal` count, its cells alone are the differential.
    """
    quality = quality_of(read_facts(specimen))
    suggested, dysplasia = None, ()
    if table is not None and vocabulary is not None:
        counted = counted or count_in_regions(table, vocabulary, (), {})
        suggested = suggested_differential(counted.tally, vocabulary, taxonomy)
        dysplasia = suggested_dysplasia(counted.tally, vocabulary, DYSPLASIA_LINEAGES)
    calls = calls_counted(table, verdicts, taxonomy, counted=counted, formal=formal)
    confirmed = confirmed_of(calls, taxonomy, criteria, quality)
    return Counts(
        suggested=suggested,
        suggested_dysplasia=dysplasia,
        confirmed=confirmed.differential,
        confirmed_dysplasia=confirmed.dysplasia,
        confirmed_blasts=confirmed.blasts,
        blasts_of_all=confirmed.blasts_of_all,
        maybe_blasts=confirmed.maybe_blasts,
        ratio=confirmed.ratio,
        target=formal.target if formal else criteria.count_target,
        extent=counted.extent if counted else Extent(),
        quality=quality,
        formal=formal is not None,
        apart=confirmed_tally(calls.apart, taxonomy),
        yields=yields(checks, verdicts, taxonomy),
    )


def calls_counted(
    table: CellTable | None,
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
    *,
    counted: Counted | None,
    formal: FormalCount | None,
) -> SortedCalls:
    """The calls that confirmed numbers are of. Arguments as of `count`."""
    within = _within(verdicts, counted)
    if formal is not None:
        here = drawn_here(table, formal, counted)
        return sorted_by_count(within, formal, taxonomy, here=here)
    sought = [] if table is None else table.id[table.sought].tolist()
    every = every_cell_called(table, within, counted)
    return sorted_calls(within, sought, taxonomy, all_called=every)


def _within(
    verdicts: Mapping[int, Verdict], counted: Counted | None
) -> Mapping[int, Verdict]:
    """The calls of cells that regions leave in the count."""
    if counted is None or not len(counted.outside):
        return verdicts
    within = zip(verdicts.items(), counted.counts(verdicts), strict=True)
    return {cell: verdict for (cell, verdict), counts in within if counts}


def judged_counts(counts: Counts, specimen: Mapping[str, str]) -> CaseJudged:
    """The confirmed counts against every threshold and criterion.

    `specimen`: the reader's words by field, which hold the facts typed in.
    """
    return judge_case(
        counts.confirmed_blasts,
        counts.confirmed_dysplasia,
        specimen,
        blasts_of_all=counts.blasts_of_all,
        maybe_blasts=counts.maybe_blasts,
        criteria=places.load_criteria(),
        systems=places.load_systems().systems,
    )
