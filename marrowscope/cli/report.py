"""`marrowscope report`: write the report of a case again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from marrowscope.cli.console import PARTLY, make_folder, say
from marrowscope.workflow.opening import open_stored
from marrowscope.workflow.regions import export_geojson
from marrowscope.workflow.reporting import export_report
from marrowscope.workflow.sign_off import save_version


@click.command(name="report")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--out", default=None, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--geojson", is_flag=True, help="Cells and regions of every slide, for QuPath."
)
@click.option("--version", default=None, type=int, help="One signed before, as it was.")
def command(case: Path, out: Path | None, geojson: bool, version: int | None) -> None:
    """Write report.pdf, report.html, cells.csv and differential.json of a CASE file.

    The case itself stays as it is; of a signed one the report is the one signed.
    Exit code 3: a slide of the case is not where it was, so that its cells stand in the
    report without pictures.
    """
    opened = open_stored(case)
    try:
        folder = out or case.absolute().parent
        make_folder(folder)
        if version is not None:
            for path in save_version(opened.file, version, folder):
                say(f"Version {version}: {path}")
            return
        files = export_report(opened, folder)
        extra = export_geojson(opened, folder) if geojson else ()
    finally:
        opened.close()
    for failed in opened.failures:
        say(str(failed.error))
    say(f"Report: {files.pdf}")
    for path in extra:
        say(f"Cells and regions: {path}")
    sys.exit(PARTLY if opened.failures else 0)
