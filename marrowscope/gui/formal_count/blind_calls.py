"""Which calls of a formal count were made blind: its file says so for good."""

from __future__ import annotations

from collections.abc import Iterable

from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.formal_count.jobs import (
    BlindnessRequest,
    BlindRequest,
    note_blind,
    note_blindness,
)
from marrowscope.gui.session import CaseSession


class BlindCalls:
    """Watches cells of the count until they are called.

    One whose class was once in view is not called blind any more.
    """

    def __init__(self, session: CaseSession) -> None:
        self._session = session
        self._uncalled: set[int] = set()
        self._in_view: set[int] = set()  # uncalled, in hand with the model's class

    def forget(self) -> None:
        """Another case is in hand."""
        self._in_view = set()

    def watch(self, drawn: Iterable[int]) -> None:
        """These are the cells of the count; those called already were noted before."""
        called = self._session.verdicts
        self._uncalled = {c for c in drawn if c not in called}

    def look_in_hand(self) -> None:
        """Is the class of the cell in hand in view before it is called?"""
        session, cell = self._session, self._session.selected
        shown = cell is not None and not session.hides_answer(cell.id)
        if cell is not None and shown and cell.id not in session.verdicts:
            self._in_view.add(cell.id)

    def note(self) -> None:
        """Have those noted that were called just now while their class was hidden."""
        session, case = self._session, self._session.opened_case
        fresh = {c for c in self._uncalled if c in session.verdicts} - self._in_view
        if fresh and case is not None and session.reading.blind:
            session.formal.note_blind(fresh)
            request = BlindRequest(case, tuple(fresh))
            ask_of_case(session, request, note_blind, session.formal.on_kept)

    def note_way(self, *, blind: bool) -> None:
        """Have it journalled that the count is read so from now on."""
        session, case = self._session, self._session.opened_case
        if case is not None and session.formal.count is not None:
            request = BlindnessRequest(case, blind, session.reader)
            ask_of_case(session, request, note_blindness)
