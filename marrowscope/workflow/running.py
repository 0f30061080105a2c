"""Read a case: the pipeline over its slides, every field stored as it comes."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from marrowscope import __version__
from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import (
    Event,
    FieldFailed,
    FieldRead,
    RunFinished,
    RunStarted,
)
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.analysis.sampling import Sample
from marrowscope.domain.counted import counted_rows, of_slide
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import Provenance
from marrowscope.domain.regions import (
    Area,
    Region,
    covers,
    joined,
    of_geometry,
    rectangle,
    to_geometry,
)
from marrowscope.inference.reader import CellReader
from marrowscope.store.case_file import CaseFile, StoredRun
from marrowscope.workflow.megakaryocytes import can_be_sought, seek_megakaryocytes
from marrowscope.workflow.opening import OpenedCase, OpenedSlide
from marrowscope.workflow.photos import count_cells_once, match_photos
from marrowscope.workflow.scale import WorkingScale, working_scales
from marrowscope.workflow.zones import zones_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What to read of every slide.

    Where a slide has included regions, only the fields that touch them are read.
    `min_score`: the bundle's own when None. `again`: read slides that this model has
    read to the end before. `sample`: only so many fields of each slide, drawn at
    random. `target`: cells to meet in the whole case, the best fields of each slide
    first; None reads all. `megakaryocytes`: seek them over whole smears as well, beside
    the count.
    """

    min_score: float | None = None
    again: bool = False
    sample: Sample | None = None
    target: int | None = None
    megakaryocytes: bool = False


@dataclass(frozen=True, slots=True)
class RunUpdate:
    """One event of one slide; cells carry the ids they are stored under.

    `scale` is what the run works with; it may be only proposed or assumed.
    """

    slide: OpenedSlide
    scale: WorkingScale
    event: Event


def read_case(
    case: OpenedCase,
    reader: CellReader,
    request: ReadingRequest,
    token: CancellationToken,
) -> Iterator[RunUpdate]:
    """Read slide after slide; a run stopped or killed earlier goes on where it was.

    Photos of one smear are compared with one another first, and in the end a cell that
    several of them show is counted once. Must run in one thread, the one that writes
    the case file.
    """
    match_photos(case, token)
    yield from _read_slides(case, reader, request, token)
    count_cells_once(case.file)


def _read_slides(
    case: OpenedCase,
    reader: CellReader,
    request: ReadingRequest,
    token: CancellationToken,
) -> Iterator[RunUpdate]:
    scales = working_scales(case.slides)
    left = request.target
    for opened in case.slides:
        if token.cancelled or (left is not None and left <= 0):
            break
        scale, wanted = scales[opened.number], replace(request, target=left)
        for event in _read_slide(case.file, opened, scale, reader, wanted, token):
            yield RunUpdate(opened, scale, event)
        if left is not None:
            left -= _met(case.file, opened)
    if request.megakaryocytes:
        for opened in case.slides:
            yield from _seek(case.file, opened, scales, reader, request, token)


def _met(file: CaseFile, opened: OpenedSlide) -> int:
    """Cells of a slide that bring its target nearer."""
    table = file.cells(opened.number)
    rows = counted_rows(table, file.regions())
    return int((rows & ~table.sought).sum())


def _seek(
    file: CaseFile,
    opened: OpenedSlide,
    scales: Mapping[int, WorkingScale],
    reader: CellReader,
    request: ReadingRequest,
    token: CancellationToken,
) -> Iterator[RunUpdate]:
    scale = scales[opened.number]
    run = can_be_sought(file, opened, reader, scale.mpp)
    if run is None or token.cancelled:
        return
    for event in seek_megakaryocytes(
        file,
        opened,
        reader,
        token,
        run=run,
        mpp=scale.mpp,
        min_score=request.min_score,
    ):
        yield RunUpdate(opened, scale, event)


def _read_slide(
    file: CaseFile,
    opened: OpenedSlide,
    scale: WorkingScale,
    reader: CellReader,
    request: ReadingRequest,
    token: CancellationToken,
) -> Iterator[Event]:
    regions = of_slide(file.regions(), opened.number)
    said = plan_of(scale, request, regions)
    if not request.again and _finished_before(file, opened, reader, said):
        log.info("slide %d was read to its end before", opened.number)
        return
    zones = zones_of(file, opened, scale.mpp, token)
    if token.cancelled:
        return
    run = _to_go_on_with(file, opened, reader, said, again=request.again)
    plan = ReadingPlan(
        mpp=scale.mpp,
        regions=regions,
        min_score=request.min_score,
        done=file.kept_boxes(run) if run else {},
        slide_number=opened.number,
        sample=request.sample,
        zones=zones,
        target=request.target,
    )
    for event in analyse(opened.slide, reader, plan, token):
        if isinstance(event, RunStarted) and run is None:
            run = _begin(file, opened, reader, said, event)
        if run is not None:
            event = _store(file, run, event)
        yield event


def plan_of(
    scale: WorkingScale, request: ReadingRequest, regions: Sequence[Region]
) -> dict[str, object]:
    """What the provenance keeps of a request: enough to know the same run again.

    `regions`: of the slide. Where some are included, "region" is what they cover
    together, a GeoJSON geometry in level-0 pixels.
    """
    wanted, sample = joined(r for r in regions if r.included), request.sample
    said: dict[str, object] = {
        "mpp": scale.mpp,
        "mpp_certainty": scale.certainty,
        "min_score": request.min_score,
        "region": None
        if wanted.is_empty
        else json.loads(json.dumps(to_geometry(wanted))),
    }
    # Only where asked for: runs stored before know no such key, and go on.
    if sample is not None:
        said["sample"] = {"fields": sample.fields, "seed": sample.seed}
    if request.target is not None:
        said["target"] = request.target
    return said


def area_read(plan: Mapping[str, object]) -> Area | None:
    """What the regions of a run's plan covered; None where it read the whole slide."""
    match plan.get("region"):
        case dict(geometry):
            return of_geometry(geometry)
        case [x, y, width, height]:  # as cases before version 5 say it
            return rectangle(Box(x, y, width, height))
        case _:
            return None


def everything_read(file: CaseFile) -> bool:
    """True when the readings that are counted were in all regions to be counted."""
    regions = file.regions()
    for run in file.counted_runs():
        had = area_read(run.provenance.plan)
        wanted = joined(r for r in of_slide(regions, run.slide) if r.included)
        if had is not None and (wanted.is_empty or not covers(had, wanted)):
            return False
    return True


def _runs_of(
    file: CaseFile, opened: OpenedSlide, reader: CellReader
) -> list[StoredRun]:
    return [
        run
        for run in file.runs()
        if run.slide == opened.number
        and run.provenance.model.sha256 == reader.model.sha256
    ]


def _finished_before(
    file: CaseFile, opened: OpenedSlide, reader: CellReader, said: Mapping[str, object]
) -> bool:
    """True when the reading that is counted has been to the end of what is wanted."""
    read = [run for run in _runs_of(file, opened, reader) if run.done]
    if not read or not read[-1].finished:
        return False
    plan = read[-1].provenance.plan
    # What could not be read then may be readable now: a share that is back.
    return _enough(plan, said) and not (read[-1].failed and plan == said)


def _enough(plan: Mapping[str, object], said: Mapping[str, object]) -> bool:
    """True when a reading by `plan` read everything that `said` asks for."""
    if {**plan, "region": None} != {**said, "region": None}:
        return False
    had, wanted = area_read(plan), area_read(said)
    # A draw and a target pick other fields where the area is another.
    if plan.keys() & {"sample", "target"}:
        return plan == said
    return had is None or (wanted is not None and covers(had, wanted))


def _to_go_on_with(
    file: CaseFile,
    opened: OpenedSlide,
    reader: CellReader,
    said: Mapping[str, object],
    *,
    again: bool,
) -> StoredRun | None:
    """A run like this that left fields unread; one at its end is not read again."""
    alike = [r for r in _runs_of(file, opened, reader) if r.provenance.plan == said]
    if not alike:
        return None
    left = not alike[-1].finished or (alike[-1].failed and not again)
    return alike[-1] if left else None


def _begin(
    file: CaseFile,
    opened: OpenedSlide,
    reader: CellReader,
    said: dict[str, object],
    started: RunStarted,
) -> StoredRun:
    provenance = Provenance(
        model=reader.model,
        device=reader.device,
        program=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        plan=said,
    )
    return file.begin_run(
        opened.number, provenance, reader.vocabulary, fields=started.fields
    )


def _store(file: CaseFile, run: StoredRun, event: Event) -> Event:
    if isinstance(event, FieldRead):
        return replace(event, cells=file.add_field(run, event.number, event.cells))
    if isinstance(event, FieldFailed):
        file.add_failed_field(run, event.number, event.reason)
    if isinstance(event, RunFinished) and not event.cancelled:
        file.finish_run(run)
    return event
