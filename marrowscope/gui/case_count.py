"""The formal count of the case in hand, as the case file holds it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.formal_count import FormalCount
from marrowscope.gui.jobs import Answer


class CaseCount(QObject):
    """`count`: None before one was drawn; then its calls alone are the differential."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count: FormalCount | None = None
        self._on_their_way: set[int] = set()

    def note_blind(self, cells: Collection[int]) -> None:
        """These were called unseen, on their way to the file; no number changes."""
        if self.count is not None:
            self._on_their_way.update(cells)
            self.count = self._with_those_on_their_way(self.count)

    @Slot(object)
    def on_kept(self, answer: Answer) -> None:
        """These stand in the file now: what is read from it tells them."""
        self._on_their_way.difference_update(answer.request.cells)

    def begin(self, count: FormalCount | None) -> None:
        """Another case is in hand, and this is its count."""
        self._on_their_way.clear()
        self.take(count)

    def take(self, count: FormalCount | None) -> None:
        """This is the count from now on, as the file held it a moment ago."""
        if count is not None:
            count = self._with_those_on_their_way(count)
        if count != self.count:
            self.count = count
            self.changed.emit()

    def _with_those_on_their_way(self, count: FormalCount) -> FormalCount:
        return replace(count, blind=count.blind | self._on_their_way)
