"""`marrowscope compare`: a case against the same patient's earlier one."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from marrowscope.cli.console import print_json
from marrowscope.report.serial import HEADS, METHOD, SerialPart
from marrowscope.report.serial_entry import serial_entry
from marrowscope.workflow.opening import open_stored
from marrowscope.workflow.serial import compare_with, told


@click.command(name="compare")
@click.argument("earlier", type=click.Path(path_type=Path))
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(earlier: Path, case: Path, as_json: bool) -> None:
    """Hold a CASE against the same patient's EARLIER case file, line by line.

    Only confirmed cells are compared, both by the definitions in force now; of a case
    with a formal count its cells alone. Neither file is changed.
    """
    opened = open_stored(case)
    try:
        part = told(compare_with(opened, earlier))
    finally:
        opened.close()
    if as_json:
        print_json(serial_entry(part))
    else:
        _print(part)


def _print(part: SerialPart) -> None:
    # Wide enough on paper or in a pipe, where nobody says how wide a line is.
    out = Console(highlight=False, markup=False)
    out = out if out.is_terminal else Console(highlight=False, markup=False, width=140)
    for line in (f"Then: {part.then}", f"Now: {part.now}", *part.doubts):
        out.print(line, soft_wrap=True)
    table = Table(*HEADS, box=None, pad_edge=False)
    for row in part.rows:
        then, now = (f"{x.words}\n{x.counts}" for x in (row.then, row.now))
        table.add_row(row.name, then, now, row.points, f"{row.verdict}\n{row.chance}")
    out.print(table)
    for line in filter(None, (part.none, METHOD)):
        out.print(line, soft_wrap=True)
