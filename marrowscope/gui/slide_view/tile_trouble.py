"""When tiles do not come: one calm sentence, and a question put again later."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

SLOW_MS = 3_000  # without any answer
FIRST_RETRY_MS, LAST_RETRY_MS = 1_000, 8_000
UNREADABLE = "Part of {name} cannot be read just now. It is shown grey and tried again."
SLOW = "{name} takes long to read. What has not come yet is shown grey."


class TileTrouble(QObject):
    """What there is to say; `changed` when that is another. `retry`: try one again."""

    changed = Signal()
    retry = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._name = ""
        self._unreadable = self._slow = False
        self._silence, self._again = _timer(self), _timer(self)
        self._silence.setInterval(SLOW_MS)
        self._silence.timeout.connect(self._on_silence)
        self._again.timeout.connect(self.retry)
        self._pause = FIRST_RETRY_MS

    @property
    def text(self) -> str:
        """The sentence; empty while all is well."""
        if self._unreadable:
            return UNREADABLE.format(name=self._name)
        return SLOW.format(name=self._name) if self._slow else ""

    def forget(self, name: str) -> None:
        """Another slide, called so."""
        self._silence.stop()
        self._slow = False
        self.over()
        self._name = name

    def watch(self, *, waiting: bool) -> None:
        """Whether tiles have been asked for and not come."""
        if not waiting:
            self._silence.stop()
        elif not self._silence.isActive() and not self._slow:
            self._silence.start()

    def heard(self) -> None:
        """An answer has come."""
        self._silence.stop()
        self._be(slow=False, unreadable=self._unreadable)

    def met(self) -> None:
        """Something seen cannot be read; each question waits longer than the last."""
        self._be(slow=self._slow, unreadable=True)
        if not self._again.isActive():
            self._again.start(self._pause)
            self._pause = min(2 * self._pause, LAST_RETRY_MS)

    def over(self) -> None:
        """Everything that is seen can be read."""
        self._again.stop()
        self._pause = FIRST_RETRY_MS
        self._be(slow=self._slow, unreadable=False)

    @Slot()
    def _on_silence(self) -> None:
        self._be(slow=True, unreadable=self._unreadable)

    def _be(self, *, slow: bool, unreadable: bool) -> None:
        before = self.text
        self._slow, self._unreadable = slow, unreadable
        if self.text != before:
            self.changed.emit()


def _timer(parent: QObject) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    return timer
