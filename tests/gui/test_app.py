"""The door the command line uses: a picture of the real window without a display."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.errors import MarrowScopeError, UnusableCase
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui import case_contents, case_jobs
from marrowscope.gui.app import make_window, most_telling_cell, picture
from marrowscope.gui.case_contents import CaseContents, CellsMet, contents_of
from marrowscope.gui.empty_state import INVITATION, OPENING
from marrowscope.gui.jobs import Progress
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view import cells_building, tile_loading
from marrowscope.gui.slide_view.cells_building import (
    BuiltCells,
    CellsRequest,
    build_cells,
)
from marrowscope.gui.slide_view.tile_places import TilePlace
from marrowscope.gui.slide_view.tile_reading import ReadTile, TileRequest, read_tile
from marrowscope.gui.theme import ThemeChoice
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import counted_in_case
from tests.gui.conftest import opened, read_through

NEVER_ANSWERED = """
import logging, sys, threading
from functools import partial
from pathlib import Path
from PySide6.QtCore import QTimer
from marrowscope.gui import app, jobs
from marrowscope.gui.main_window import MainWindow
from marrowscope.imaging.direct_tiles import DirectTilesSlide

logging.basicConfig()
jobs.LONGEST_WAIT = 0.5
jobs.JobRunner.close.__kwdefaults__["seconds"] = 0.5
app.CaseSession.close.__kwdefaults__["seconds"] = 0.5
read, asked = DirectTilesSlide.read, threading.Event()

def gone(slide, x, y, width, height, *, level):
    if threading.current_thread().name.startswith("marrowscope-tiles"):
        asked.set()
        threading.Event().wait()
    return read(slide, x, y, width, height, level=level)

DirectTilesSlide.read = gone
application = app.make_application()
timer = QTimer(interval=20)

def close_when_it_hangs():
    windows = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow)]
    if asked.is_set() and any(w.session.slides for w in windows):
        application.closeAllWindows()

timer.timeout.connect(close_when_it_hangs)
timer.start()
sys.exit(app.run([Path(sys.argv[1])]))
"""


def test_the_program_ends_though_a_read_never_does(tmp_path: Path) -> None:
    path = tmp_path / "smear.tif"
    pixels = np.full((600, 600, 3), 200, np.uint8)
    tifffile.imwrite(path, pixels, tile=(128, 128), compression="jpeg")
    world = os.environ | {"MARROWSCOPE_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", NEVER_ANSWERED, str(path)],
        env=world | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert "a read still waited for its file; all is saved" in ended.stderr
    # Nothing is left beside a case that was let go.
    assert list(tmp_path.rglob("*.marrow"))
    assert not list(tmp_path.rglob("*.marrow-wal"))


@pytest.mark.usefixtures("qapp")
def test_what_the_window_opens_on_is_read_while_it_is_built(
    qtbot: QtBot, smear: Path, tmp_path: Path
) -> None:
    memory = WindowMemory(tmp_path)
    window = make_window(ThemeChoice.DARK, memory=memory, paths=[smear])
    qtbot.addWidget(window)
    window.show()
    assert window.session.opening
    assert window.empty.words.text() == OPENING
    qtbot.waitUntil(lambda: bool(window.session.slides), timeout=20_000)
    qtbot.waitUntil(lambda: window.smear.settled)
    assert window.pages.currentWidget() is window.pair
    assert window.smear.entry is not None


@pytest.mark.usefixtures("qapp")
def test_tiles_are_read_while_the_case_still_is_and_none_twice(
    qtbot: QtBot, smear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, read = threading.Event(), list[TilePlace]()

    def contents_at_last(
        case: OpenedCase, met: Callable[[CellsMet], None]
    ) -> CaseContents:
        told.wait(20)
        return contents_of(case, met)

    def noted(request: TileRequest, progress: Progress) -> ReadTile:
        read.append(request.place)
        return read_tile(request, progress)

    monkeypatch.setattr(case_jobs, "contents_of", contents_at_last)
    monkeypatch.setattr(tile_loading, "read_tile", noted)
    window = make_window(ThemeChoice.DARK, memory=WindowMemory(tmp_path))
    qtbot.addWidget(window)
    window.show()
    window.session.open_paths([smear])
    qtbot.waitUntil(lambda: window.session.coming is not None, timeout=20_000)
    qtbot.waitUntil(lambda: bool(read) and window.smear.loader.idle)
    assert not window.session.slides
    foreseen = set(read)
    told.set()
    qtbot.waitUntil(lambda: bool(window.session.slides), timeout=20_000)
    qtbot.waitUntil(lambda: window.smear.settled)
    assert window.session.coming is None
    assert len(read) == len(foreseen) == len(set(read))


@pytest.mark.usefixtures("blob_reader", "qapp")
def test_cells_are_made_ready_while_their_case_is_still_read_and_once(
    qtbot: QtBot,
    session: CaseSession,
    smear: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    session.call(["blast"], cells=[1])
    qtbot.waitUntil(lambda: session.saved)
    assert session.close()
    told, built = threading.Event(), list[int]()

    def counted_at_last(
        file: CaseFile, table: CellTable, vocabulary: ModelVocabulary
    ) -> Counted:
        told.wait(20)
        return counted_in_case(file, table, vocabulary)

    def noted(request: CellsRequest, progress: Progress) -> BuiltCells:
        built.append(len(request.cells.table))
        return build_cells(request, progress)

    monkeypatch.setattr(case_contents, "counted_in_case", counted_at_last)
    monkeypatch.setattr(cells_building, "build_cells", noted)
    window = make_window(ThemeChoice.DARK, memory=WindowMemory(tmp_path))
    qtbot.addWidget(window)
    window.show()
    window.session.open_paths([smear])
    cells = window.smear.cells
    qtbot.waitUntil(lambda: bool(built) and cells.settled, timeout=20_000)
    assert not window.session.slides
    told.set()
    qtbot.waitUntil(lambda: bool(window.session.slides), timeout=20_000)
    qtbot.waitUntil(lambda: window.smear.settled)
    assert window.session.table is not None
    assert built == [len(window.session.table)]
    assert cells.shown is not None
    assert cells.shown.confirmed.sum() == 1


@pytest.mark.usefixtures("qapp")
def test_a_slide_whose_case_cannot_be_read_is_forgotten(
    qtbot: QtBot, smear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(case: OpenedCase, met: Callable[[CellsMet], None]) -> CaseContents:
        case.close()
        raise UnusableCase("The case is damaged.")

    monkeypatch.setattr(case_jobs, "contents_of", damaged)
    window = make_window(ThemeChoice.DARK, memory=WindowMemory(tmp_path))
    qtbot.addWidget(window)
    window.show()
    window.session.open_paths([smear])
    qtbot.waitUntil(lambda: window.session.message is not None, timeout=20_000)
    qtbot.waitUntil(lambda: window.smear.settled)
    assert window.session.coming is None
    assert window.pages.currentWidget() is window.empty
    assert window.empty.words.text() == INVITATION


@pytest.mark.usefixtures("blob_reader", "qapp")
def test_a_picture_shows_the_smear_read_and_a_cell_inspected(
    smear: Path, tmp_path: Path
) -> None:
    out = tmp_path / "window.png"
    picture([smear], out, size=(1280, 720))
    shown = QImage(str(out))
    assert (shown.width(), shown.height()) == (1280, 720)
    colours = {
        shown.pixelColor(x, y).rgb()
        for x in range(0, 1280, 8)
        for y in range(0, 720, 8)
    }
    assert len(colours) > 100


@pytest.mark.usefixtures("qapp")
def test_a_picture_of_nothing_says_why_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(MarrowScopeError, match="absent.svs is not there"):
        picture([tmp_path / "absent.svs"], tmp_path / "window.png")


@pytest.mark.usefixtures("blob_reader")
def test_the_cell_for_the_picture_is_dysplastic_and_whole(
    qtbot: QtBot, qapp: QApplication, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    chosen = most_telling_cell(session)
    assert chosen is not None
    cell = session.cell(chosen)
    assert cell is not None
    assert cell.class_id == "ED"
    assert not cell.cut
