"""From photos to a signed report, as a new reader: by keys alone, by mouse alone.

Only the system's own file dialogs are answered from outside.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMenu,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from marrowscope.gui.case_state import Phase
from marrowscope.gui.dialogs.sign import SignDialog
from marrowscope.gui.dialogs.specimen import SpecimenDialog
from marrowscope.gui.main_window import MainWindow
from tests.gui.smears import drawn_smear

pytestmark = pytest.mark.usefixtures("blob_reader")
Key, Modifier = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)
DOCTOR = "Dr. Ada Reader"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with two fields of one smear."""
    folder = tmp_path / "marrow"
    folder.mkdir()
    drawn_smear(folder / "field 1.png")
    drawn_smear(folder / "field 2.png", shift=5)
    return folder


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "report"
    folder.mkdir()
    return folder


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier
) -> None:
    """A key as the window system delivers it to the window of a widget."""
    handle = widget.window().windowHandle()
    QTest.keyClick(handle, key, modifier)


def write(widget: QWidget, text: str) -> None:
    for letter in text:
        QTest.keyClick(widget.window().windowHandle(), letter)  # type: ignore[call-overload]


def answered(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The system's dialog for folders answers this one."""
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder)
    )


def dialog_of(qtbot: QtBot, kind: type[D]) -> D:
    """The dialog of that kind, once it is in front."""

    def found() -> D | None:
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        return next((w for w in shown if isinstance(w, kind)), None)

    qtbot.waitUntil(lambda: found() is not None)
    dialog = found()
    assert dialog is not None
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def read_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    run = lambda: window.session.run.phase  # noqa: E731
    qtbot.waitUntil(lambda: run() is Phase.FINISHED)


def is_signed(qtbot: QtBot, window: MainWindow, report: Path) -> None:
    qtbot.waitUntil((report / "report.pdf").exists)
    text = (report / "differential.json").read_text(encoding="utf-8")
    assert DOCTOR in text
    assert window.session.message is not None


def front(qtbot: QtBot, window: MainWindow) -> None:
    """No dialog is left, and the window has the keyboard."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_a_marrow_is_read_and_signed_with_the_keyboard_alone(
    qtbot: QtBot,
    window: MainWindow,
    photos: Path,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = window.session
    front(qtbot, window)
    answered(monkeypatch, photos)
    press(window, Key.Key_O, Modifier.ControlModifier | Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(session.slides) == 2)
    press(window, Key.Key_R, Modifier.ControlModifier)
    read_to_the_end(qtbot, window)

    press(window, Key.Key_I, Modifier.ControlModifier)
    specimen = dialog_of(qtbot, SpecimenDialog)
    write(specimen, "General Hospital")
    assert specimen.words["hospital"] == "General Hospital"
    with qtbot.waitSignal(specimen.written):
        press(specimen, Key.Key_Return, Modifier.ControlModifier)
    front(qtbot, window)

    press(window, Key.Key_F2, Modifier.ShiftModifier)
    press(window, Key.Key_Up)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Space)
    qtbot.waitUntil(lambda: session.reading.active)
    drawn = len(session.reading.cells)
    assert drawn > 15
    for _ in range(drawn):
        press(window, Key.Key_G)
    qtbot.waitUntil(lambda: session.saved and len(session.verdicts) == drawn)
    press(window, Key.Key_Escape)

    press(window, Key.Key_L, Modifier.ControlModifier)
    write(window, "sign")
    press(window, Key.Key_Return)
    dialog = dialog_of(qtbot, SignDialog)
    write(dialog, DOCTOR)
    press(dialog, Key.Key_Return)
    front(qtbot, window)
    qtbot.waitUntil(lambda: not window.actions_["sign"].isEnabled())

    answered(monkeypatch, report)
    press(window, Key.Key_P, Modifier.ControlModifier)
    is_signed(qtbot, window, report)


def click(qtbot: QtBot, widget: QWidget, place: QPoint | None = None) -> None:
    qtbot.waitUntil(widget.isVisible)
    qtbot.mouseClick(widget, LEFT, pos=place or widget.rect().center())


def choose(qtbot: QtBot, window: MainWindow, title: str, name: str) -> None:
    """An action of a menu, clicked."""
    bar = window.menuBar()
    entry = next(a for a in bar.actions() if a.text() == title)
    click(qtbot, bar, bar.actionGeometry(entry).center())
    menu = entry.menu()
    assert isinstance(menu, QMenu)
    action = window.actions_[name]
    assert action.isEnabled()
    click(qtbot, menu, menu.actionGeometry(action).center())


def drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        window.rect().center(),
        Qt.DropAction.CopyAction,
        mime,
        LEFT,
        Modifier.NoModifier,
    )
    window.dropEvent(event)


def tab_of(window: MainWindow, words: str) -> tuple[QTabBar, int]:
    """Where a panel that lies behind another is brought to the front."""
    return next(
        (bar, index)
        for bar in window.findChildren(QTabBar)
        for index in range(bar.count())
        if bar.tabText(index) == words
    )


def test_a_marrow_is_read_and_signed_with_the_mouse_alone(
    qtbot: QtBot,
    window: MainWindow,
    photos: Path,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, count = window.session, window.panels.formal_count
    front(qtbot, window)
    drop(window, photos)
    qtbot.waitUntil(lambda: len(session.slides) == 2)
    click(qtbot, window.tools.widgetForAction(window.actions_["read"]))
    read_to_the_end(qtbot, window)

    bar, index = tab_of(window, "Formal count")
    click(qtbot, bar, bar.tabRect(index).center())
    click(qtbot, count.beginning.draw)
    qtbot.waitUntil(lambda: session.reading.active)
    drawn = len(session.reading.cells)
    keys = window.counting.smear.strip.keys
    for _ in range(drawn):
        click(qtbot, keys, keys.places()["g"].center().toPoint())
    qtbot.waitUntil(lambda: session.saved and len(session.verdicts) == drawn)

    choose(qtbot, window, "&Report", "specimen")
    specimen = dialog_of(qtbot, SpecimenDialog)
    click(qtbot, specimen.save)
    front(qtbot, window)
    choose(qtbot, window, "&Report", "sign")
    dialog = dialog_of(qtbot, SignDialog)
    write(dialog, DOCTOR)
    click(qtbot, dialog.sign)
    front(qtbot, window)
    qtbot.waitUntil(lambda: not window.actions_["sign"].isEnabled())

    answered(monkeypatch, report)
    click(qtbot, window.tools.widgetForAction(window.actions_["export"]))
    is_signed(qtbot, window, report)
