"""The only mutable state of the window: signals and delegation, nothing else.

Panels take the session in their constructor, subscribe to `changed`, read its
properties (see `CaseView`) and call its intents; they never meet each other. Everything
here runs on the window's thread; everything slow is a job (`case_jobs`, `run_jobs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.gui import case_jobs
from marrowscope.gui.case_contents import CaseContents
from marrowscope.gui.case_running import CaseRunning
from marrowscope.gui.case_state import EVERYTHING, Changes, Phase
from marrowscope.gui.edit_jobs import Redrawn
from marrowscope.gui.jobs import Job, JobRunner
from marrowscope.gui.messages import problems
from marrowscope.workflow.models import DEFAULT_MODEL


class CaseSession(CaseRunning):
    """What the window is about: one case, its cells, and where the reader is."""

    scale_proposed = Signal(object)  # (slide number, microns per pixel or None)

    def __init__(
        self, runner: JobRunner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(runner, parent)
        self._waiting_paths: tuple[Path, ...] = ()
        self._start_when_open = False
        self._door.opened.connect(self._on_opened)
        self._door.changed.connect(self._on_door)
        self._door.failed.connect(self.tell_failure)
        self._door.proposed.connect(self.scale_proposed)
        self._door.pictures.failed.connect(self._on_unpictured)
        self._run.ended.connect(self._on_run_ended)
        self._calls.changed.connect(self._on_calls)
        self._calls.failed.connect(self.tell_failure)
        self._calls.reversed.connect(self._on_reversed)
        self._calls.added.connect(self._on_reversed)
        self._calls.redrawn.connect(self._on_redrawn)
        self._calls.looked_back.connect(self._on_looked_back)
        self._calls.kept.connect(self._on_kept)
        self._colours.failed.connect(self.tell_failure)
        self._book.changed.connect(self._on_regions)
        self._book.looked.connect(self._on_region_looked)
        self._book.stored.connect(self._on_regions_stored)
        self._book.failed.connect(self.tell_failure)
        self._focus.picture_came.connect(self._on_picture)
        self._shelf.taken.connect(self._on_model_taken)
        self._shelf.missing.connect(self._on_model_missing)
        self._notices.changed.connect(self._on_notices)
        self.zones.changed.connect(self._on_zones)
        self.reading.changed.connect(self._on_reading)
        self.specimen.changed.connect(self._on_specimen)
        self.signing.changed.connect(self._on_signing)
        self.formal.changed.connect(self._on_formal)
        self.changed.connect(self._look_for_zones)

    # Opening and closing ---------------------------------------------------------

    def look_for_model(self, name: str = DEFAULT_MODEL) -> None:
        """Read with this model from now on; its card, `bundle` and MODEL follow."""
        self._shelf.look_for(name)

    def open_paths(self, paths: Sequence[Path], *, start: bool = False) -> None:
        """Open slides, photos, folders or a case file; `start` reads at once.

        A run that is going on is stopped first; what it has read is kept.
        """
        self.dismiss()
        self.keep_colours()
        self._start_when_open = start
        if self.run.active:
            self._waiting_paths = tuple(paths)
            self._run.cancel()
        else:
            self._door.open(paths)

    def close(self, *, seconds: float = 10.0) -> bool:
        """Stop everything and let the case go; False when a worker still runs."""
        self.keep_colours()
        self._door.pictures.stop()
        self.seen.stop()
        case = self._door.case
        last = None if case is None else Job(case, case_jobs.close_case)
        return self.runner.close(last, seconds=seconds)

    def calibrate(
        self, mpp: float, *, source: str, slides: Sequence[int] | None = None
    ) -> None:
        """Believe `mpp` microns per level-0 pixel; by default for the slide shown.

        `source` is one of "typed", "camera and objective", "red cell measured",
        "red cells".
        """
        numbers = [self.slide.number] if slides is None and self.slide else slides
        self._door.calibrate(numbers or [], mpp=mpp, source=source)
        if not self.run.active:
            # What was read at another scale is worth reading again.
            self._run.reset(cells=self.run.cells)

    def propose_scale(self) -> None:
        """Measure the red cells of the slide shown; `scale_proposed` follows."""
        if self.slide is not None:
            self._door.propose(self.slide.number)

    def find_slide(self, path: Path) -> None:
        """A slide that the case misses lies here now; the case opens with it."""
        self.dismiss()
        self._door.find(path, self.inputs)

    # What workers tell -----------------------------------------------------------

    @Slot(object)
    def _on_opened(self, contents: CaseContents) -> None:
        self._contents = contents
        self._calls.begin(contents.case, contents.verdicts)
        self._colours.begin(contents.case, contents.displays)
        self._book.begin(contents.case, contents.regions)
        self._focus.select(())
        self._hidden = frozenset()
        self.zones.forget()
        self.specimen.take(contents.specimen)
        self.signing.take(contents.signing, contents.signed_by)
        self.formal.begin(contents.formal)
        self.reading.end()
        self.seen.forget()
        self._model, self._device = contents.model, contents.device
        first = next(iter(self.slides), None)
        self._current = first.number if first else None
        table, known = contents.table, contents.cells
        self._hold(table, known and Redrawn(known, contents.counted))
        self._vocabulary, self._checks = contents.vocabulary, contents.checks
        self._counted, self._fields = contents.counted, contents.fields
        found = 0 if table is None else len(table)
        self._target = contents.target if contents.model else self._target
        self._recount()
        self._notices.look_for(None)
        self.changed.emit(EVERYTHING)
        phase, failed = self._phase_of(contents), contents.failed
        self._run.reset(phase=phase, cells=found, failed=failed)
        self._look_for_notices()
        self._on_unpictured(())
        if self._start_when_open:
            self._start_when_open = False
            self.start_run()

    @Slot(object)
    def _on_unpictured(self, errors: Sequence[MarrowScopeError]) -> None:
        """Say what could not be opened, and what shows its damage only when decoded."""
        failures = self._contents.failures if self._contents else ()
        # A slide that was moved has its own line, for as long as it is missing.
        failed = [one.error for one in failures if one.slide is None]
        if failed or errors:
            self.say(problems([*failed, *errors]))

    def _phase_of(self, contents: CaseContents) -> Phase:
        known, here = contents.model, self._shelf.bundle
        other = known and here and here.identity.sha256 != known.sha256
        if known is None or other or contents.sampled:  # all of it may be wanted now
            return Phase.NONE
        return Phase.STOPPED if contents.unfinished else Phase.FINISHED

    @Slot(object)
    def _on_door(self, change: Changes) -> None:
        self.changed.emit(change)
        if change & Changes.CALIBRATION and self.regions:
            self._count_again()  # their areas are others now

    @Slot()
    def _on_model_taken(self) -> None:
        if self._contents is not None and not self.run.active:
            # What another model read stays, and may be read anew with this one.
            phase = self._phase_of(self._contents)
            run = self.run
            self._run.reset(phase=phase, cells=run.cells, failed=run.failed)
        self.changed.emit(Changes.MODEL)

    @Slot()
    def _on_model_missing(self) -> None:
        self.changed.emit(Changes.MODEL)

    @Slot(object)
    def _look_for_zones(self, change: Changes) -> None:
        seldom = Changes.CASE | Changes.SLIDE | Changes.CALIBRATION
        if change & (seldom | Changes.OPENING):
            # Opening waits for every look at the slides there were.
            case = None if self.opening else self._door.case
            self.zones.look_for(case, self.slide)

    @Slot()
    def _on_zones(self) -> None:
        self.changed.emit(Changes.ZONES)

    @Slot()
    def _on_reading(self) -> None:
        self.changed.emit(Changes.READING)

    @Slot()
    def _on_notices(self) -> None:
        self.changed.emit(Changes.NOTICES)

    @Slot()
    def _on_run_ended(self) -> None:
        if self._waiting_paths:
            paths, self._waiting_paths = self._waiting_paths, ()
            self._door.open(paths)

    @Slot()
    def _on_kept(self) -> None:
        self.changed.emit(Changes.SAVED)

    @Slot()
    def _on_looked_back(self) -> None:
        self.changed.emit(Changes.HISTORY | Changes.SAVED)

    @Slot(object)
    def _on_redrawn(self, redrawn: Redrawn) -> None:
        self._hold(redrawn.cells.table, redrawn)
        self._counted = redrawn.counted
        change = Changes.CELLS | Changes.COUNTS
        if len(self.selection) and self.selected is None:
            self._focus.select(())
            change |= Changes.SELECTION
        self.changed.emit(change)

    @Slot()
    def _on_picture(self) -> None:
        self.changed.emit(Changes.PICTURE)
