"""The formal count of the case in hand, as the case file holds it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.formal_count import FormalCount


class CaseCount(QObject):
    """`count`: None before one was drawn; then its calls alone are the differential."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count: FormalCount | None = None

    def note_blind(self, cells: Collection[int]) -> None:
        """These were called unseen, on their way to the file; no number changes."""
        if self.count is not None:
            blind = self.count.blind.union(cells)
            self.count = replace(self.count, blind=blind)

    def take(self, count: FormalCount | None) -> None:
        """This is the count from now on."""
        if count != self.count:
            self.count = count
            self.changed.emit()
