"""Cells of an atlas beside the cell looked at, in the real window."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from marrowscope.gui.atlas.menu import AtlasMenu
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.atlases import atlas_names
from tests.gui.conftest import opened, read_through

pytestmark = pytest.mark.usefixtures("blob_reader")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures of each of two labels."""
    found = tmp_path / "labelled"
    generator = np.random.default_rng(1)
    for word, colour in (("lymphocyte", (120, 30, 70)), ("monocyte", (180, 120, 140))):
        (found / word).mkdir(parents=True)
        for number in range(3):
            pixels = np.full((200, 200, 3), 228.0) + generator.normal(
                0, 3, (200, 200, 3)
            )
            cv2.circle(pixels, (100, 100), 60 + number, colour, -1)
            cv2.imwrite(str(found / word / f"{number}.png"), pixels)
    return found


@pytest.fixture
def window_with_atlas(
    qtbot: QtBot, window: MainWindow, session: CaseSession, smear: Path, folder: Path
) -> MainWindow:
    """A smear that was read, and an atlas built from the window."""
    session.look_for_model()
    opened(qtbot, session, smear)
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: session.bundle is not None, timeout=20_000)
    desk = window.panels.inspector.atlas
    desk.build("ours", (folder,))
    qtbot.waitUntil(lambda: desk.building is None, timeout=60_000)
    return window


def look_at(qtbot: QtBot, window: MainWindow, cell: int) -> None:
    window.session.select_cell(cell)
    desk = window.panels.inspector.atlas
    qtbot.waitUntil(
        lambda: desk.compared is not None and desk.compared.cell == cell, timeout=20_000
    )


def cells_of(session: CaseSession) -> list[int]:
    assert session.table is not None
    return session.table.id.tolist()


def test_the_five_cells_most_alike_stand_beside_the_cell_looked_at(
    qtbot: QtBot, window_with_atlas: MainWindow, session: CaseSession
) -> None:
    first, second, *_ = cells_of(session)
    alike = window_with_atlas.panels.inspector.view.alike
    for cell in (first, second):
        look_at(qtbot, window_with_atlas, cell)
        assert alike.isVisibleTo(window_with_atlas)
        assert alike.heading.startswith("Most alike in ours: ")
        assert alike.shown is not None
        assert [picture.isNull() for picture in alike.shown.pictures] == [False] * 5
    names = {one.label.name for one in alike.shown.comparison.nearest}
    assert names == {"Lymphocytes", "Monocytes"}
    words = alike.words_at(alike.place_of(0).center())
    assert words.endswith("at most 1")
    assert alike.words_at(QPointF(-5, -5)) == ""


def test_a_cell_read_blind_shows_no_labels_of_cells_alike(
    qtbot: QtBot, window_with_atlas: MainWindow, session: CaseSession
) -> None:
    first, second, *_ = cells_of(session)
    look_at(qtbot, window_with_atlas, first)
    session.reading.begin("Formal count", [first, second], blind=True)
    alike = window_with_atlas.panels.inspector.view.alike
    assert alike.shown is None
    session.call(["monocyte"], cells=[first])
    assert alike.shown is not None


def test_the_atlas_in_use_is_remembered_and_can_be_laid_aside(
    qtbot: QtBot, window_with_atlas: MainWindow, session: CaseSession
) -> None:
    window = window_with_atlas
    assert window.memory.atlas == "ours"
    again = AtlasMenu(session, window.panels.inspector.atlas, window.memory, window)
    offered = [action.text() for action in again.actions() if action.isCheckable()]
    assert offered == ["&None", "ours"]
    look_at(qtbot, window, cells_of(session)[0])
    again.actions()[0].trigger()
    assert window.panels.inspector.view.alike.shown is None
    assert window.memory.atlas == ""


def test_building_can_be_stopped_and_leaves_nothing(
    qtbot: QtBot, window: MainWindow, session: CaseSession, folder: Path
) -> None:
    session.look_for_model()
    desk = window.panels.inspector.atlas
    desk.build("ours", (folder,))
    desk.stop()
    qtbot.waitUntil(lambda: desk.building is None, timeout=60_000)
    assert atlas_names() == []
    assert desk.name == ""


def test_what_cannot_become_an_atlas_is_said_in_a_sentence(
    qtbot: QtBot, window: MainWindow, session: CaseSession, tmp_path: Path
) -> None:
    session.look_for_model()
    desk = window.panels.inspector.atlas
    desk.build("empty", (tmp_path / "empty",))
    qtbot.waitUntil(lambda: desk.building is None, timeout=60_000)
    assert session.message is not None
    assert "empty is not a folder" in session.message.what


def test_no_atlas_is_replaced_without_having_been_asked_for(
    qtbot: QtBot,
    window_with_atlas: MainWindow,
    session: CaseSession,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (menu,) = window_with_atlas.findChildren(AtlasMenu)
    asked: list[tuple[str, str]] = []

    def keep_both(taken: str, free: str) -> str:
        asked.append((taken, free))
        return free

    monkeypatch.setattr(menu, "name_for", keep_both)
    again = folder.rename(folder.with_name("ours"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(again))
    (build,) = [a for a in menu.actions() if "labelled" in a.text()]
    build.trigger()
    desk = window_with_atlas.panels.inspector.atlas
    qtbot.waitUntil(lambda: desk.building is None, timeout=60_000)
    assert asked == [("ours", "ours 2")]
    assert atlas_names() == ["ours", "ours 2"]
    monkeypatch.setattr(menu, "name_for", lambda *_: "")
    build.trigger()
    assert desk.building is None
