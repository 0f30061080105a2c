"""Looks up earlier cases, compares with one, and puts a comparison into the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.serial import Marrow
from marrowscope.gui.jobs import Answer, Failure, Job, Lane, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.earlier_cases import (
    KnownCase,
    SideBySide,
    kept_side_by_side,
    known_cases,
    side_by_side,
)
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.serial import keep_comparison

PUT_IN = Message("The comparison stands in the report.")
TAKEN_OUT = Message("The report compares with no earlier marrow.")


@dataclass(frozen=True, slots=True)
class BeforeComparing:
    """`kept`: the comparison that is in the report; `known`: cases to choose from."""

    kept: SideBySide | None
    known: tuple[KnownCase, ...]


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Compare with the case that this file is, or is a slide of."""

    case: OpenedCase
    earlier: Path


@dataclass(frozen=True, slots=True)
class KeepRequest:
    """Report the comparison with this marrow from now on; None: with none."""

    case: OpenedCase
    then: Marrow | None
    reader: str


def look(request: OpenedCase, progress: Progress) -> BeforeComparing:
    """What is known before anything is chosen."""
    return BeforeComparing(kept_side_by_side(request), known_cases(request))


def compare(request: CompareRequest, progress: Progress) -> SideBySide:
    """The comparison and a few cells of each line."""
    return side_by_side(request.case, request.earlier)


def keep(request: KeepRequest, progress: Progress) -> bool:
    """Put it into the report or take it out; whether it is in now."""
    keep_comparison(request.case.file, request.then, reader=request.reader)
    return request.then is not None


class SerialDesk(QObject):
    """`looked`, `compared` and `kept` carry what is said of it; `failed` the error."""

    looked = Signal(object)
    compared = Signal(object)
    kept = Signal(bool)
    failed = Signal(object)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    @property
    def may_write(self) -> bool:
        """False for a case that is signed or only looked at."""
        return self._session.fixed is None

    @property
    def folder(self) -> Path:
        """Where the case in hand lies."""
        case = self._session.opened_case
        return case.file.path.parent if case else Path()

    def look(self) -> None:
        """Look up cases and what is in the report; `looked` follows."""
        case = self._session.opened_case
        if case is not None:
            self._start(case, look, self._on_looked, Lane.ASIDE)

    def compare(self, earlier: Path) -> None:
        """Compare; `compared` follows."""
        case = self._session.opened_case
        if case is not None:
            request = CompareRequest(case, earlier)
            self._start(request, compare, self._on_compared, Lane.ASIDE)

    def keep(self, then: Marrow | None) -> None:
        """Put the comparison with it into the report, or take it out for None."""
        case = self._session.opened_case
        if case is not None:
            request = KeepRequest(case, then, self._session.reader)
            self._start(request, keep, self._on_kept, Lane.CASE)

    def _start(
        self,
        request: object,
        work: Callable[..., object],
        then: Callable[[Answer], object],
        lane: Lane,
    ) -> None:
        job = Job(request, work)
        job.answered.connect(then)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, lane)

    @Slot(object)
    def _on_looked(self, answer: Answer) -> None:
        if answer.request is self._session.opened_case:
            self.looked.emit(answer.value)

    @Slot(object)
    def _on_compared(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self.compared.emit(answer.value)

    @Slot(object)
    def _on_kept(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self.kept.emit(answer.value)
            self._session.say(PUT_IN if answer.value else TAKEN_OUT)

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        self.failed.emit(failure.error)
        self._session.tell_failure(failure)
