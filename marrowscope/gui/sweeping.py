"""Python's sweeps for garbage, on the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 200
FULL_AFTER = 300  # turns: a full sweep takes tens of ms, a minute apart is enough


class Sweeps(QObject):
    """Looks for garbage five times a second, all over once a minute; never on a worker.

    Python sweeps on whichever thread makes the next object. A worker's sweep may take
    a closed dialog apart, and Qt crashes when a widget goes on any thread but its own.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._turns = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.sweep)
        self._timer.start(EVERY_MS)

    @Slot()
    def sweep(self) -> None:
        """Sweep the oldest generation that is due, and with it the younger ones."""
        self._turns += 1
        oldest = 2 if self._turns >= FULL_AFTER else 1
        made, enough = gc.get_count(), gc.get_threshold()
        due = [age for age in range(oldest + 1) if made[age] > enough[age]]
        if due:
            gc.collect(due[-1])
        if 2 in due:
            self._turns = 0
