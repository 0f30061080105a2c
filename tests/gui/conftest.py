"""The real window, offscreen: isolated, and silent unless something is wrong."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance, ThemeChoice
from tests.gui.smears import BlobReader, drawn_smear

# The offscreen platform says this of windows and menus; it is no fault of ours.
HARMLESS = ("This plugin does not support ",)
OUR_THREADS = ("marrowscope-", "fields")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, cases and models of a test lie in a folder of its own."""
    home = tmp_path / "home"
    monkeypatch.setenv("MARROWSCOPE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting ends when the thing has come; a busy machine may take long for it."""
    real = QtBot.waitUntil

    def wait(self: QtBot, so: Callable[[], object], *, timeout: int = 30_000) -> None:
        real(self, so, timeout=timeout)

    monkeypatch.setattr(QtBot, "waitUntil", wait)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    left = [t.name for t in threading.enumerate() if t.name.startswith(OUR_THREADS)]
    assert left == []


@pytest.fixture(autouse=True)
def qt_does_not_complain(qtlog) -> Iterator[None]:  # noqa: ANN001
    yield
    said = [r.message for r in qtlog.records]
    assert [m for m in said if not m.startswith(HARMLESS)] == []


@pytest.fixture(autouse=True)
def log_stays_quiet(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Warnings in the log fail a test, unless it is marked with `expects_log`."""
    yield
    if "expected_log" in request.fixturenames:
        return
    loud = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert loud == []


@pytest.fixture
def expected_log() -> None:
    """For tests in which something is meant to go wrong."""


@pytest.fixture
def smear(tmp_path: Path) -> Path:
    """A photo (PNG, no scale) of 900 by 700 pixels with twelve dark discs."""
    return drawn_smear(tmp_path / "smear.png")


@pytest.fixture
def blob_reader(
    monkeypatch: pytest.MonkeyPatch, lee_vocabulary: ModelVocabulary
) -> BlobReader:
    """A reader that finds dark discs, in the place of the shipped model."""
    reader = BlobReader(lee_vocabulary)
    monkeypatch.setattr("marrowscope.gui.run_jobs.open_reader", lambda name: reader)
    return reader


@pytest.fixture
def session(qapp: QApplication) -> Iterator[CaseSession]:
    made = CaseSession()
    yield made
    assert made.close()


@pytest.fixture
def window(qtbot: QtBot, session: CaseSession) -> MainWindow:
    made = MainWindow(session, Appearance(ThemeChoice.DARK))
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    return made


def opened(qtbot: QtBot, session: CaseSession, *paths: Path) -> CaseSession:
    """The session once these inputs are open."""
    session.open_paths(paths)
    qtbot.waitUntil(lambda: bool(session.slides), timeout=20_000)
    return session


def read_through(qtbot: QtBot, session: CaseSession) -> CaseSession:
    """The session once its case is read to the end."""
    session.start_run()
    qtbot.waitUntil(lambda: not session.run.active, timeout=30_000)
    return session
