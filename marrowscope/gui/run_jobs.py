"""The run as the window's worker does it: events in, whole tables out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import (
    CandidateRead,
    FieldFailed,
    FieldRead,
    RunStarted,
)
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, count_in_regions
from marrowscope.domain.geometry import Box
from marrowscope.domain.growing_table import GrowingTable
from marrowscope.domain.regions import Region
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.jobs import Progress
from marrowscope.inference.reader import CellReader
from marrowscope.store.known_cells import KnownCells
from marrowscope.workflow.fields_read import FieldsRead, fields_read, with_field
from marrowscope.workflow.models import open_reader
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import known_and_counted
from marrowscope.workflow.running import ReadingRequest, RunUpdate, read_case
from marrowscope.workflow.scale import WorkingScale

RECENT_FIELDS = 30


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Read a case with a model; `reader` is the same model when it is loaded already.

    `token` is the run's own, so that it can be paused. `regions` gives those in force
    at the moment; it is called by the worker.
    """

    case: OpenedCase
    model: str
    reading: ReadingRequest
    token: CancellationToken
    regions: Callable[[], tuple[Region, ...]]
    reader: CellReader | None = None


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is loaded, and on which device it works."""

    reader: CellReader


@dataclass(frozen=True, slots=True)
class RunPart:
    """The case as it stands after some fields; `verdicts` None when unchanged.

    `counted`: the cells of `table` that the regions leave in the count; `fields` were
    read by slide. `seeking`: megakaryocytes are being sought, and `done` and `total`
    count the places looked at.
    """

    table: CellTable
    counted: Counted
    fields: FieldsRead
    vocabulary: ModelVocabulary
    verdicts: Mapping[int, Verdict] | None
    slide: int
    scale: WorkingScale
    field: Box
    done: int
    total: int
    failed: int
    seconds_left: float | None
    seeking: bool = False


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended; `verdicts` as they stand beside the cells of now.

    `counted`: those of `table` that regions leave in the count; None without a table.
    """

    verdicts: Mapping[int, Verdict]
    cells: KnownCells | None
    vocabulary: ModelVocabulary | None
    counted: Counted | None
    fields: FieldsRead
    read: int
    failed: int
    cancelled: bool

    @property
    def table(self) -> CellTable | None:
        """The cells of the case; None before any was looked for."""
        return self.cells.table if self.cells else None


def read_smear(request: RunRequest, progress: Progress) -> RunOutcome:
    """Read the case; RunPart after RunPart is reported, everything is stored."""
    reader = request.reader or open_reader(request.model)
    progress.report(ModelReady(reader))
    course = _Course(request.case, reader, request.regions)
    for update in read_case(request.case, reader, request.reading, request.token):
        if course.take(update):
            progress.report(course.part())
            course.sent()
    file = request.case.file
    cells, vocabulary, counted = known_and_counted(file)
    return RunOutcome(
        verdicts=file.verdicts(),
        cells=cells,
        vocabulary=vocabulary,
        counted=counted,
        fields=fields_read(file),
        read=course.read,
        failed=course.failed,
        cancelled=request.token.cancelled,
    )


class _Course:
    """Adds field to field: a part costs what is new in it."""

    def __init__(
        self,
        case: OpenedCase,
        reader: CellReader,
        regions: Callable[[], tuple[Region, ...]],
    ) -> None:
        self._case, self._regions = case, regions
        self._vocabulary = reader.vocabulary
        self._cells: GrowingTable | None = None
        self._counted: Counted | None = None
        self._fields: FieldsRead = {}
        self._fresh: Mapping[int, Verdict] | None = None
        self._totals: dict[int, tuple[int, int]] = {}  # slide: (done, total)
        self._seeking: tuple[int, int] | None = None  # candidates looked at, in all
        self._intervals: deque[float] = deque(maxlen=RECENT_FIELDS)
        self._last = time.monotonic()
        self._update: RunUpdate | None = None
        self._field: Box | None = None
        self._reload = True
        self.read = self.failed = 0

    def take(self, update: RunUpdate) -> bool:
        """Note one event; True when there is something new to show."""
        event, slide = update.event, update.slide.number
        if isinstance(event, RunStarted):
            self._reload = True
            self._totals[slide] = (0, len(event.fields))
            self._last = time.monotonic()
        if not isinstance(event, FieldRead | FieldFailed | CandidateRead):
            return False
        self._update, self._field = update, event.field
        self._note_progress(slide, event)
        now = time.monotonic()
        self._intervals.append(now - self._last)
        self._last = now
        if isinstance(event, FieldFailed):
            self.failed += 1
            return self._cells is not None
        self.read += isinstance(event, FieldRead)
        self._add(event.cells)
        return self._cells is not None

    def _note_progress(
        self, slide: int, event: FieldRead | FieldFailed | CandidateRead
    ) -> None:
        if isinstance(event, CandidateRead):
            self._seeking = event.done, event.total
        else:
            self._totals[slide] = (event.done, event.total)

    def _add(self, cells: CellTable) -> None:
        if self._reload:
            # The file alone knows which older cells still count beside the new ones.
            known = self._case.file.cells(outlines=False)
            self._cells = GrowingTable(known)
            self._counted = self._count(known)
            self._fields = fields_read(self._case.file)
            self._fresh = self._case.file.verdicts()
            self._reload = False
        elif self._cells is not None and self._counted is not None:
            assert self._update is not None
            assert self._field is not None
            if self._seeking is None:
                number = self._update.slide.number
                self._fields = with_field(self._fields, number, self._field)
            self._cells.append(cells)
            self._counted = self._counted.with_cells(cells, self._vocabulary)

    def part(self) -> RunPart:
        """What the window shall show now."""
        assert self._update is not None
        assert self._field is not None
        assert self._cells is not None
        assert self._counted is not None
        table = self._cells.table
        if self._counted.extent.regions != self._regions():
            self._counted = self._count(table)
        done, total = self._progress()
        usual = median(self._intervals) if len(self._intervals) >= 3 else None
        return RunPart(
            table=table,
            counted=self._counted,
            fields=self._fields,
            vocabulary=self._vocabulary,
            verdicts=self._fresh,
            slide=self._update.slide.number,
            scale=self._update.scale,
            field=self._field,
            done=done,
            total=total,
            failed=self.failed,
            seconds_left=None if usual is None else usual * (total - done),
            seeking=self._seeking is not None,
        )

    def _count(self, table: CellTable) -> Counted:
        scales = {s.number: s.mpp for s in self._case.slides}
        if self._update is not None and scales.get(self._update.slide.number) is None:
            scales[self._update.slide.number] = self._update.scale.mpp
        return count_in_regions(table, self._vocabulary, self._regions(), scales)

    def sent(self) -> None:
        self._fresh = None

    def _progress(self) -> tuple[int, int]:
        """Fields done and to come; slides not begun count by their area.

        Of a search for megakaryocytes, the places looked at.
        """
        if self._seeking is not None:
            return self._seeking
        area = {s.number: _area(s.slide.identity) for s in self._case.slides}
        begun = sum(area[n] for n in self._totals)
        known = sum(total for _, total in self._totals.values())
        rest = sum(area.values()) - begun
        total = known + round(known * rest / max(begun, 1))
        return sum(done for done, _ in self._totals.values()), total


def _area(identity: object) -> int:
    return identity.width * identity.height  # type: ignore[attr-defined]
