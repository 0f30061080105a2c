"""Fields that could not be read, as on a share that went away, are read later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from pytestqt.qtbot import QtBot

from marrowscope.gui.case_state import Phase
from marrowscope.gui.main_window import MainWindow
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES


@pytest.fixture
def tiled(smear: Path) -> Path:
    """The drawn smear in tiles: the last of them are the end of the file."""
    path = smear.with_suffix(".tif")
    tifffile.imwrite(
        path,
        np.asarray(Image.open(smear).convert("RGB")),
        photometric="rgb",
        tile=(128, 128),
        compression="deflate",
        resolution=(40_000, 40_000),
        resolutionunit="CENTIMETER",
    )
    return path


@pytest.mark.usefixtures("blob_reader")
def test_what_could_not_be_read_is_read_when_the_file_is_whole_again(
    qtbot: QtBot, window: MainWindow, tiled: Path
) -> None:
    whole = tiled.read_bytes()
    half = len(whole) // 2
    tiled.write_bytes(whole[:half] + bytes(len(whole) - half))
    session = read_through(qtbot, opened(qtbot, window.session, tiled))
    read = window.actions_["read"]
    assert session.run.phase is Phase.FINISHED
    assert session.run.failed > 0
    assert (read.isEnabled(), read.text()) == (True, "Read the rest")
    before = set(session.table.id.tolist()) if session.table else set()
    assert 0 < len(before) < len(CENTRES)

    tiled.write_bytes(whole)
    read.trigger()
    qtbot.waitUntil(lambda: session.run.active)
    qtbot.waitUntil(lambda: not session.run.active, timeout=30_000)
    assert session.run.failed == 0
    assert not read.isEnabled()
    assert session.table is not None
    assert before < set(session.table.id.tolist())
    assert len(session.table) == len(CENTRES)
