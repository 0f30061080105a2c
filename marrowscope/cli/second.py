"""`marrowscope second`: draw cells for a second reader, and how the readers agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from marrowscope.cli.console import print_json, say
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.evaluation.agreement import Kappa
from marrowscope.report.wording import count_text, interval_text, share_text
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.second_reading import (
    Comparison,
    begin_second_reading,
    compare_readings,
    latest_reading,
)


@click.command(name="second")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--reader", default="", help="Begin a second reading by this person.")
@click.option("--sample", default=None, type=click.IntRange(1), help="So many cells.")
@click.option("--seed", default=None, type=click.IntRange(0), help="Of the order.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(
    case: Path, reader: str, sample: int | None, seed: int | None, as_json: bool
) -> None:
    """Begin a second reading of a CASE, or tell how far it agrees with the first.

    The cells of the formal count (else all that were called) are read again in random
    order, blind to the first reader and to the model, in the window: Cells, Second
    reader. What the second reader says is in force only where it was adjudicated.
    """
    with CaseFile.open(case, read_only=not reader) as file:
        if reader:
            begin_second_reading(file, reader=reader, sample=sample, seed=seed)
        reading = latest_reading(file)
        if reading is None:
            raise MarrowScopeError(
                f"{case.name} has no second reading.", "Begin one with --reader NAME."
            )
        found = compare_readings(file, reading)
    if as_json:
        print_json(found)
        return
    for sentence in sentences(found):
        say(sentence)


def sentences(found: Comparison) -> Iterator[str]:
    """The comparison in words."""
    reading = found.reading
    total = count_text(len(reading.cells))
    yield (
        f"{reading.reader} has called {count_text(found.called)} of {total} cells"
        f" (of {reading.of}, seed {reading.seed})."
    )
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
    yield f"{found.differing} cells differ, {len(found.open_)} of them not settled."


def _kappa(kappa: Kappa, value: float | None) -> str:
    cells = f"over {count_text(kappa.cells)}"
    if value is None:
        return f"no kappa {cells}: there is nothing to tell apart"
    between = ""
    if kappa.interval is not None and value == kappa.kappa:
        low, high = kappa.interval.low, kappa.interval.high
        between = f" (95 % interval {low:.2f} to {high:.2f})"
    return f"kappa {value:.2f}{between} {cells}"
