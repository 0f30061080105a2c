"""What must be said of a case stands above the smear for as long as it is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.notice_line import NoticeLine
from tests.gui.conftest import opened, read_through


@pytest.mark.usefixtures("blob_reader")
def test_few_cells_and_an_unknown_scale_are_said_above_the_smear(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    line = window.findChild(NoticeLine)
    assert not line.isVisible()
    read_through(qtbot, session)
    qtbot.waitUntil(line.isVisible, timeout=20_000)
    assert line.text().startswith("Only 12 nucleated cells were found")
    assert "uncalibrated" in line.toolTip()
