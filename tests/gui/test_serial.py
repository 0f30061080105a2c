"""Comparing with an earlier marrow in the real window: chosen, read, reported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.serial.dialog import PUT, TAKE, SerialDialog
from marrowscope.workflow import places
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader
from tests.workflow.called_cases import case_with


def dialog_of(qtbot: QtBot, window: MainWindow) -> SerialDialog:
    window.actions_["compare"].trigger()
    dialog = window.deeds.report.dialog
    assert isinstance(dialog, SerialDialog)
    return dialog


def first(rows: QTreeWidget) -> QTreeWidgetItem:
    item = rows.topLevelItem(0)
    assert item is not None
    return item


def test_an_earlier_marrow_is_chosen_compared_and_put_into_the_report(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    session.call(("blast",), cells=session.table.id[:9].tolist())
    qtbot.waitUntil(lambda: session.saved)
    cases = places.cases_folder()
    case_with(cases / "stranger.marrow", 3, words={"patient": "B. Doe"})
    case_with(cases / "unread.marrow", 0, calls=0)
    dialog = dialog_of(qtbot, window)
    qtbot.waitUntil(lambda: dialog.choice.list.topLevelItemCount() == 1)
    assert first(dialog.choice.list).text(1) == "B. Doe"
    assert not dialog.compare.isEnabled()
    dialog.choice.list.setCurrentItem(first(dialog.choice.list))
    qtbot.mouseClick(dialog.compare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.page.isVisible)
    row = first(dialog.page.table)
    assert (row.text(0), row.text(3), row.text(6)) == ("Blasts", "3 of 300", "9 of 9")
    assert row.text(8) == "too few cells: 9 of 300 now"
    then, now = dialog.page.cells.sides
    assert now.pictures == 5
    assert then.pictures == 0
    assert dialog.keep.text() == PUT
    dialog.keep.click()
    qtbot.waitUntil(lambda: dialog.keep.text() == TAKE)
    dialog.close()
    again = dialog_of(qtbot, window)
    qtbot.waitUntil(again.page.isVisible)
    assert first(again.page.table).text(3) == "3 of 300"
    again.keep.click()
    qtbot.waitUntil(lambda: again.keep.text() == PUT)


def test_a_file_that_is_no_marrow_is_refused_in_a_sentence(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    dialog = dialog_of(qtbot, window)
    assert session.opened_case is not None
    dialog.desk.compare(session.opened_case.file.path)
    qtbot.waitUntil(lambda: "not an earlier one" in dialog.choice.words.text())
    assert dialog.choice.isVisible()
