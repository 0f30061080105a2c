"""The order of a run: plan, read, find, place, merge; a generator of events.

The next field is read from the file while the network works on the one before.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import (
    Event,
    FieldFailed,
    FieldRead,
    RunFinished,
    RunStarted,
)
from marrowscope.analysis.merging import Merger
from marrowscope.analysis.placing import placed
from marrowscope.analysis.plan import ReadingPlan, best_first
from marrowscope.analysis.region_fields import fields_in
from marrowscope.analysis.sampling import drawn_places
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Finding
from marrowscope.domain.counted import centres, counted_points
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box, Boxes, Pixels
from marrowscope.domain.regions import inside, joined
from marrowscope.imaging.fields import read_at_scale
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.tiles import FieldPlace
from marrowscope.imaging.tissue import empty_field, tissue_boxes
from marrowscope.inference.reader import CellReader

log = logging.getLogger(__name__)
READ_AHEAD = 2
SLACK_UM = 4.0


def analyse(
    slide: Slide, reader: CellReader, plan: ReadingPlan, token: CancellationToken
) -> Iterator[Event]:
    """Read a slide field by field; every cell comes once, in level-0 pixels.

    Yields RunStarted, then FieldRead or FieldFailed for each field not done before,
    then RunFinished. A damaged field does not end the run; an unusable model does,
    with UnusableModel. The token is polled between fields. With a target the run ends
    after the field that met it; the best fields come first where zones are known.
    """
    run = _Run(slide, reader, plan)
    yield RunStarted(tuple(place.box for place in run.places))
    read = failed = 0
    for place, pixels in run.fields(token):
        event = run.event(place, pixels)
        read += isinstance(event, FieldRead)
        failed += isinstance(event, FieldFailed)
        yield event
        if run.enough:
            break
    yield RunFinished(read=read, failed=failed, cancelled=token.cancelled)


class _Run:
    """One run's fixed facts and its merger."""

    def __init__(self, slide: Slide, reader: CellReader, plan: ReadingPlan) -> None:
        self._slide, self._reader, self._plan = slide, reader, plan
        spec, identity = reader.spec, slide.identity
        self._scale = spec.mpp / plan.mpp
        self._size = identity.width, identity.height
        self._wanted = joined(r for r in plan.regions if r.included)
        self.places = fields_in(
            self._wanted,
            *self._size,
            spec_size=spec.size,
            spec_mpp=spec.mpp,
            margin_um=spec.margin_um,
            slide_mpp=plan.mpp,
        )
        if plan.sample is not None:
            self.places = drawn_places(
                self.places,
                plan.sample,
                stained=tissue_boxes(slide),
                read=self._pixels,
            )
        slack = SLACK_UM / plan.mpp
        self._merger = Merger(slack=slack, bin_size=25 * slack)
        for number, boxes in sorted(plan.done.items()):
            kept = [Box(*map(float, row)) for row in boxes]
            self._merger.remember(kept, self.places[number].core)
        self._finished = len(plan.done)
        self._kept = sum(map(self._counted, plan.done.values()))

    @property
    def enough(self) -> bool:
        """True once the target is met."""
        target = self._plan.target
        return target is not None and self._kept >= target

    def fields(
        self, token: CancellationToken
    ) -> Iterator[tuple[FieldPlace, Future[Pixels]]]:
        """Fields to read, with their pixels on the way; ends when cancelled."""
        wanted = () if self.enough else best_first(self.places, self._plan)
        waiting = deque(p for p in wanted if p.number not in self._plan.done)
        ahead: deque[tuple[FieldPlace, Future[Pixels]]] = deque()
        pool = ThreadPoolExecutor(1, thread_name_prefix="fields")
        try:
            while waiting or ahead:
                token.wait_while_paused()
                if token.cancelled:
                    break
                while waiting and len(ahead) < READ_AHEAD:
                    place = waiting.popleft()
                    ahead.append((place, pool.submit(self._pixels, place)))
                yield ahead.popleft()
        finally:
            # Also when whoever listens breaks off: nothing is read for nobody.
            pool.shutdown(cancel_futures=True)

    def _pixels(self, place: FieldPlace) -> Pixels:
        mpp = self._reader.spec.mpp
        return read_at_scale(self._slide, place.box, mpp=mpp, slide_mpp=self._plan.mpp)

    def event(self, place: FieldPlace, pixels: Future[Pixels]) -> Event:
        """What became of one field."""
        self._finished += 1
        counts = {"done": self._finished, "total": len(self.places)}
        try:
            field = pixels.result()
        except MarrowScopeError as error:
            return _failed(place, error, str(error), counts)
        except Exception as error:  # noqa: BLE001 (a decoder may raise anything)
            reason = f"This field could not be decoded ({error})."
            return _failed(place, error, reason, counts)
        cells = self._table(self._owned(place, field))
        self._kept += self._counted(cells.box)
        return FieldRead(place.number, place.box, cells, **counts)

    def _owned(self, place: FieldPlace, field: Pixels) -> list[Finding]:
        # Every second pixel will do to tell blank glass from smear.
        if empty_field(field[::2, ::2]):
            return []
        plan = self._plan
        least = self._reader.min_score if plan.min_score is None else plan.min_score
        width, height = self._size
        found = [
            placed(f, place.box, scale=self._scale, width=width, height=height)
            for f in self._reader.read([field])[0]
            if f.score >= least
        ]
        owned = self._merger.own(found, place.core)
        if self._wanted.is_empty:
            return owned
        kept = inside(self._wanted, [f.box.centre for f in owned])
        return [f for f, within in zip(owned, kept, strict=True) if within]

    def _counted(self, boxes: Boxes) -> int:
        return int(counted_points(centres(boxes), self._plan.regions).sum())

    def _table(self, findings: Sequence[Finding]) -> CellTable:
        return CellTable.of_findings(
            findings,
            slide=self._plan.slide_number,
            classes=self._reader.classes,
            features=self._reader.vocabulary.feature_ids,
            fine=len(self._reader.vocabulary.fine),
        )


def _failed(
    place: FieldPlace, error: Exception, reason: str, counts: dict[str, int]
) -> FieldFailed:
    log.warning("field %d could not be read", place.number, exc_info=error)
    return FieldFailed(place.number, place.box, reason, **counts)
