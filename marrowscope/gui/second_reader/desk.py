"""A second reading in hand: begun or gone on with, read blind, kept apart, ended."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.second_reading import SecondReading
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Answer
from marrowscope.gui.second_reader.jobs import (
    BeginRequest,
    CallsRequest,
    begin,
    calls,
    latest,
)
from marrowscope.gui.session import CaseSession

TITLE = "Second reader"
UM_PER_PIXEL = 0.1  # all cells at one scale, as in a formal count


class SecondReaderDesk(QObject):
    """`changed`: another cell was called, or the reading begun or ended.

    `looked` carries how the newest second reading stands, None where there is none.
    """

    changed = Signal()
    looked = Signal(object)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._account = session.reader
        self.reading: SecondReading | None = None
        session.changed.connect(self._on_changed)

    @property
    def called(self) -> int:
        """Cells of the reading that the second reader has called."""
        said = self._session.verdicts
        return sum(c in said for c in self.reading.cells) if self.reading else 0

    def look(self) -> None:
        """How does the newest second reading stand? `looked` follows."""
        if self._session.opened_case is not None:
            ask_of_case(
                self._session, self._session.opened_case, latest, self._on_looked
            )

    def begin(self, reader: str, sample: int | None) -> None:
        """Draw cells for a new second reader, and read them."""
        case = self._session.opened_case
        if case is not None:
            ask_of_case(
                self._session, BeginRequest(case, reader, sample), begin, self._on_begun
            )

    def go_on(self, reading: SecondReading) -> None:
        """Read the cells of a reading from the first that is not called."""
        case = self._session.opened_case
        if case is not None:
            ask_of_case(
                self._session, CallsRequest(case, reading), calls, self._on_calls
            )

    @Slot()
    def end(self) -> None:
        """Back to the first reader's calls; the reading is gone on with later."""
        case = self._session.opened_case
        if case is not None and self.reading is not None:
            self._session.reading.end()
            ask_of_case(self._session, CallsRequest(case, None), calls, self._on_calls)

    @Slot(object)
    def _on_looked(self, answer: Answer) -> None:
        if answer.request is self._session.opened_case:
            self.looked.emit(answer.value)

    @Slot(object)
    def _on_begun(self, answer: Answer) -> None:
        self.go_on(answer.value)

    @Slot(object)
    def _on_calls(self, answer: Answer) -> None:
        asked, session = answer.request, self._session
        if asked.case is not session.opened_case:
            return
        self.reading = one = asked.reading
        number = None if one is None else one.number
        reader = self._account if one is None else one.reader
        session.read_as(reader, number, answer.value)
        if one is not None:
            look = {"blind": True, "sealed": True, "um_per_pixel": UM_PER_PIXEL}
            session.reading.begin(TITLE, one.cells, **look)
            session.read_on()
        self.changed.emit()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE and self.reading is not None:
            # Another case was opened meanwhile, for the first reader.
            self.reading = None
            self._session.read_as(self._account, None, self._session.verdicts)
            self.changed.emit()
        elif change & Changes.VERDICTS and self.reading is not None:
            current = self._session.reading.current
            if current in self._session.called_last:
                self._session.go_on()
            self.changed.emit()
