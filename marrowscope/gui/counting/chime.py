"""Short sounds, played by what the system brings for it; else its own bell.

Qt's multimedia would add some 100 MB to an installer for two sounds of 15 kB.
"""

from __future__ import annotations

import logging
import sys

from PySide6.QtCore import (
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QStandardPaths,
    Slot,
)
from PySide6.QtWidgets import QApplication

from marrowscope.workflow import places

log = logging.getLogger(__name__)
STAGE, TARGET = "stage", "target"
_PLAYERS = ("afplay",) if sys.platform == "darwin" else ("pw-play", "paplay", "aplay")
_STOPPING_MS = 200

if sys.platform == "win32":
    import winsound

    def _play_on_windows(path: str) -> None:
        how = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        try:
            winsound.PlaySound(path, how)
        except RuntimeError:
            QApplication.beep()


class Chime(QObject):
    """Plays one sound at a time and never waits for it; mute machines get the bell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = places.resources() / "sounds"
        found = map(QStandardPaths.findExecutable, _PLAYERS)
        self._player = next((path for path in found if path), "")
        self._process = QProcess(self)
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.setProcessEnvironment(_own_libraries())
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._stop)

    def play(self, name: str) -> None:
        """Let `STAGE` or `TARGET` be heard."""
        path = str(self._folder / f"{name}.wav")
        if sys.platform == "win32":
            _play_on_windows(path)
        elif not self._player:
            QApplication.beep()
        elif self._process.state() is QProcess.ProcessState.NotRunning:
            self._process.start(self._player, [path])

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._fall_back("it did not start")

    @Slot(int)
    def _on_finished(self, code: int) -> None:
        if code:
            self._fall_back(f"exit code {code}")

    def _fall_back(self, why: str) -> None:
        """No sound came out of this machine: the bell, now and from now on."""
        log.info("%s plays nothing (%s)", self._player, why)
        self._player = ""
        QApplication.beep()

    @Slot()
    def _stop(self) -> None:
        self._process.blockSignals(True)
        self._process.kill()
        self._process.waitForFinished(_STOPPING_MS)


def _own_libraries() -> QProcessEnvironment:
    """What a player sees: an installed program hides the system's libraries from it."""
    environment = QProcessEnvironment.systemEnvironment()
    before = environment.value("LD_LIBRARY_PATH_ORIG")
    if before:
        environment.insert("LD_LIBRARY_PATH", before)
    elif getattr(sys, "frozen", False):
        environment.remove("LD_LIBRARY_PATH")
    return environment
