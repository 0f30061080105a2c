"""The panels in the real window: a run is watched, a cell looked at, a call made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from marrowscope.gui.case_state import Phase
from marrowscope.gui.cell_inspector.panel import CellInspector
from marrowscope.gui.differential_panel.panel import DifferentialPanel
from marrowscope.gui.legend.panel import Legend
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.run_bar.panel import RunBar
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.panel import SlidesPanel
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES, BlobReader

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def read_window(
    qtbot: QtBot,
    window: MainWindow,
    session: CaseSession,
    smear: Path,
    blob_reader: BlobReader,
) -> MainWindow:
    """The window once its smear is read."""
    session.open_paths([smear])
    qtbot.waitUntil(lambda: bool(session.slides), timeout=20_000)
    read_through(qtbot, session)
    return window


def test_every_panel_stands_in_the_window(window: MainWindow) -> None:
    for kind in (DifferentialPanel, CellInspector, Legend, SlidesPanel, RunBar):
        assert window.findChild(kind) is not None


def test_while_a_smear_is_read_the_bar_tells_cells_and_can_be_paused(
    qtbot: QtBot,
    window: MainWindow,
    session: CaseSession,
    smear: Path,
    blob_reader: BlobReader,
) -> None:
    blob_reader.slowness = 0.05
    opened(qtbot, session, smear)
    bar = window.findChild(RunBar)
    assert bar is not None
    session.start_run()
    qtbot.waitUntil(lambda: session.run.phase is Phase.READING, timeout=20_000)
    assert bar.pause_button.isVisible()
    qtbot.mouseClick(bar.pause_button, LEFT)
    assert session.run.phase is Phase.PAUSED
    assert bar.pause_button.text() == "Go on"
    qtbot.mouseClick(bar.pause_button, LEFT)
    qtbot.mouseClick(bar.stop_button, LEFT)
    qtbot.waitUntil(lambda: not session.run.active, timeout=20_000)
    assert not bar.stop_button.isVisible()


def test_a_read_smear_fills_every_panel(
    read_window: MainWindow, session: CaseSession
) -> None:
    numbers = read_window.findChild(DifferentialPanel)
    legend = read_window.findChild(Legend)
    slides = read_window.findChild(SlidesPanel)
    assert numbers is not None
    assert legend is not None
    assert slides is not None
    assert session.table is not None
    assert sum(entry.count for entry in legend.entries) == len(session.table)
    assert slides.list.cards[0].state == f"{len(CENTRES)} cells"
    assert numbers.view.dysplasia.bars[0].nothing.startswith("suggested ")
    assert numbers.view.dysplasia.bars[0].confirmed is None


def test_a_cell_selected_on_the_smear_is_shown_and_confirmed_with_enter(
    qtbot: QtBot, read_window: MainWindow, session: CaseSession
) -> None:
    inspector = read_window.findChild(CellInspector)
    numbers = read_window.findChild(DifferentialPanel)
    assert inspector is not None
    assert numbers is not None
    session.select_next()
    cell = session.selected
    assert cell is not None
    qtbot.waitUntil(lambda: inspector.view.head.crop.has_picture, timeout=20_000)
    # The photo has no scale: the size is in pixels and says why.
    assert "uncalibrated" in inspector.view.head.facts.text().replace("\u00a0", " ")
    read_window.actions_["confirm"].trigger()
    assert session.verdicts[cell.id].dysplastic is (cell.class_id == "ED")
    assert numbers.view.confirmed.lines[-1].text.startswith("% of nucleated cells")


def test_the_key_for_the_overlay_reaches_the_inspector(
    read_window: MainWindow, session: CaseSession
) -> None:
    inspector = read_window.findChild(CellInspector)
    assert inspector is not None
    session.select_next()
    before = inspector.view.head.crop.layer_shown
    read_window.actions_["saliency"].trigger()
    assert inspector.view.head.crop.layer_shown is not before
