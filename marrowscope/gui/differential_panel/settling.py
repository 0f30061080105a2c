"""Observed and interval apart, and how many more cells would settle it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share, Standing, standing
from marrowscope.domain.threshold_ledger import AgainstThreshold, IntervalSays, against
from marrowscope.report.wording import mark_text, more_cells_text


def settling_text(share: Share, threshold: Fraction) -> str:
    """The guide as a sentence: "about 190 more would settle it"."""
    more = cells_to_settle(share, threshold)
    return more_cells_text(more) + ("" if more is None else " would settle it")


def ledger_words(
    share: Share, thresholds: Sequence[Fraction], *, doubt: str = ""
) -> tuple[str, ...]:
    """Lines such as "observed: at or above 5, below 10 %", then of the interval.

    One more for each threshold left open: how many more cells would settle it. `doubt`:
    why the share may be higher, so that nothing can be told of thresholds above it.
    """
    dark = [
        mark
        for mark in thresholds
        if standing(share, mark, understated=bool(doubt)) is Standing.CANNOT_TELL
    ]
    found = [against(share, mark) for mark in thresholds if mark not in dark]
    untold = (f"cannot tell, since {doubt}: {_listed(dark)}\u00a0%",) if dark else ()
    return (*_told_lines(share, found), *untold)


def _told_lines(share: Share, found: Sequence[AgainstThreshold]) -> tuple[str, ...]:
    if not found:
        return ()
    observed = f"observed: {_told([(one.observed, one.threshold) for one in found])}"
    interval = f"interval: {_told([(one.interval, one.threshold) for one in found])}"
    open_ = [f.threshold for f in found if f.interval is IntervalSays.INCLUDES]
    if len(found) == 1:
        settling = [settling_text(share, mark) for mark in open_]
        return f"{observed} · {interval}", *settling
    settling = [f"{mark_text(mark)}: {settling_text(share, mark)}" for mark in open_]
    return observed, interval, *settling


def _told(words: Sequence[tuple[str, Fraction]]) -> str:
    """ "below 10 and 20 %": thresholds of the same word together."""
    groups = [
        f"{word} {_listed([mark for _, mark in same])}"
        for word, same in groupby(words, key=lambda entry: entry[0])
    ]
    return f"{', '.join(groups)} %"


def _listed(marks: Sequence[Fraction]) -> str:
    """In percent: "5", "5 and 10", "5, 10 and 20"."""
    *first, last = (f"{float(100 * mark):g}" for mark in marks)
    return f"{', '.join(first)} and {last}" if first else last
