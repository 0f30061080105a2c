"""The threshold ledger of a report: what is seen and what the interval says, apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marrowscope.domain.threshold_ledger import (
    AgainstThreshold,
    LedgerEntry,
    Observed,
)
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import (
    count_text,
    interval_text,
    line_name,
    mark_text,
    more_cells_text,
    share_text,
    unplaced_text,
)

HEADING = "Thresholds"
COLUMNS = (
    *("Line", "Cells", "%", "95 % interval"),
    *("Observed", "Interval", "To settle it"),
)
MORE_CELLS = (
    "To settle it: about so many more cells, were their share the same as so far."
)


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One line against one threshold; `note` stands where there is no verdict.

    The share is given in the first row of a line, and empty in those that follow.
    """

    name: str
    cells: str
    percent: str
    interval: str
    observed: str = ""
    interval_says: str = ""
    to_settle: str = ""
    note: str = ""


def threshold_rows(sources: ReportSources) -> tuple[ThresholdRow, ...]:
    """The printed ledger."""
    return tuple(row for entry in sources.judged.ledger for row in _rows(entry))


def _rows(entry: LedgerEntry) -> Iterator[ThresholdRow]:
    head = _head(entry)
    if entry.too_few:
        yield ThresholdRow(*head, note=_too_few(entry))
        yield from _unplaced(entry)
        return
    found = {against.threshold: against for against in entry.against}
    for threshold in entry.thresholds:
        against, mark = found.get(threshold), mark_text(threshold)
        if against is None:
            yield ThresholdRow(*head, note=f"{mark}: cannot tell: {entry.doubt}")
        else:
            yield ThresholdRow(*head, *_words(against, mark))
        head = ("", "", "", "")
    yield from _unplaced(entry)


def _unplaced(entry: LedgerEntry) -> Iterator[ThresholdRow]:
    if entry.unplaced:
        yield ThresholdRow("", "", "", "", note=unplaced_text(entry.unplaced))


def _head(entry: LedgerEntry) -> tuple[str, str, str, str]:
    share, marks = entry.share, entry.thresholds
    name = line_name(entry.line)
    if not share.total:
        return name, "", "", ""
    cells = f"{count_text(share.count)} of {count_text(share.total)}"
    percent = share_text(share.count, share.total, marks)
    return name, cells, percent, interval_text(share.interval, marks)


def _too_few(entry: LedgerEntry) -> str:
    return f"{count_text(entry.share.total)} of {entry.minimum}, too few cells"


def _words(against: AgainstThreshold, mark: str) -> tuple[str, str, str]:
    below = against.observed is Observed.BELOW
    return (
        f"{'below' if below else 'at or above'} {mark}",
        f"{against.interval.value} {mark}",
        more_cells_text(against.more_cells),
    )
