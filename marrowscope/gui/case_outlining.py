"""What a reader says of regions: drawn, named, counted or left out, exchanged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Slot

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.regions import Region, RegionKind, Shape
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.gui.case_calling import CaseCalling
from marrowscope.gui.case_state import MANY_CALLS, Changes
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.messages import Message, problem
from marrowscope.gui.region_jobs import (
    CountRequest,
    ExportRequest,
    ImportRequest,
    count_again,
    give_regions,
    take_regions,
    taken_in_words,
)
from marrowscope.workflow.counting import count
from marrowscope.workflow.opening import naming
from marrowscope.workflow.regions import RegionsTaken, next_name


class CaseOutlining(CaseCalling):
    """The half of `CaseSession` that draws regions and counts in them."""

    def add_region(self, shape: Shape, *, slide: int) -> None:
        """A region of a slide, counted, named by its number, and in hand."""
        name = next_name(self.regions, slide)
        region = Region(slide, name, RegionKind.INCLUDE, shape)
        self._book.put([region])
        self._book.select(region.id)

    def change_region(self, region: Region) -> None:
        """Another outline, name or kind for the region of that id."""
        self._book.put([region])

    def remove_region(self, region: str | None = None) -> None:
        """Drop a region; by default the one in hand."""
        chosen = region or self._book.selected
        if chosen is not None:
            self._book.remove(chosen)

    def select_region(self, region: str | None) -> None:
        """Take a region in hand, or none; cells are let go for it."""
        if region is not None:
            self.select_cell(None)
            where = {r.id: r.slide for r in self.regions}.get(region)
            if where is not None:
                self.show_slide(where)
        self._book.select(region)

    def undo(self) -> None:
        """Undo whatever was done last, a call or a region."""
        if self._book.last_step > self._calls.last_step and not self.aside:
            self._book.undo()
        else:
            super().undo()

    def redo(self) -> None:
        """Do again what was undone last, a call or a region."""
        if self._book.last_undone > self._calls.last_undone and not self.aside:
            self._book.redo()
        else:
            super().redo()

    def import_regions(self, path: Path) -> None:
        """Add the regions of a GeoJSON file to the slide shown."""
        shown, case = self.slide, self._door.case
        if shown is None or case is None:
            return
        request = ImportRequest(case, path, shown.number, shown.size, self.regions)
        job = Job(request, take_regions)
        job.answered.connect(self._on_imported)
        job.failed.connect(self.tell_failure)
        self.runner.start(job, Lane.TILES)

    def export_regions(self, path: Path) -> None:
        """Write regions and cells of the slide shown as GeoJSON; a message follows."""
        case = self._door.case
        if self.slide is None or case is None:
            return
        number = self.slide.number
        request = ExportRequest(
            case=case,
            path=path,
            slide=number,
            regions=tuple(r for r in self.regions if r.slide == number),
            verdicts=dict(self.verdicts),
        )
        job = Job(request, give_regions)
        job.answered.connect(self._on_exported)
        job.failed.connect(self.tell_failure)
        self.runner.start(job, Lane.TILES)

    # What workers tell -----------------------------------------------------------

    @Slot(object)
    def tell_failure(self, failure: Failure) -> None:
        """Say what went wrong in a job."""
        self.say(problem(self._told(failure.error), failure.details))

    def _told(self, error: MarrowScopeError) -> MarrowScopeError:
        """Nobody but the program knows the case by the name of its file."""
        path = self.case_path
        return naming(error, path, f"of {self.case_name}") if path else error

    @Slot(object)
    def _on_imported(self, answer: Answer) -> None:
        taken: RegionsTaken = answer.value
        case = self._door.case
        if case is None or answer.request.case.file is not case.file:
            return  # another case was opened meanwhile
        self._book.put(taken.regions)
        self.say(taken_in_words(taken, answer.request.path.name))

    @Slot(object)
    def _on_exported(self, answer: Answer) -> None:
        path: Path = answer.value
        said = f"Regions and cells are saved in {path.name}."
        self.say(Message(said, place=path.parent))

    @Slot()
    def _on_regions(self) -> None:
        self._count_again()
        self.changed.emit(Changes.REGIONS | Changes.SAVED)

    @Slot()
    def _on_region_looked(self) -> None:
        self.changed.emit(Changes.REGIONS)

    @Slot(bool)
    def _on_regions_stored(self, everything_read: bool) -> None:
        if not everything_read and not self.run.active:
            # What nobody has read yet is worth reading.
            self._run.reset(cells=self.run.cells)
        self._look_for_notices()
        self.changed.emit(Changes.SAVED)

    def _look_for_notices(self) -> None:
        self._notices.look_for(None if self._table is None else self._door.case)

    def _recount(self) -> None:
        self._counts = count(
            self._table,
            self._calls.verdicts,
            self._vocabulary,
            self.taxonomy,
            self.criteria,
            counted=self._counted,
            specimen=self.specimen.words,
            checks=self._checks,
            formal=self.formal.count,
        )

    @Slot()
    def _on_calls(self) -> None:
        if len(self.called_last) > MANY_CALLS:
            self.changed.emit(Changes.VERDICTS | Changes.SAVED)
            QTimer.singleShot(0, self._count_calls)
            return
        self._recount()
        self.changed.emit(Changes.VERDICTS | Changes.COUNTS | Changes.SAVED)

    @Slot()
    def _count_calls(self) -> None:
        self._recount()
        self.changed.emit(Changes.COUNTS)

    def recount(self) -> None:
        """Count by the definitions in force now: they are others."""
        self._recount()
        self._look_for_notices()
        self.changed.emit(Changes.COUNTS | Changes.NOTICES)

    def take_checks(self, checks: tuple[UnflaggedCheck, ...]) -> None:
        """These unflagged cells were drawn to be read blind."""
        self._checks = checks
        self._recount()
        self.changed.emit(Changes.COUNTS)

    @Slot()
    def _on_signing(self) -> None:
        self.changed.emit(Changes.SIGNING)

    @Slot()
    def _on_specimen(self) -> None:
        self._recount()
        self._look_for_notices()
        self.changed.emit(Changes.SPECIMEN | Changes.COUNTS)

    @Slot()
    def _on_formal(self) -> None:
        self._recount()
        self.changed.emit(Changes.READING | Changes.COUNTS)

    def _count_again(self) -> None:
        """Have a worker count what the regions leave; counts follow."""
        if self._table is None or self._vocabulary is None:
            return
        request = CountRequest(
            self._table,
            self._vocabulary,
            self.regions,
            {s.number: s.mpp or s.read_mpp or s.working_mpp for s in self.slides},
        )
        job = Job(request, count_again)
        job.answered.connect(self._on_counted)
        self.runner.start(job, Lane.TILES)

    @Slot(object)
    def _on_counted(self, answer: Answer) -> None:
        asked: CountRequest = answer.request
        if asked.table is self._table and asked.regions is self.regions:
            self._counted = answer.value
            self._recount()
            self.changed.emit(Changes.COUNTS | Changes.REGIONS)
