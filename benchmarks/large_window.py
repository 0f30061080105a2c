"""The real window on the large case, for the benchmarks that look at one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from marrowscope.gui.app import make_application, make_window, settle_memory
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.theme import ThemeChoice

LONGEST = 300.0  # seconds
# An application that Python drops before its windows takes the process with it; a
# window dropped while a worker still works is taken apart by that worker.
KEPT: list[QObject] = []


def window_on(case: Path) -> tuple[QApplication, MainWindow]:
    """A window of 1600 by 1000 pixels in which the case is open and painted."""
    application = make_application()
    window = make_window(ThemeChoice.DARK, paths=[case])
    KEPT.extend((application, window))
    window.resize(1600, 1000)
    window.show()
    settle_memory()  # as the program itself does
    wait_until(application, lambda: window.session.table is not None)
    wait_until(application, lambda: window.smear.settled)
    return application, window


def wait_until(application: QApplication, there: Callable[[], bool]) -> None:
    """Turn the event loop until it is so. Raises TimeoutError."""
    end = time.monotonic() + LONGEST
    while not there():
        if time.monotonic() > end:
            raise TimeoutError("the window did not come to rest")
        application.processEvents()
        time.sleep(0.001)
