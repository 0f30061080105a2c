"""What reading unflagged cells blind yielded, in words and for the JSON."""

from __future__ import annotations

from typing import Any

from marrowscope.domain.unflagged import Yield
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import count_text, share_text

HEADING = "Unflagged cells read blind"
NOTE = (
    "A review of suspected cells finds false alarms, not what was missed. These cells"
    " were drawn at random from those the model did not flag and called without its"
    " answer in view; the interval is of the sampling error alone (95 %)."
)


def yield_text(one: Yield) -> str:
    """Such as "2 of 50 unflagged erythroid cells were called dysplastic: 4 %, …".

    Until all are read there is only how far it is: a part of a draw is no sample.
    """
    found = one.found
    if not one.complete or not found.total:
        return (
            f"Unflagged {one.lineage} cells: {count_text(one.called)} of"
            f" {count_text(one.drawn)} read."
        )
    limits = found.interval
    cells = "cell was" if found.total == 1 else "cells were"
    words = (
        f"{count_text(found.count)} of {count_text(found.total)} unflagged"
        f" {one.lineage} {cells} called dysplastic:"
        f" {share_text(found.count, found.total)} %,"
        f" {100 * limits.low:.1f} to {100 * limits.high:.1f} %."
    )
    if one.elsewhere:
        words += f" {count_text(one.elsewhere)} of them belonged elsewhere."
    return words


def yield_lines(sources: ReportSources) -> tuple[str, ...]:
    """One sentence for each lineage that was checked; none without a check."""
    return tuple(yield_text(one) for one in sources.yields)


def unflagged_entry(sources: ReportSources) -> dict[str, Any]:
    """The JSON's `unflagged_read_blind`, absent without a check; limits in percent."""
    found = [_entry(one) for one in sources.yields]
    return {"unflagged_read_blind": found} if found else {}


def _entry(one: Yield) -> dict[str, Any]:
    limits = one.found.interval
    return {
        "lineage": one.lineage,
        "unflagged": one.unflagged,
        "drawn": one.drawn,
        "called": one.called,
        "dysplastic": one.found.count,
        "of": one.found.total,
        "belonged_elsewhere": one.elsewhere,
        "interval_95": [100 * limits.low, 100 * limits.high]
        if one.found.total
        else None,
    }
