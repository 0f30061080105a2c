"""The criteria from counts and typed-in facts, put into words on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Answer, Lane, Progress
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.session import CaseSession
from marrowscope.gui.specimen_desk import SpecimenRequest, specimen_of
from marrowscope.report.systems import CriteriaPart, criteria_part
from marrowscope.workflow.counting import Counts, judged_counts


@dataclass(frozen=True, slots=True, eq=False)
class JudgeRequest:
    """Confirmed counts, and the reader's words by field."""

    counts: Counts
    words: Mapping[str, str]


def judge(request: JudgeRequest, progress: Progress) -> CriteriaPart:
    """Every criterion of every system, as a report prints it."""
    return criteria_part(judged_counts(request.counts, request.words))


class CriteriaDesk(QObject):
    """`judged` carries a CriteriaPart after every change of counts or facts."""

    judged = Signal(object)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job = LatestJob(session.runner, Lane.ASIDE, judge, self)
        self._job.answered.connect(self.judged)
        session.changed.connect(self._on_changed)

    def ask(self) -> None:
        """Judge the case as it stands; `judged` follows."""
        session = self._session
        if session.counts is not None:
            words = dict(session.specimen.words)
            self._job.ask(JudgeRequest(session.counts, words))

    @Slot(str, str)
    def write(self, fact: str, words: str) -> None:
        """Keep what was written of a fact; the numbers follow."""
        session = self._session
        case = session.opened_case
        if case is None or session.specimen.words.get(fact, "") == words.strip():
            return
        request = SpecimenRequest(case, {fact: words}, session.reader)
        ask_of_case(session, request, specimen_of, self._on_written)

    @Slot(object)
    def _on_written(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self._session.specimen.take(answer.value)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.COUNTS | Changes.SPECIMEN):
            self.ask()
