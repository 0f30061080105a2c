"""Which cells a reader has had before the eyes, long enough to see them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS = 200  # in sight for so long: a cell that only flew past was not seen


class SeenCells(QObject):
    """Whoever paints cells says so; what is in sight twice, LOOK_MS apart, was seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[int] = set()
        self._stopped = False
        self._now: dict[str, NDArray[np.int64]] = {}
        self._before: dict[str, NDArray[np.int64]] = {}
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self._on_time)

    def forget(self) -> None:
        """Another case: nothing of it was seen."""
        self._seen.clear()
        self._now, self._before = {}, {}

    def stop(self) -> None:
        """Look no more: the window is closing."""
        self._clock.stop()
        self._stopped = True

    def in_sight(self, where: str, cells: NDArray[np.int64]) -> None:
        """Exactly these cells, by id, can be seen there now."""
        self._now[where] = cells
        if len(cells) and not self._clock.isActive() and not self._stopped:
            self._before = {}
            self._clock.start()

    def unseen(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(N,) which of these cells were not yet seen."""
        seen = self._seen
        return np.asarray([cell not in seen for cell in cells.tolist()], np.bool_)

    @Slot()
    def _on_time(self) -> None:
        for where, cells in self._now.items():
            before = self._before.get(where)
            if before is not None and len(before):
                stayed = cells if cells is before else np.intersect1d(cells, before)
                self._seen.update(stayed.tolist())
        still = all(self._before.get(w) is cells for w, cells in self._now.items())
        self._before = dict(self._now)
        if still:
            self._clock.stop()  # what is in sight was seen, until something changes
