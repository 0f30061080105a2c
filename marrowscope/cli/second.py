"""`marrowscope second`: draw cells for a second reader, and how the readers agree."""

from __future__ import annotations

from pathlib import Path

import click

from marrowscope.cli.console import print_json, say
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.agreement_words import sentences
from marrowscope.workflow.second_reading import (
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
