"""The door the command line uses: a picture of the real window without a display."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.gui.app import most_telling_cell, picture
from marrowscope.gui.session import CaseSession
from tests.gui.conftest import opened, read_through


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
