"""Letters pressed in an open menu are the menu's, though the smear knows them too."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Slot
from PySide6.QtWidgets import QMenu


class MenuLetters(QObject):
    """Keeps single keys from the smear for as long as `menu` is open.

    Qt lets the widget that has the focus, which is still the smear, take its shortcuts
    first; overriding them leaves the key to the menu.
    """

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        menu.aboutToShow.connect(self._begin)
        menu.aboutToHide.connect(self._end)

    @Slot()
    def _begin(self) -> None:
        # Only while a menu is open: a filter here sees every event of the program.
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    @Slot()
    def _end(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ShortcutOverride:
            return False
        event.accept()
        return True
