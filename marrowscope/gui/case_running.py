"""What a reader asks of the run, and what the session takes of what it found."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_outlining import CaseOutlining
from marrowscope.gui.case_state import Changes
from marrowscope.gui.edit_jobs import Redrawn
from marrowscope.gui.jobs import JobRunner
from marrowscope.gui.run_jobs import RunOutcome, RunPart
from marrowscope.inference.reader import CellReader


class CaseRunning(CaseOutlining):
    """The part of `CaseSession` that reads smears."""

    def __init__(
        self, runner: JobRunner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(runner, parent)
        self._run.state_changed.connect(self._on_run_state)
        self._run.model_ready.connect(self._on_model_ready)
        self._run.advanced.connect(self._on_advanced)
        self._run.finished.connect(self._on_finished)
        self._run.failed.connect(self.tell_failure)

    @property
    def can_start(self) -> bool:
        """True when there is something to read and nothing is being read."""
        idle = not self.run.active and not self.opening
        held = self.fixed is not None or self.aside
        return bool(self.slides) and idle and not held

    def start_run(self, *, again: bool = False) -> None:
        """Read the smear, or go on where it was stopped."""
        if self._door.case is not None and self.can_start:
            self.dismiss()
            self._run.start(
                self._door.case,
                self._shelf.chosen,
                regions=self._book.current,
                again=again,
                target=self._target,
            )

    def set_target(self, cells: int | None) -> None:
        """Read until so many cells are met, the best fields first; None: read all."""
        if cells == self._target:
            return
        self._target = cells
        if not self.run.active:
            # What was read to another end may be read to this one.
            self._run.reset(cells=self.run.cells)
        self.changed.emit(Changes.TARGET)

    def pause(self) -> None:
        self._run.pause()

    def resume(self) -> None:
        self._run.resume()

    def cancel(self) -> None:
        self._run.cancel()

    # What the worker tells -------------------------------------------------------

    @Slot(object)
    def _on_model_ready(self, reader: CellReader) -> None:
        self._model, self._device = reader.model, reader.device.text
        self.changed.emit(Changes.MODEL)

    @Slot()
    def _on_run_state(self) -> None:
        self.changed.emit(Changes.RUN)

    @Slot(object)
    def _on_advanced(self, part: RunPart) -> None:
        self._door.note_scale(part.slide, part.scale)
        change = Changes.CELLS | Changes.COUNTS
        if part.verdicts is not None:
            self._calls.refresh(part.verdicts)
            change |= Changes.VERDICTS
        self._hold(part.table)
        self._take(part, change)

    def _take(self, source: RunPart | RunOutcome, change: Changes) -> None:
        self._vocabulary = source.vocabulary
        self._counted, self._fields = source.counted, source.fields
        if source.counted and source.counted.extent.regions != self.regions:
            self._count_again()
        if len(self.selection) and self.selected is None:
            self._focus.select(())
            change |= Changes.SELECTION
        self._recount()
        self.changed.emit(change)

    @Slot(object)
    def _on_finished(self, outcome: RunOutcome) -> None:
        self._calls.refresh(outcome.verdicts)
        change = Changes.CELLS | Changes.COUNTS | Changes.VERDICTS
        known = outcome.cells
        self._hold(outcome.table, known and Redrawn(known, outcome.counted))
        self._take(outcome, change)
        self._look_for_notices()
