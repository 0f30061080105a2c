"""Telling that tiles have come: at once, but not more often than an eye can follow."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

PAUSE_MS = 60  # a painting takes a tenth of it from those who read the next tiles


class TileNews(QObject):
    """`told`: there is something new to paint.

    The first tile is told of at once, as is the last of what is seen; those between
    them together, one PAUSE_MS after another.
    """

    told = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._more = False
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._go_on)

    def come(self, *, last: bool) -> None:
        """Another tile is here. `last`: nothing that is seen is waited for any more."""
        self._more = True
        if last or not self._pause.isActive():
            self._tell()

    @Slot()
    def _go_on(self) -> None:
        if self._more:
            self._tell()

    def _tell(self) -> None:
        self._more = False
        self._pause.start()
        self.told.emit()
