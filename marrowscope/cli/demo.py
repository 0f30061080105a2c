"""`marrowscope demo`: draw a smear, open it and read it; headless without a display."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from marrowscope.cli.analyse import analyse
from marrowscope.cli.console import console, progress, say
from marrowscope.cli.phantom import shown_on
from marrowscope.cli.window import picture, show
from marrowscope.domain.errors import UnusableCase
from marrowscope.workflow.demonstration import (
    Agreement,
    compare,
    demonstration_slide,
    load_truth,
)
from marrowscope.workflow.models import open_reader
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.reporting import write_json
from marrowscope.workflow.running import ReadingRequest


@click.command(name="demo")
@click.option(
    "--out",
    default=Path("demo"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
)
@click.option("--headless", is_flag=True, help="Work without a window.")
def command(out: Path, headless: bool) -> None:
    """Draw a marrow smear whose truth is known, open it in the window and read it.

    Without a display the same work is done headless: a picture of the window and the
    report are saved in the folder, and the reading is set against the truth.
    """
    with progress("Drawing the smear") as bar:
        slide = demonstration_slide(out, shown_on(bar))
    if headless or not _display():
        read_headless(slide, out)
        return
    sys.exit(show([slide], start=True))


def _display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def read_headless(slide: Path, out: Path) -> None:
    """Read the slide, export, compare, and save a picture of the window."""
    reader = open_reader()
    say(
        f"Reading with {reader.model.name} {reader.model.version} on "
        f"{reader.device.text}."
    )
    analyse([slide], out, reader, request=ReadingRequest())
    agreement = _agreement(slide, out)
    _print(agreement)
    write_json(asdict(agreement), out / "agreement.json")
    picture([out / "case.marrow"], out / "window.png")
    say(f"Picture of the window: {out / 'window.png'}")


def _agreement(slide: Path, out: Path) -> Agreement:
    case = open_case([out / "case.marrow"])
    try:
        vocabulary = case.file.vocabulary()
        if vocabulary is None:
            raise UnusableCase("The demonstration was not read.", "Run it again.")
        return compare(case.file.cells(), vocabulary, load_truth(slide))
    finally:
        case.close()


def _print(agreement: Agreement) -> None:
    table = Table("", "drawn", "read", title="The reading against the drawn truth")
    table.add_row("Cells", str(agreement.drawn), str(agreement.found))
    table.add_row("Drawn cells found", "", f"{agreement.recall:.1%}")
    table.add_row("Found cells drawn", "", f"{agreement.precision:.1%}")
    table.add_row("Same class", "", f"{agreement.class_agreement:.1%}")
    for found in agreement.dysplasia:
        drawn = found.drawn.percent
        low, high = 100 * found.interval.low, 100 * found.interval.high
        table.add_row(
            f"Dysplastic, {found.lineage}",
            "–" if drawn is None else f"{drawn:.1f} % ({low:.1f} to {high:.1f})",
            "–"
            if found.suggested_percent is None
            else f"{found.suggested_percent:.1f} %"
            + ("" if found.agrees else "  outside"),
        )
    console.print(table)
