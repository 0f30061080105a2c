"""The right button on the smear: cells are called, regions counted or left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import rectangle
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.menu_walk import plain
from marrowscope.gui.session import CaseSession
from tests.gui.conftest import opened
from tests.gui.panel_cases import written_case


@pytest.fixture
def case(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, lee_vocabulary: ModelVocabulary
) -> CaseSession:
    """Cell 1 is a granulocyte, cell 2 a lymphocyte or the like."""
    opened(
        qtbot, window.session, written_case(tmp_path, lee_vocabulary, ["GN", "other"])
    )
    qtbot.waitUntil(lambda: window.session.table is not None)
    qtbot.waitUntil(lambda: window.smear.settled)
    return window.session


def menu_at(window: MainWindow, x: float, y: float) -> QMenu:
    """The menu that the right button opens on a level-0 point."""
    view = window.smear
    point = QPointF(*view.navigator.viewport.to_screen(x, y)).toPoint()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, point, view.mapToGlobal(point))
    QApplication.sendEvent(view, event)
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def choose(offered: QMenu, words: str) -> None:
    next(a for a in offered.actions() if plain(a.text()).startswith(words)).trigger()
    offered.close()


def test_the_right_button_selects_a_cell_and_offers_what_it_may_be_called(
    window: MainWindow, case: CaseSession
) -> None:
    choose(menu_at(window, 44, 42), "Dysplastic")
    assert case.selected
    assert case.selected.id == 1
    assert case.verdicts[1].dysplastic is True
    assert "myelocyte" in case.verdicts[1].lines


def test_the_right_button_lets_a_larger_selection_be(
    qtbot: QtBot, window: MainWindow, case: CaseSession
) -> None:
    case.select_cells([1, 2])
    qtbot.waitUntil(lambda: not case.unseen(case.selection).any())
    choose(menu_at(window, 44, 42), "Not a cell")
    assert {v.lines for v in case.verdicts.values()} == {("not_a_cell",)}
    assert set(case.verdicts) == {1, 2}


def test_dysplasia_is_judged_only_where_there_is_any(
    window: MainWindow, case: CaseSession
) -> None:
    choose(menu_at(window, 104, 42), "Dysplastic")
    assert not case.verdicts
    assert case.message
    assert case.message.what.startswith("Dysplasia is judged in")


def test_a_region_is_left_out_and_counted_again_where_it_lies(
    window: MainWindow, case: CaseSession
) -> None:
    shape = rectangle(Box(300, 300, 200, 200))
    case.add_region(shape, slide=1)
    choose(menu_at(window, 302, 400), "Leave region out")
    assert not case.regions[0].included
    choose(menu_at(window, 302, 400), "Count region")
    assert case.regions[0].included


def test_every_class_is_found_in_the_palette(
    window: MainWindow, case: CaseSession
) -> None:
    case.select_cell(1)
    window.palette_.toggle()
    QTest.keyClicks(window.palette_.field, "eosinophils")
    assert window.palette_.rows.offers[0].command.possible
    window.palette_._do()  # noqa: SLF001 (what Enter does)
    assert case.verdicts[1].lines == ("eosinophil",)


def test_a_cell_read_blind_is_not_judged_before_it_is_called(
    window: MainWindow, case: CaseSession
) -> None:
    case.reading.begin("Formal count", [1], blind=True)
    case.select_cell(1)
    window.actions_["dysplastic"].trigger()
    assert not case.verdicts
    case.call(["myelocyte"])
    window.actions_["dysplastic"].trigger()
    assert case.verdicts[1].lines == ("myelocyte",)
    assert case.verdicts[1].dysplastic is True


def test_a_letter_pressed_in_an_open_menu_is_the_menus_and_not_the_smears(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    overview = window.actions_["minimap"]
    (files, *_) = (action.menu() for action in window.menuBar().actions())
    assert isinstance(files, QMenu)
    files.popup(QPoint(0, 0))
    qtbot.waitUntil(files.isVisible)
    qtbot.keyClick(window.smear, Qt.Key.Key_O)
    assert overview.isChecked(), "O is for Open in this menu"
    files.hide()
    qtbot.keyClick(window.smear, Qt.Key.Key_O)
    assert not overview.isChecked()
