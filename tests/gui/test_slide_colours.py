"""The colours of a slide as its reader wants them: seen at once, kept, told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from marrowscope.gui.display_colour.dialog import NO_PROFILE, DisplayColourDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.shown_pictures import ShownPictures
from marrowscope.gui.slides_panel.slide_list import SlideList
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, DisplayColour
from marrowscope.workflow.opening import open_stored
from marrowscope.workflow.reporting import report_content
from tests.gui.conftest import opened, read_through
from tests.imaging.test_display_colour import scanner_profile

GLASS = (225, 210, 235)


@pytest.fixture
def profiled(tmp_path: Path) -> Path:
    """A photo of tinted glass with one dark disc, and a profile that swaps colours."""
    pixels = np.full((600, 800, 3), GLASS, np.uint8)
    y, x = np.ogrid[:600, :800]
    pixels[(x - 400) ** 2 + (y - 300) ** 2 < 900] = (90, 40, 120)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path, icc_profile=scanner_profile())
    return path


def dialog_of(window: MainWindow) -> DisplayColourDialog:
    window.actions_["colours"].trigger()
    found = window.deeds.dialogs[-1]
    assert isinstance(found, DisplayColourDialog)
    return found


def colour_at(window: MainWindow, x: float, y: float) -> QColor:
    place = QPointF(*window.smear.navigator.viewport.to_screen(x, y)).toPoint()
    return window.smear.grab().toImage().pixelColor(place)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.smear.settled)


def test_the_files_profile_is_applied_to_what_is_seen_and_can_be_left_out(
    qtbot: QtBot, window: MainWindow, session: CaseSession, profiled: Path
) -> None:
    opened(qtbot, session, profiled)
    settle(qtbot, window)
    swapped = colour_at(window, 400, 300)
    assert swapped.red() > swapped.blue()
    assert session.slide is not None
    stored = session.slide.opened.slide.read(400, 300, 1, 1, level=0)
    assert stored.ravel().tolist() == [90, 40, 120]
    dialog = dialog_of(window)
    assert dialog.profile.isChecked()
    dialog.profile.click()
    qtbot.waitUntil(lambda: colour_at(window, 400, 300) == QColor(90, 40, 120))


def test_the_small_picture_has_the_colours_of_the_smear_with_and_without_a_profile(
    qtbot: QtBot, window: MainWindow, session: CaseSession, profiled: Path
) -> None:
    opened(qtbot, session, profiled)
    qtbot.waitUntil(lambda: session.slides[0].thumbnail is not None)
    pictures, dialog = ShownPictures(session), dialog_of(window)

    def middle() -> QColor:
        image = pictures.of(session.slides[0])
        assert image is not None
        return image.pixelColor(image.rect().center())

    settle(qtbot, window)
    assert middle().red() == pytest.approx(colour_at(window, 400, 300).red(), abs=2)
    assert middle().red() > middle().blue()
    dialog.profile.click()
    qtbot.waitUntil(lambda: colour_at(window, 400, 300) == QColor(90, 40, 120))
    assert middle() == QColor(90, 40, 120)


def test_sliders_change_the_smear_and_reset_gives_the_file_its_word_back(
    qtbot: QtBot, window: MainWindow, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    settle(qtbot, window)
    before = colour_at(window, 330, 300)
    dialog = dialog_of(window)
    assert dialog.profile.text() == NO_PROFILE
    assert not dialog.reset.isEnabled()
    dialog.brightness.setValue(-40)
    dialog.gamma.setValue(-50)
    assert dialog.brightness.figure.text() == "-40 %"
    settle(qtbot, window)
    qtbot.waitUntil(lambda: colour_at(window, 330, 300).red() < before.red() - 40)
    dialog.reset.click()
    assert dialog.brightness.value() == dialog.gamma.value() == 0
    qtbot.waitUntil(lambda: colour_at(window, 330, 300) == before)


def test_a_click_on_bare_glass_makes_it_white(
    qtbot: QtBot, window: MainWindow, session: CaseSession, profiled: Path
) -> None:
    opened(qtbot, session, profiled)
    settle(qtbot, window)
    dialog = dialog_of(window)
    dialog.profile.click()
    dialog.pick.click()
    point = QPointF(*window.smear.navigator.viewport.to_screen(100, 100)).toPoint()
    QTest.mouseClick(window.smear, Qt.MouseButton.LeftButton, pos=point)
    assert not dialog.pick.isChecked()
    qtbot.waitUntil(lambda: session.colours_of(1).white == GLASS)
    qtbot.waitUntil(lambda: colour_at(window, 100, 100) == QColor(255, 255, 255))
    dialog.unbalanced.click()
    assert session.colours_of(1).white is None
    dialog.automatic.click()
    qtbot.waitUntil(lambda: session.colours_of(1).white == GLASS)
    dialog.pick.click()
    QTest.keyClick(window.smear, Qt.Key.Key_Escape)
    assert not dialog.pick.isChecked()


@pytest.mark.usefixtures("blob_reader")
def test_the_case_remembers_the_colours_and_the_report_tells_them(
    qtbot: QtBot, session: CaseSession, profiled: Path
) -> None:
    opened(qtbot, session, profiled)
    read_through(qtbot, session)
    wished = DisplayColour(brightness=0.1, gamma=1.2, white=(200, 210, 220))
    session.show_colours(1, wished)
    assert session.case_path is not None
    assert session.close()
    again = open_stored(session.case_path)
    try:
        assert again.file.displays() == {1: wished}
        said = report_content(again).slides[0].reading
        assert "displayed with the file's ICC profile, brightness +10 %" in said
        assert "read from the untouched pixels" in said
        entry = again.file.journal()[-1]
        assert (entry.was, entry.who) == (AS_THE_FILE_SAYS.words, session.reader)
    finally:
        again.close()


@pytest.mark.usefixtures("blob_reader")
def test_the_picture_of_a_cell_is_shown_in_the_colours_of_its_slide(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    read_through(qtbot, session)
    assert session.table is not None
    session.select_cell(int(session.table.id[0]))
    qtbot.waitUntil(lambda: session.picture is not None)
    assert session.picture is not None
    before = session.picture.pixels.mean()
    session.show_colours(1, DisplayColour(brightness=-0.5))
    qtbot.waitUntil(
        lambda: (
            session.picture is not None and session.picture.pixels.mean() < before - 30
        )
    )


def test_thumbnail_and_overview_follow_the_colours_of_their_slide(
    qtbot: QtBot, window: MainWindow, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    window.smear.navigator.zoom_to(1.0)
    qtbot.waitUntil(lambda: session.slides[0].thumbnail is not None)
    (cards,) = window.findChildren(SlideList)
    seen = (cards.viewport(), window.smear.overview.minimap)
    before = [_brightness(one) for one in seen]
    session.show_colours(1, DisplayColour(brightness=-0.6))
    after = [_brightness(one) for one in seen]
    assert all(now < then - 8 for now, then in zip(after, before, strict=True))


def _brightness(widget: QWidget) -> float:
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return float(np.asarray(picture.constBits(), np.uint8).reshape(-1, 4)[:, :3].mean())
