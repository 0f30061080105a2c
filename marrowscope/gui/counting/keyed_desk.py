"""What the case knows of cells keyed before: fetched once, then kept in step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.review import is_keyed
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.keying import keying
from marrowscope.workflow.opening import OpenedCase


@dataclass(frozen=True, slots=True)
class Keyed:
    """Cells counted so far: their smear by number, and the number given last."""

    smears: Mapping[int, str]
    last: int


def keyed_so_far(request: OpenedCase, progress: Progress) -> Keyed:
    """Read it off the case's file."""
    return Keyed(request.file.keyed(), request.file.last_keyed())


class KeyedDesk(QObject):
    """Counts cells into the case in hand. `ready`: what was there before is known."""

    ready = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._case: OpenedCase | None = None
        self._smears: dict[int, str] = {}
        self._last = 0

    @property
    def is_ready(self) -> bool:
        """True when cells can be counted into the case in hand."""
        now = self._session.opened_case
        return now is not None and self._case is not None and _same(self._case, now)

    def begin(self) -> None:
        """Take up the case in hand; `ready` follows."""
        case, self._case = self._session.opened_case, None
        if case is not None:
            ask_of_case(self._session, case, keyed_so_far, self._on_fetched)

    def count(
        self, lines: Sequence[str], *, smear: str, dysplastic: bool | None
    ) -> None:
        """One cell more."""
        self._last -= 1
        self._smears[self._last] = smear
        reader = self._session.reader
        self._session.correct(
            keying(self._last, lines, smear=smear, reader=reader, dysplastic=dysplastic)
        )

    @property
    def last(self) -> int | None:
        """The cell that was keyed last and not undone."""
        known = (cell for cell in self._session.verdicts if is_keyed(cell))
        return min(known, default=None)

    @property
    def smears(self) -> tuple[str, ...]:
        """The smears counted so far, in their order."""
        return tuple(dict.fromkeys(self._smears.values()))

    def by_smear(self) -> Counter[str]:
        """Cells of the count by the smear they were keyed on."""
        session = self._session
        return Counter(
            self._smears.get(cell, "")
            for cell, said in session.verdicts.items()
            if is_keyed(cell) and session.taxonomy.counted(said.lines)
        )

    @Slot(object)
    def _on_fetched(self, answer: Answer) -> None:
        now = self._session.opened_case
        if now is not None and _same(answer.request, now):
            self._case, found = answer.request, answer.value
            self._smears, self._last = dict(found.smears), found.last
            self.ready.emit()


def _same(one: OpenedCase, other: OpenedCase) -> bool:
    """The same case, whatever was said of its slides meanwhile."""
    return one.file is other.file
