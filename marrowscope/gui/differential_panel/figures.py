"""Everything the panel shows of a case, computed once per count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from marrowscope.domain.area_spread import AreaSpread
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.gui.differential_panel.dysplasia_model import (
    RatioLines,
    ThresholdBar,
    blast_bar,
    dysplasia_bars,
    ratio_lines,
)
from marrowscope.gui.differential_panel.model import DifferentialTables, tables
from marrowscope.gui.extent_words import extent_words
from marrowscope.report.area import spread_text
from marrowscope.report.formal import not_drawn
from marrowscope.report.unflagged import yield_text
from marrowscope.report.wording import unplaced_text
from marrowscope.workflow.counting import Counts

FORMAL = "Formal count: its cells alone, drawn at random and fixed before reading."


@dataclass(frozen=True, slots=True)
class Figures:
    """Tables, bars and ratios, ready to paint.

    `extent`: where it was counted; `basis`: which cells the confirmed ones are;
    `apart`: how many calls are in no percentage. `unflagged`: what reading cells that
    nothing was suspected of found.
    """

    tables: DifferentialTables
    dysplasia: tuple[ThresholdBar, ...]
    blasts: ThresholdBar
    ratio: RatioLines
    extent: str = ""
    basis: str = ""
    apart: str = ""
    unflagged: str = ""


def figures_of(
    counts: Counts,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    reading: bool = False,
    spreads: Sequence[AreaSpread] = (),
) -> Figures:
    """The counts in words and bars; `reading` while more cells may come.

    `spreads`: what other fields would have given.
    """
    diluted = counts.quality.diluted
    bars = dysplasia_bars(
        counts.suggested_dysplasia,
        counts.confirmed_dysplasia,
        criteria,
        read=counts.suggested is not None,
    )
    blasts = blast_bar(
        counts.suggested, counts.confirmed_blasts, taxonomy, criteria, diluted=diluted
    )
    if counts.maybe_blasts:
        blasts = replace(blasts, remark=unplaced_text(counts.maybe_blasts))
    marks = (criteria.dysplasia_threshold,)
    return Figures(
        tables=tables(
            counts.suggested,
            counts.confirmed,
            taxonomy,
            target=counts.target,
            reading=reading,
            blast_marks=criteria.blast_marks,
        ),
        dysplasia=tuple(_with_spread(bar, spreads, marks) for bar in bars),
        blasts=_with_spread(blasts, spreads, criteria.blast_marks),
        extent=extent_words(counts.extent),
        basis=FORMAL if counts.formal else not_drawn(counts.confirmed.total),
        apart=_apart(counts),
        unflagged="\n".join(yield_text(one) for one in counts.yields),
        ratio=ratio_lines(counts.ratio, counts.suggested, taxonomy),
    )


def _with_spread(
    bar: ThresholdBar, spreads: Sequence[AreaSpread], marks: Sequence[Fraction]
) -> ThresholdBar:
    """The bar with one guide more, where what other fields would give is known."""
    said = spread_text(bar.lineage, spreads, marks)
    if bar.confirmed is None or not said:
        return bar
    guides = (*bar.confirmed.guides, said)
    return replace(bar, confirmed=replace(bar.confirmed, guides=guides))


def _apart(counts: Counts) -> str:
    calls = sum(row.share.count for row in counts.apart)
    if not calls:
        return ""
    cells = "1 call is" if calls == 1 else f"{calls:,} calls are"
    why = "outside the formal count" if counts.formal else "of cells picked out"
    return f"{cells} {why}, in no percentage."
