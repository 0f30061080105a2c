"""`marrowscope report`: write the report of a case again."""

from __future__ import annotations

from pathlib import Path

import click

from marrowscope.cli.console import say
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.reporting import export_report


@click.command(name="report")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--out", default=None, type=click.Path(path_type=Path, file_okay=False))
def command(case: Path, out: Path | None) -> None:
    """Write report.pdf, report.html, cells.csv and differential.json of a CASE file."""
    opened = open_case([case])
    try:
        files = export_report(opened, out or case.parent)
    finally:
        opened.close()
    say(f"Report: {files.pdf}")
