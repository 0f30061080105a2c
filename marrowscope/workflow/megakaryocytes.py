"""Megakaryocytes of a case: sought over whole smears, beside the count."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import (
    CandidateRead,
    Event,
    SearchFinished,
    SearchStarted,
)
from marrowscope.analysis.megakaryocyte_search import look_at_candidates
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.imaging.counting_zone.finding import has_zones
from marrowscope.imaging.megakaryocytes.finding import (
    Candidate,
    candidates_by_tile,
    likeliest_apart,
)
from marrowscope.imaging.small_network import SmallNetwork
from marrowscope.inference.reader import CellReader
from marrowscope.report.sources import ReportedSearch
from marrowscope.store.case_file import CaseFile, StoredRun
from marrowscope.workflow import places
from marrowscope.workflow.opening import OpenedSlide
from marrowscope.workflow.zones import zones_of

log = logging.getLogger(__name__)


def load_search_model() -> SmallNetwork:
    """The network that points out megakaryocytes at low power, as shipped."""
    folder = places.resources() / "megakaryocytes"
    return SmallNetwork.load(folder / "megakaryocytes.npz")


def can_be_sought(
    file: CaseFile, opened: OpenedSlide, reader: CellReader, mpp: float
) -> StoredRun | None:
    """The run of a slide to seek beside: finished, counted, and not sought beside yet.

    None for a field photo and for a model that names no megakaryocytes.
    """
    named = any(c.lineage == LINEAGE for c in reader.vocabulary.classes)
    if not named or not has_zones(opened.slide, mpp):
        return None
    counted = {run.slide: run for run in file.counted_runs()}
    run = counted.get(opened.number)
    if run is None or not run.finished or run.number in file.searches():
        return None
    return run if run.provenance.model.sha256 == reader.model.sha256 else None


def seek_megakaryocytes(
    file: CaseFile,
    opened: OpenedSlide,
    reader: CellReader,
    token: CancellationToken,
    *,
    run: StoredRun,
    mpp: float,
    min_score: float | None = None,
) -> Iterator[Event]:
    """Seek over the whole smear and store what is found beside the run.

    A search that was stopped begins anew and finds nothing twice.
    """
    yield SearchStarted()
    known = file.cells(opened.number).box
    candidates = _candidates(file, opened, mpp, token)
    if candidates is None:
        return
    for event in look_at_candidates(
        opened.slide,
        reader,
        candidates,
        token,
        mpp=mpp,
        known=known,
        slide_number=opened.number,
        min_score=min_score,
    ):
        yield _stored(file, run, event)


def reported_searches(file: CaseFile) -> tuple[ReportedSearch, ...]:
    """The searches beside the runs that are counted."""
    known = file.searches()
    found = [known[r.number] for r in file.counted_runs() if r.number in known]
    return tuple(ReportedSearch(s.slide, s.candidates, s.failed) for s in found)


def _candidates(
    file: CaseFile, opened: OpenedSlide, mpp: float, token: CancellationToken
) -> list[Candidate] | None:
    """None where the low levels cannot be read, and when cancelled."""
    zones = zones_of(file, opened, mpp, token)
    model, found = load_search_model(), []
    try:
        for tile in candidates_by_tile(opened.slide, mpp=mpp, model=model, zones=zones):
            if token.cancelled:
                return None
            found += tile
        return likeliest_apart(found, mpp=mpp)
    except MarrowScopeError as error:
        log.warning("no search over slide %d: %s", opened.number, error)
        return None


def _stored(
    file: CaseFile, run: StoredRun, event: CandidateRead | SearchFinished
) -> Event:
    if isinstance(event, CandidateRead):
        if not len(event.cells):
            return event
        return replace(event, cells=file.add_sought(run, event.cells))
    if not event.cancelled:
        file.finish_search(run, candidates=event.candidates, failed=event.failed)
    return event
