"""Turning pages: the next and the previous picture are read before they are wanted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.imaging.display_colour import DisplayColour
from tests.gui.conftest import opened
from tests.gui.smears import drawn_smear


def at_rest(qtbot: QtBot, window: MainWindow) -> None:
    smear = window.smear
    qtbot.waitUntil(lambda: smear.settled and smear.neighbours.settled)


def test_the_next_and_the_previous_picture_are_there_at_once(
    qtbot: QtBot, window: MainWindow, session: CaseSession, tmp_path: Path
) -> None:
    photos = [drawn_smear(tmp_path / f"{n}.png", shift=9 * n) for n in range(4)]
    opened(qtbot, session, *photos)
    at_rest(qtbot, window)
    for key, expected in ((Qt.Key.Key_PageDown, 2), (Qt.Key.Key_PageUp, 1)):
        QTest.keyClick(window.smear, key)
        assert window.smear.number == expected
        assert window.smear.loader.idle, "a tile had to be asked for"
        at_once = window.smear.grab().toImage()
        at_rest(qtbot, window)
        assert at_once == window.smear.grab().toImage()


def test_a_neighbour_whose_colours_were_changed_is_read_anew(
    qtbot: QtBot, window: MainWindow, session: CaseSession, tmp_path: Path
) -> None:
    photos = [drawn_smear(tmp_path / f"{n}.png", shift=9 * n) for n in range(2)]
    opened(qtbot, session, *photos)
    at_rest(qtbot, window)
    session.show_colours(2, DisplayColour(brightness=-0.9))
    session.show_slide(2)
    assert not window.smear.loader.idle
    at_rest(qtbot, window)
    assert window.smear.grab().toImage().pixelColor(300, 200).lightness() < 160
