"""Count: every number the window and the report show, from cells and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, Extent, count_in_regions
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.differential import (
    ConfirmedDifferential,
    Ratio,
    SuggestedDifferential,
    confirmed_differential,
    confirmed_ratio,
    confirmed_share,
    suggested_differential,
)
from marrowscope.domain.dysplasia import (
    GOOD,
    ConfirmedDysplasia,
    SuggestedDysplasia,
    confirmed_dysplasia,
    suggested_dysplasia,
)
from marrowscope.domain.judging import CaseJudged, judge_case
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.typed_facts import Quality, read_facts
from marrowscope.domain.typed_facts import quality as quality_of
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow import places

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Counts:
    """Both layers side by side; nothing in one is computed from the other.

    `confirmed_blasts` are of what the laboratory divides by, `blasts_of_all` of all
    nucleated cells. `extent`: the regions that both are counted in.
    `quality`: what the specimen allows to be said.
    """

    suggested: SuggestedDifferential | None
    suggested_dysplasia: tuple[SuggestedDysplasia, ...]
    confirmed: ConfirmedDifferential
    confirmed_dysplasia: tuple[ConfirmedDysplasia, ...]
    confirmed_blasts: Share
    blasts_of_all: Share
    ratio: Ratio
    target: int
    extent: Extent = Extent()
    quality: Quality = GOOD


def count(
    table: CellTable | None,
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary | None,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    counted: Counted | None = None,
    specimen: Mapping[str, str] = NOTHING_SAID,
) -> Counts:
    """Count again; a correction, a threshold and a grouping are all this operation.

    `counted`: of the same table, where somebody keeps it; else all of it is counted.
    Calls of cells that regions leave out are not counted either. `specimen`: the
    reader's words by field, which say how far the specimen can be trusted.
    """
    quality = quality_of(read_facts(specimen))
    suggested, dysplasia = None, ()
    if table is not None and vocabulary is not None:
        counted = counted or count_in_regions(table, vocabulary, (), {})
        suggested = suggested_differential(counted.tally, vocabulary, taxonomy)
        dysplasia = suggested_dysplasia(counted.tally, vocabulary, DYSPLASIA_LINEAGES)
    met, assessed = _calls(table, _within(verdicts, counted), taxonomy)
    return Counts(
        suggested=suggested,
        suggested_dysplasia=dysplasia,
        confirmed=confirmed_differential(met, taxonomy),
        confirmed_dysplasia=confirmed_dysplasia(assessed, criteria, quality),
        confirmed_blasts=confirmed_share(
            met, criteria.blast_lines, taxonomy, of=criteria.blast_denominator
        ),
        blasts_of_all=confirmed_share(met, criteria.blast_lines, taxonomy),
        ratio=confirmed_ratio(met, criteria.myeloid_erythroid),
        target=criteria.count_target,
        extent=counted.extent if counted else Extent(),
        quality=quality,
    )


def _within(
    verdicts: Mapping[int, Verdict], counted: Counted | None
) -> Mapping[int, Verdict]:
    """The calls of cells that regions leave in the count."""
    if counted is None:
        return verdicts
    within = zip(verdicts.items(), counted.counts(verdicts), strict=True)
    return {cell: verdict for (cell, verdict), counts in within if counts}


def _calls(
    table: CellTable | None, verdicts: Mapping[int, Verdict], taxonomy: Taxonomy
) -> tuple[list[Verdict], list[Verdict]]:
    """Calls that a share of cells may count, and those dysplasia is judged from.

    A cell that was sought is in no share: it was chosen, its neighbours were not. As a
    megakaryocyte it is judged for dysplasia, which is why it was sought.
    """
    sought = set() if table is None else set(table.id[table.sought].tolist())
    met = [v for cell, v in verdicts.items() if cell not in sought]
    chosen = [
        v
        for cell, v in verdicts.items()
        if cell in sought and taxonomy.lineage_of(v.lines) == LINEAGE
    ]
    return met, [*met, *chosen]


def judged_counts(counts: Counts, specimen: Mapping[str, str]) -> CaseJudged:
    """The confirmed counts against every threshold and criterion.

    `specimen`: the reader's words by field, which hold the facts typed in.
    """
    return judge_case(
        counts.confirmed_blasts,
        counts.confirmed_dysplasia,
        specimen,
        blasts_of_all=counts.blasts_of_all,
        criteria=places.load_criteria(),
        systems=places.load_systems().systems,
    )
