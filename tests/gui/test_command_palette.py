"""Every deed has its words, its place and its key, and is found by a few letters."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.gui.command_palette.commands import Command, offers
from marrowscope.gui.command_palette.matching import fit
from marrowscope.gui.dialogs.reading_matter import PageDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.menu_walk import placed_actions
from tests.gui.conftest import opened, read_through

Key = Qt.Key


def actions(window: MainWindow) -> list[QAction]:
    """Every action of the window, and those that are the smear's alone."""
    return [*window.actions(), *window.pair.actions()]


def ask(window: MainWindow, typed: str) -> None:
    if not window.palette_.isVisible():
        window.actions_["palette"].trigger()
    window.palette_.field.clear()
    QTest.keyClicks(window.palette_.field, typed)


def found(window: MainWindow) -> list[str]:
    return [offer.command.words for offer in window.palette_.rows.offers]


# Actions -------------------------------------------------------------------------


def test_no_key_means_two_things(window: MainWindow) -> None:
    keys = Counter(
        key.toString() for action in actions(window) for key in action.shortcuts()
    )
    assert len(keys) > 30
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    in_menus = [placed.action for placed in placed_actions(window.menuBar())]
    assert len(in_menus) > 40
    assert [a.text() for a in actions(window) if a not in in_menus] == []


def test_the_page_of_keys_has_every_key_there_is(window: MainWindow) -> None:
    window.actions_["keys"].trigger()
    (page,) = window.deeds.dialogs
    assert isinstance(page, PageDialog)
    text = page.text.toPlainText()
    for placed in placed_actions(window.menuBar()):
        if placed.keys:
            assert placed.words in text
            assert " or ".join(placed.keys) in text
    assert "Space and drag" in text


# Matching ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("turn r", "Turn right"),
        ("ts", "Theme system"),
        ("right", "Turn right"),
        ("SCALE", "Scale bar"),
        ("bar scale", "Scale bar"),
    ],
)
def test_a_few_letters_find_what_is_meant(typed: str, best: str) -> None:
    names = ("Turn left", "Turn right", "Theme system", "Scale bar", "Copyright")
    known = [Command(name, "View", lambda: None) for name in names]
    assert offers(typed, known, recent=())[0].command.words == best


def test_letters_out_of_order_do_not_fit() -> None:
    assert fit("thgir", "Turn right") is None
    how = fit("tr", "Turn right")
    assert how is not None
    assert how.places == {0, 2}


def test_what_cannot_be_done_comes_last_and_what_was_done_lately_first() -> None:
    known = [
        Command("Read smear", "Cells", lambda: None, possible=False),
        Command("Read again", "Cells", lambda: None),
        Command("Ready", "Cells", lambda: None),
    ]
    ordered = [o.command.words for o in offers("read", known, recent=["Read again"])]
    assert ordered == ["Read again", "Ready", "Read smear"]
    assert offers("", known, recent=["Ready"])[0].command.words == "Ready"


# In the window -------------------------------------------------------------------


def test_a_command_is_found_done_and_remembered_by_keys_alone(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    qtbot.waitUntil(lambda: window.smear.settled)
    window.smear.setFocus()
    QTest.keyClick(window, Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_
    assert palette.isVisible()
    assert palette.field.hasFocus()
    QTest.keyClicks(palette.field, "counting")
    assert found(window)[0] == "Counting grid"
    QTest.keyClick(palette.field, Key.Key_Return)
    assert not palette.isVisible()
    assert window.smear.grid.shown
    assert window.smear.hasFocus()
    ask(window, "")
    assert found(window)[0] == "Counting grid"
    QTest.keyClick(palette.field, Key.Key_Down)
    QTest.keyClick(palette.field, Key.Key_Up)
    QTest.keyClick(palette.field, Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.rows.rowCount() - 1
    QTest.keyClick(palette.field, Key.Key_Escape)
    assert not palette.isVisible()
    assert window.smear.hasFocus()


def test_what_cannot_be_done_now_is_shown_and_not_done(window: MainWindow) -> None:
    ask(window, "undo")
    QTest.keyClick(window.palette_.field, Key.Key_Return)
    assert window.palette_.isVisible()
    ask(window, "qqqq")
    assert found(window) == []
    assert window.palette_.nothing.isVisible()
    QTest.mouseClick(window.palette_, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not window.palette_.isVisible()


@pytest.mark.usefixtures("blob_reader")
def test_a_cell_is_found_by_its_number_and_a_slide_by_its_name(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    read_through(qtbot, window.session)
    assert window.session.table is not None
    number = int(window.session.table.id[3])
    window.actions_["find_cell"].trigger()
    assert window.palette_.field.text() == "cell "
    QTest.keyClicks(window.palette_.field, str(number))
    assert found(window)[0].startswith(f"Cell {number}: ")
    QTest.keyClick(window.palette_.field, Key.Key_Return)
    assert window.session.selection == (number,)
    ask(window, "cell 9,999")
    assert found(window)[0] == "No cell 9,999 in this case"
    ask(window, "smear.png")
    assert "Slide 1: smear.png" in found(window)
