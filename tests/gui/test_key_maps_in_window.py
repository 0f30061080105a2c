"""Changing the keys of the count in the real window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.gui.counting.key_map_dialog import KeyMapDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.workflow.key_maps import key_map


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> KeyMapDialog:
    window.actions_["count_keys"].trigger()
    desk = window.counting.desk
    qtbot.waitUntil(lambda: desk.dialog is not None)
    assert desk.dialog is not None
    return desk.dialog


def test_a_key_that_is_taken_is_refused_and_a_free_one_kept(
    qtbot: QtBot, window: MainWindow, dialog: KeyMapDialog
) -> None:
    dialog.copy_as("Mine")
    dialog.choose("blast")
    QTest.keyClick(dialog.list, Qt.Key.Key_E)
    assert "Key E already stands for Myelocytes" in dialog.word.text()
    QTest.keyClick(dialog.list, Qt.Key.Key_Period)
    assert dialog.editor.key_map.key_of("blast") == "."
    dialog.choose("myelocyte")
    QTest.keyClick(dialog.list, Qt.Key.Key_Backspace)
    assert dialog.editor.key_map.key_of("myelocyte") == ""
    dialog.use.click()
    qtbot.waitUntil(lambda: key_map("Mine").name == "Mine")
    qtbot.waitUntil(lambda: window.session.message is not None)
    assert window.memory.key_map == "Mine"
    assert window.counting.scope.counter.key_map.classes["."] == "blast"


def test_the_sheet_prints_every_key(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "keys.pdf"
    usual = key_map("")
    wide = replace(usual, classes={**usual.classes, "[": "erythroid"})
    window.counting.desk.print_to(wide, path)
    qtbot.waitUntil(path.exists)
    with pypdfium2.PdfDocument(path) as document:
        words = document[0].get_textpage().get_text_bounded()
    for said in ("Promyelocytes", "Nuclear budding", "Widely separated", "Backspace"):
        assert said in words
    for whole in ("Orthochromatic", "Proerythroblasts", "Megakaryocytes"):
        assert whole in words
    qtbot.waitUntil(lambda: window.session.message is not None)
