"""Many photos in the panel: the seen first, the current one always in sight."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Pixels
from marrowscope.gui import case_jobs
from marrowscope.gui.case_jobs import ThumbnailRequest
from marrowscope.gui.jobs import Progress
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.panel import SlidesPanel
from tests.gui.conftest import opened

MANY = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty small photos, no two alike."""
    made = tmp_path / "photos"
    made.mkdir()
    rng = np.random.default_rng(5)
    for number in range(1, MANY + 1):
        pixels = rng.integers(0, 256, (60, 80, 3), np.uint8)
        Image.fromarray(pixels).save(made / f"{number}.png")
    return made


@pytest.fixture
def panel(window: MainWindow) -> SlidesPanel:
    found = window.findChild(SlidesPanel)
    assert found is not None
    return found


def seen(panel: SlidesPanel) -> list[str]:
    """Names of the cards in sight, from the top."""
    shown = panel.list
    height = shown.viewport().height()
    rows = {shown.indexAt(QPoint(9, y)).row() for y in range(0, height, 8)}
    return [shown.cards[row].name for row in sorted(rows) if row >= 0]


def test_the_slide_shown_is_always_in_sight(
    qtbot: QtBot, session: CaseSession, panel: SlidesPanel, folder: Path
) -> None:
    opened(qtbot, session, folder)
    assert len(panel.list.cards) == MANY
    assert "1.png" in seen(panel)
    session.show_slide(session.slides[39].number)
    assert "40.png" in seen(panel)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert session.slide is not None
    assert session.slide.name == "41.png"
    session.show_slide(session.slides[0].number)
    assert seen(panel)[0] == "1.png"


def test_a_click_on_a_card_shows_its_slide_and_moves_no_card(
    qtbot: QtBot, session: CaseSession, panel: SlidesPanel, folder: Path
) -> None:
    opened(qtbot, session, folder)
    panel.list.verticalScrollBar().setValue(700)
    there = seen(panel)
    left = Qt.MouseButton.LeftButton
    place = panel.list.visualRect(panel.list.indexAt(QPoint(9, 60))).center()
    qtbot.mouseClick(panel.list.viewport(), left, pos=place)
    assert session.slide is not None
    assert session.slide.name in there
    assert seen(panel) == there


def test_pictures_of_the_cards_in_sight_are_made_first(
    qtbot: QtBot,
    session: CaseSession,
    panel: SlidesPanel,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    gone_on, make = threading.Event(), case_jobs.thumbnail

    def noted(request: ThumbnailRequest, progress: Progress) -> Pixels:
        made.append(request.number)
        gone_on.wait(20)
        return make(request, progress)

    monkeypatch.setattr(case_jobs, "thumbnail", noted)
    opened(qtbot, session, folder)
    session.show_slide(session.slides[56].number)
    gone_on.set()
    qtbot.waitUntil(lambda: all(s.thumbnail is not None for s in session.slides))
    names = {slide.number: slide.name for slide in session.slides}
    assert set(seen(panel)) <= {names[number] for number in made[:6]}
    assert len(made) == MANY


def test_only_the_rows_that_differ_are_painted_again(
    qtbot: QtBot, session: CaseSession, panel: SlidesPanel, folder: Path
) -> None:
    opened(qtbot, session, folder)
    qtbot.waitUntil(lambda: all(s.thumbnail is not None for s in session.slides))
    rows: list[int] = []
    model = panel.list.model()
    model.dataChanged.connect(lambda first, last: rows.append(first.row()))
    model.modelReset.connect(lambda: rows.append(-1))
    session.show_slide(session.slides[5].number)
    assert rows == [0, 5]


def test_a_photo_damaged_within_is_told_when_its_picture_is_made(
    qtbot: QtBot, session: CaseSession, panel: SlidesPanel, folder: Path
) -> None:
    hurt = folder / "7.png"
    content = bytearray(hurt.read_bytes())
    content[len(content) // 2] ^= 0xFF
    hurt.write_bytes(content)
    (folder / "8.png").write_bytes((folder / "8.png").read_bytes()[:5000])
    opened(qtbot, session, folder)
    assert len(session.slides) == MANY - 1
    qtbot.waitUntil(
        lambda: bool(session.message and "7.png" in session.message.for_support)
    )
    assert session.message is not None
    assert session.message.what.startswith("2 inputs could not be opened. 8.png is")
    assert "7.png is damaged or gone" in session.message.details
