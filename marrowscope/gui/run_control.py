"""Starting, pausing and stopping a run, and what it tells meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.regions import Region
from marrowscope.gui.case_state import Phase, RunState
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.gui.run_jobs import (
    ModelReady,
    RunOutcome,
    RunPart,
    RunRequest,
    read_smear,
)
from marrowscope.inference.reader import CellReader
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.running import ReadingRequest


class RunControl(QObject):
    """One run at a time. Signals carry CellReader, RunPart, RunOutcome, Failure."""

    state_changed = Signal()
    model_ready = Signal(object)
    advanced = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._token: CancellationToken | None = None
        self._reader: CellReader | None = None
        self._request: RunRequest | None = None
        self.state = RunState()

    def start(
        self,
        case: OpenedCase,
        model: str,
        *,
        regions: Callable[[], tuple[Region, ...]],
        again: bool = False,
        target: int | None = None,
    ) -> None:
        """Load the model if need be and read the case, counting in `regions`.

        Towards a `target` of cells megakaryocytes are sought over the whole smear too.
        """
        if self.state.active:
            return
        known = self._reader
        same = known is not None and known.model.name == model
        self._token = CancellationToken()
        self._request = RunRequest(
            case=case,
            model=model,
            reading=ReadingRequest(
                again=again, target=target, megakaryocytes=target is not None
            ),
            token=self._token,
            regions=regions,
            reader=known if same else None,
        )
        job = Job(self._request, read_smear)
        # Closing the window cancels jobs by their token: let it be the run's own.
        job.token = self._token
        job.reported.connect(self._on_parts)
        job.answered.connect(self._on_answer)
        job.failed.connect(self._on_failure)
        job.ended.connect(self._on_end)
        self._become(RunState(Phase.PREPARING))
        self._runner.start(job, Lane.RUN)

    def pause(self) -> None:
        """Hold the run after the field in hand."""
        if self._token is not None and self.state.phase is Phase.READING:
            self._token.pause()
            self._become(replace(self.state, phase=Phase.PAUSED))

    def resume(self) -> None:
        if self._token is not None and self.state.phase is Phase.PAUSED:
            self._token.resume()
            self._become(replace(self.state, phase=Phase.READING))

    def cancel(self) -> None:
        """Stop after the field in hand; what was read stays."""
        if self._token is not None and self.state.active:
            self._token.cancel()
            self._become(replace(self.state, phase=Phase.STOPPING, field=None))

    def reset(
        self, *, phase: Phase = Phase.NONE, cells: int = 0, failed: int = 0
    ) -> None:
        """Forget the last run, because another case is in hand."""
        self._request = None
        self._become(RunState(phase, cells=cells, failed=failed))

    def _become(self, state: RunState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit()

    @Slot(object)
    def _on_parts(self, parts: list[ModelReady | RunPart]) -> None:
        latest: RunPart | None = None
        fresh = None
        for part in parts:
            if isinstance(part, ModelReady):
                self._reader = part.reader
                self.model_ready.emit(part.reader)
                continue
            # Parts are whole tables: only the last one of a batch matters, but calls
            # that moved to other cells must not be missed.
            fresh = fresh if part.verdicts is None else part.verdicts
            latest = part
        if latest is not None:
            self._advance(replace(latest, verdicts=fresh))

    def _advance(self, part: RunPart) -> None:
        phase = self.state.phase
        self.state = RunState(
            phase=Phase.READING if phase is Phase.PREPARING else phase,
            done=part.done,
            total=part.total,
            failed=part.failed,
            cells=len(part.table),
            seconds_left=part.seconds_left,
            slide=part.slide,
            field=part.field,
            seeking=part.seeking,
        )
        self.advanced.emit(part)
        self.state_changed.emit()

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if answer.request is not self._request:
            return
        outcome: RunOutcome = answer.value
        phase = Phase.STOPPED if outcome.cancelled else Phase.FINISHED
        self.state = replace(self.state, phase=phase, seconds_left=None, field=None)
        self.finished.emit(outcome)
        self.state_changed.emit()

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        phase = Phase.STOPPED if self.state.done else Phase.NONE
        self._become(replace(self.state, phase=phase, seconds_left=None, field=None))
        self.failed.emit(failure)

    @Slot(object)
    def _on_end(self, job: Job) -> None:
        self._token = None
        self.ended.emit()
