"""Opening the window, and taking a picture of it without a display."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from PySide6.QtCore import QLibraryInfo, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from marrowscope import __version__
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.gui.case_state import Phase
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.sweeping import Sweeps
from marrowscope.gui.theme import Appearance, ThemeChoice, font, qt_palette
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow import places
from marrowscope.workflow.models import DEFAULT_MODEL

log = logging.getLogger(__name__)
PICTURE_SECONDS = 120.0
# Qt shares the scaling of a picture out to threads. Where tiles are decoded meanwhile
# and cores are few, waking them takes longer than they save.
FEW_CORES = 4
# Seconds that a worker may keep the window's thread from running Python while it does
# so itself; by Python's own rule five times as long, at every turn.
LONGEST_HOLD = 0.001
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(paths: Sequence[Path], *, start: bool = False) -> int:
    """Open the window on these inputs and stay until it is closed.

    `start` begins to read at once. Returns the exit code.
    """
    application = make_application()
    window = make_window(paths=paths, start=start)
    window.show()
    settle_memory()  # while the case is being read
    code = application.exec()
    if not window.session.close():
        _leave_behind(window.session, code)
    return code


def _leave_behind(session: CaseSession, code: int) -> NoReturn:
    """End the process though a worker waits for a share that never answers.

    Python itself would wait for that worker, for ever and with no window to close.
    """
    saved = "all is saved" if session.runner.saved() else "the case did not answer"
    log.warning("Ended while a read still waited for its file; %s.", saved)
    logging.shutdown()
    os._exit(code)


def settle_memory() -> None:
    """Take what stays for good out of Python's sweeps: a full one held the window up
    for 45 ms, over modules and widgets that never go away.
    """
    gc.collect()
    gc.freeze()


def make_application() -> QApplication:
    """Qt's application with our font and palette; the one there is, if there is one."""
    if (os.cpu_count() or 1) <= FEW_CORES:
        os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    qInstallMessageHandler(_to_log)
    gc.freeze()  # what was imported: there is no garbage among it to look for
    sys.setswitchinterval(LONGEST_HOLD)
    application = QApplication(sys.argv[:1])
    Sweeps(application)
    application.setApplicationName("MarrowScope")
    application.setApplicationVersion(__version__)
    # Wayland finds the icon by the desktop file, X11 and Windows by the window's own.
    application.setDesktopFileName("marrowscope")
    icon = places.resources() / "icons" / "marrowscope.png"
    application.setWindowIcon(QIcon(str(icon)))
    application.setStyle("Fusion")
    application.setFont(font())
    log.debug("Qt %s", QLibraryInfo.version().toString())
    return application


def make_window(
    choice: ThemeChoice | None = None,
    *,
    memory: WindowMemory | None = None,
    paths: Sequence[Path] = (),
    start: bool = False,
) -> MainWindow:
    """The window with a session of its own, not yet shown.

    `paths` are opened in it: a worker reads them while the window is being built.
    `start` begins to read at once.
    """
    memory = memory or WindowMemory()
    appearance = Appearance(choice or memory.theme)
    QApplication.setPalette(qt_palette(appearance.theme))
    session = CaseSession()
    if paths:
        session.open_paths(paths, start=start)
    window = MainWindow(session, appearance, memory)
    session.look_for_model(memory.model or DEFAULT_MODEL)
    window.models.look()
    window.models.show_current(session.chosen_model)
    return window


def _to_log(kind: QtMsgType, context: object, text: str) -> None:
    log.log(QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)


def picture(
    paths: Sequence[Path], out: Path, *, size: tuple[int, int] = (1440, 900)
) -> None:
    """Save a picture (PNG) of the real window on these inputs, without a display.

    A finished case is shown as it stands; anything else is read first. A dysplastic
    cell is selected, so that its grades and its saliency are seen. Raises
    MarrowScopeError when the inputs cannot be opened or shown in time.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = make_application()
    # The user's own layout is neither shown nor touched.
    with TemporaryDirectory() as folder:
        memory = WindowMemory(Path(folder))
        window = make_window(ThemeChoice.DARK, memory=memory)
        window.resize(*size)
        window.show()
        try:
            _photograph(application, window, paths)
            window.grab().save(str(out))
        finally:
            window.close()
            window.deleteLater()
            application.processEvents()


def _photograph(
    application: QApplication, window: MainWindow, paths: Sequence[Path]
) -> None:
    session = window.session
    session.open_paths(paths)
    _wait(application, lambda: bool(session.slides) or _problem(session), "open")
    _raise_problem(session)
    if session.run.phase is not Phase.FINISHED:
        session.start_run()
        _wait(application, lambda: not session.run.active, "read", seconds=3600)
        _raise_problem(session)
    cell = most_telling_cell(session)
    if cell is not None:
        session.select_cell(cell, reveal=True)
        _wait(application, lambda: session.picture is not None, "show")
        window.smear.navigator.zoom_to(window.smear.objectives.scale_at(3))
    _wait(application, lambda: window.smear.settled, "paint")
    _wait(application, lambda: not session.runner.busy, "finish")
    # What came last may have moved the smear within its window.
    _wait(application, lambda: window.smear.settled, "paint")
    application.processEvents()


def most_telling_cell(session: CaseSession) -> int | None:
    """A dysplastic cell the model is sure of, whole and graded; else any cell."""
    table, vocabulary = session.table, session.vocabulary
    if table is None or vocabulary is None or not len(table):
        return None
    worth = table.class_score + 0.5 * vocabulary.grade(table) - 2.0 * table.cut
    return int(table.id[worth.argmax()])


def _wait(
    application: QApplication,
    done: Callable[[], bool],
    what: str,
    *,
    seconds: float = PICTURE_SECONDS,
) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise MarrowScopeError(
                f"The window did not {what} the inputs within {seconds:.0f} seconds.",
                "Open them in the window itself, or look into the log.",
            )
        application.processEvents()
        time.sleep(0.005)


def _problem(session: CaseSession) -> bool:
    return session.message is not None and not session.opening


def _raise_problem(session: CaseSession) -> None:
    if session.message is not None and not session.slides:
        raise MarrowScopeError(session.message.what, session.message.advice)
