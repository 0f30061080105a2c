"""`marrowscope analyse`: read slides and photos as one case, and export the report."""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.progress import Progress

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import (
    CandidateRead,
    FieldFailed,
    FieldRead,
    RunStarted,
    SearchStarted,
)
from marrowscope.analysis.sampling import Sample
from marrowscope.cli.asked_regions import NOTHING_ASKED, AskedRegions, set_asked_regions
from marrowscope.cli.console import PARTLY, make_folder, progress, say
from marrowscope.cli.specimen import FieldText
from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Box
from marrowscope.inference.reader import CellReader
from marrowscope.workflow.models import DEFAULT_MODEL, open_reader
from marrowscope.workflow.opening import OpenedCase, open_case
from marrowscope.workflow.reporting import export_report
from marrowscope.workflow.running import ReadingRequest, RunUpdate, read_case
from marrowscope.workflow.slide_names import slide_names
from marrowscope.workflow.specimen import write_specimen


class RegionText(click.ParamType):
    """x,y,w,h in level-0 pixels."""

    name = "x,y,w,h"

    def convert(self, value: object, param: object, ctx: object) -> Box:
        if isinstance(value, Box):
            return value
        try:
            x, y, width, height = (float(part) for part in str(value).split(","))
        except ValueError:
            x = y = width = height = -1.0
        if width <= 0 or height <= 0:
            raise UnreadableInput(
                f"The region “{value}” cannot be understood.",
                "Write x,y,w,h in pixels of the full slide, such as 0,0,4096,4096.",
            )
        return Box(x, y, width, height)


@click.command(name="analyse")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default=DEFAULT_MODEL, show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--region",
    "boxes",
    type=RegionText(),
    multiple=True,
    help="Count only in this rectangle of level-0 pixels; may be repeated.",
)
@click.option(
    "--regions",
    "region_files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="GeoJSON of one slide, named as it is; may be repeated.",
)
@click.option("--no-regions", is_flag=True, help="Forget earlier regions.")
@click.option("--mpp", type=float, default=None, help="Microns per level-0 pixel.")
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=None,
    help="Least detection score of a cell. Default: the model's.",
)
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda …")
@click.option(
    "--sample-fields",
    type=click.IntRange(min=1),
    default=None,
    help="Read only so many fields of each slide, drawn at random.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of that draw.")
@click.option(
    "--target",
    type=click.IntRange(min=1),
    default=None,
    help="Read the best fields first, until so many cells are met. Default: all.",
)
@click.option(
    "--megakaryocytes/--no-megakaryocytes",
    default=None,
    help="Seek them over whole smears at low power too. Default: with --target.",
)
@click.option("--again", is_flag=True, help="Read anew what was read before.")
@click.option("--add", is_flag=True, help="Add to the specimen whose case is in OUT.")
@click.option(
    "--specimen",
    "words",
    type=FieldText(),
    multiple=True,
    help="What the report's head shall say, such as site=…; may be repeated.",
)
def command(
    inputs: tuple[Path, ...],
    model: str,
    out: Path,
    boxes: tuple[Box, ...],
    region_files: tuple[Path, ...],
    no_regions: bool,
    mpp: float | None,
    min_score: float | None,
    device: str,
    sample_fields: int | None,
    seed: int,
    target: int | None,
    megakaryocytes: bool | None,
    again: bool,
    add: bool,
    words: tuple[tuple[str, str], ...],
) -> None:
    """Read the INPUTS as one case; write case.marrow, report, cells and differential.

    Exit code 0: done. 2: nothing could be read. 3: finished, but some inputs failed.
    """
    sample = None if sample_fields is None else Sample(sample_fields, seed)
    request = ReadingRequest(
        min_score=min_score,
        again=again,
        sample=sample,
        target=target,
        megakaryocytes=target is not None if megakaryocytes is None else megakaryocytes,
    )
    reader = open_reader(model, device=device)
    _say_reader(reader)
    code = analyse(
        inputs,
        out,
        reader,
        request=request,
        mpp=mpp,
        add=add,
        words=dict(words),
        regions=None if no_regions else AskedRegions(boxes, region_files),
    )
    sys.exit(code)


def _say_reader(reader: CellReader) -> None:
    model = reader.model
    say(f"Reading with {model.name} {model.version} on {reader.device.text}.")


def analyse(
    inputs: Sequence[Path],
    out: Path,
    reader: CellReader,
    *,
    request: ReadingRequest,
    mpp: float | None = None,
    add: bool = False,
    words: Mapping[str, str] | None = None,
    regions: AskedRegions | None = NOTHING_ASKED,
) -> int:
    """Open, read, export; returns the exit code.

    `add`: to the specimen whose case lies in `out`. `words`: specimen fields.
    `regions`: None forgets those the slides had. Raises MarrowScopeError when nothing
    could be opened or not one field be read.
    """
    make_folder(out)
    case = open_case(inputs, case=out / "case.marrow", mpp=mpp, join=add)
    try:
        if words:
            write_specimen(case, words, reader=getpass.getuser())
        set_asked_regions(case, regions)
        for failed in case.failures:
            say(f"{failed.error}")
        _say_what_is_there(case)
        unread = _read(case, reader, request)
        files = export_report(case, out)
    finally:
        case.close()
    for notice in files.notices:
        say(notice)
    if any(opened.mpp is None for opened in case.slides):
        say("Give the true scale in microns per pixel with --mpp.")
    say(f"Report: {files.pdf}")
    return PARTLY if case.failures or unread else 0


def _say_what_is_there(case: OpenedCase) -> None:
    """A case kept from before may hold other slides; two specimens must not mix."""
    given = {opened.number for opened in case.slides}
    names = slide_names(case.file.slides())
    others = [name for number, name in names.items() if number not in given]
    if others:
        say(
            f"The case in this folder holds {', '.join(others)} as well, and counts "
            "the cells of all. If this is another specimen, choose another --out."
        )


def _read(case: OpenedCase, reader: CellReader, request: ReadingRequest) -> int:
    """Read every slide; returns how many fields failed."""
    read = 0
    failed: Counter[str] = Counter()
    names = slide_names(case.file.slides())
    with progress("Reading") as bar:
        for update in read_case(case, reader, request, CancellationToken()):
            name = names[update.slide.number]
            failed[name] += isinstance(update.event, FieldFailed)
            read += isinstance(update.event, FieldRead)
            _show(bar, update, name)
    if failed.total() and not read:
        raise UnreadableInput(
            "Not one field of these inputs could be read.",
            "The files may be damaged: copy them again from the scanner.",
        )
    for name, number in (+failed).items():
        fields = "1 field" if number == 1 else f"{number} fields"
        say(
            f"{fields} of {name} could not be read; the log says which and why. "
            "The same command again tries only what is left."
        )
    return failed.total()


def _show(bar: Progress, update: RunUpdate, name: str) -> None:
    task = bar.tasks[0].id
    event = update.event
    if isinstance(event, RunStarted):
        words = f"Reading {name}"
        bar.reset(task, total=len(event.fields), description=words, note="")
    elif isinstance(event, FieldRead):
        cells = bar.tasks[0].fields.get("cells", 0) + len(event.cells)
        bar.update(task, completed=event.done, cells=cells, note=f"{cells} cells")
    elif isinstance(event, FieldFailed):
        bar.update(task, completed=event.done)
    elif isinstance(event, SearchStarted):
        name = f"Seeking megakaryocytes in {update.slide.path.name}"
        bar.reset(task, total=None, description=name, note="")
    elif isinstance(event, CandidateRead):
        bar.update(task, completed=event.done, total=event.total)
