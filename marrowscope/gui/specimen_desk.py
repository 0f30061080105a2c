"""Fetches what is written about the specimen, shows it, and stores what is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.specimen import read_specimen, write_specimen

SAVED = Message("What you wrote about the specimen is saved.")


@dataclass(frozen=True, slots=True)
class SpecimenRequest:
    """Store `words`; with none, only fetch what is there."""

    case: OpenedCase
    words: Mapping[str, str] | None
    reader: str


def specimen_of(request: SpecimenRequest, progress: Progress) -> dict[str, str]:
    """Everything written about the specimen, by field."""
    if request.words is None:
        return read_specimen(request.case)
    return write_specimen(request.case, request.words, reader=request.reader)


class SpecimenDesk(QObject):
    """`fetched` carries what is written so far."""

    fetched = Signal(dict)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def fetch(self) -> None:
        """Look up what is written; `fetched` follows."""
        self._start(None, self._on_fetched)

    @Slot(dict)
    def store(self, words: Mapping[str, str]) -> None:
        """Store what is new; a message follows."""
        self._start(words, self._on_stored)

    def _start(
        self, words: Mapping[str, str] | None, then: Callable[[Answer], object]
    ) -> None:
        case = self._session.opened_case
        if case is None:
            return
        request = SpecimenRequest(case, words, self._session.reader)
        ask_of_case(self._session, request, specimen_of, then)

    @Slot(object)
    def _on_fetched(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self.fetched.emit(answer.value)

    @Slot(object)
    def _on_stored(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self._session.specimen.take(answer.value)
            self._session.say(SAVED)
