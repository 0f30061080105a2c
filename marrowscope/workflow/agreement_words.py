"""How two readers agree, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from marrowscope.evaluation.agreement import Kappa
from marrowscope.report.wording import count_text, interval_text, share_text
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.second_reading import (
    Comparison,
    compare_readings,
    latest_reading,
)


def agreement_told(file: CaseFile) -> tuple[str, ...]:
    """How the second reader of a case agrees with the first; empty without one."""
    reading = latest_reading(file)
    return () if reading is None else tuple(sentences(compare_readings(file, reading)))


def how_far(found: Comparison) -> str:
    """How far a second reading is, and nothing of what it found."""
    reading = found.reading
    total = count_text(len(reading.cells))
    return (
        f"{reading.reader} has called {count_text(found.called)} of {total} cells"
        f" (of {reading.of}, seed {reading.seed})."
    )


def sentences(found: Comparison) -> Iterator[str]:
    """The comparison in words."""
    yield how_far(found)
    kappas = (("Cell lines", found.lines), ("Lineages", found.lineages))
    for name, kappa in (*kappas, ("Dysplasia", found.dysplasia)):
        if kappa is not None:
            yield f"{name}: {_kappa(kappa, kappa.kappa)}"
    if found.grades is not None:
        yield f"Grades, linear weights: {_kappa(found.grades, found.grades.linear)}"
    for entry in found.by_lineage:
        share = entry.share
        yield (
            f"{entry.lineage.capitalize()}: both say so of {share.count} of"
            f" {share.total}, {share_text(share.count, share.total)} %"
            f" ({interval_text(share.interval)})"
        )
    yield (
        "The first reader's calls are compared as they stood when"
        f" {found.reading.reader} began to call."
    )
    left = len(found.open_)
    yield f"{found.differing} cells differed then, {left} are not settled."


def _kappa(kappa: Kappa, value: float | None) -> str:
    cells = f"over {count_text(kappa.cells)}"
    if value is None:
        return f"no kappa {cells}: there is nothing to tell apart"
    between = ""
    if kappa.interval is not None and value == kappa.kappa:
        low, high = kappa.interval.low, kappa.interval.high
        between = f" (95 % interval {_signed(low)} to {_signed(high)})"
    return f"kappa {_signed(value)}{between} {cells}"


def _signed(value: float) -> str:
    """Two decimals; what rounds to nothing has no sign."""
    said = f"{abs(value):.2f}"
    return f"−{said}" if value < 0 and said != "0.00" else said
