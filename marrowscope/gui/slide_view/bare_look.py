"""Nothing but the smear, for as long as a key is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

ENDED_BY = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.WindowDeactivate,
)


class BareLook(QObject):
    """Hides every layer until the key comes up, or another key or button goes down.

    Begun from a menu it has no key: then the next key or click ends it.
    """

    def __init__(self, view: SlideView, key: Qt.Key) -> None:
        super().__init__(view)
        self._view, self._key = view, key

    @Slot()
    def begin(self) -> None:
        self._view.layers.hidden = True
        self._view.outdate()
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the end; nothing is taken from anyone."""
        if event.type() is QEvent.Type.KeyRelease:
            ended = isinstance(event, QKeyEvent) and event.key() == self._key
        else:
            ended = event.type() in ENDED_BY
        if ended and not (isinstance(event, QKeyEvent) and event.isAutoRepeat()):
            self._end()
        return False

    def _end(self) -> None:
        self._view.layers.hidden = False
        self._view.outdate()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
