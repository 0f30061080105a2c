"""Counting beside a microscope, in the real window: no slide, only keys."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from marrowscope.domain.formal_count import FormalCount
from marrowscope.gui.counting import milestones
from marrowscope.gui.counting.scope_words import BESIDE
from marrowscope.gui.dialogs.at_the_microscope import MicroscopeDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.workflow.opening import open_stored
from marrowscope.workflow.reporting import export_report
from tests.gui.conftest import opened, read_through
from tests.gui.test_count_mode import press, spaced


def ask(window: MainWindow) -> MicroscopeDialog:
    window.actions_["microscope"].trigger()
    (dialog,) = window.findChildren(MicroscopeDialog)
    return dialog


@pytest.fixture
def scope(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The window, counting a new case beside a microscope."""
    dialog = ask(window)
    dialog.name.setText("Marrow 7")
    dialog.count.click()
    qtbot.waitUntil(lambda: window.counting.scope.counter.desk.is_ready)
    return window


def kept(qtbot: QtBot, window: MainWindow) -> Path:
    """The case's file once everything is in it."""
    qtbot.waitUntil(lambda: window.session.saved)
    assert window.session.case_path is not None
    return window.session.case_path


def test_keys_count_cells_without_any_slide(qtbot: QtBot, scope: MainWindow) -> None:
    press(scope, Qt.Key.Key_Q, Qt.Key.Key_E, Qt.Key.Key_D)
    spaced(scope, Qt.Key.Key_D)
    press(scope, Qt.Key.Key_U, Qt.Key.Key_3)
    page = scope.counting.scope.page
    assert page.isVisible()
    assert page.total.text() == "4"
    assert page.last.text() == "Polychromatic erythroblasts"
    assert page.marks.text() == "dysplastic, nuclear budding 1, grade 3"
    assert "smear 1: 4" in page.smear.text()
    press(scope, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: "grade 3" not in page.marks.text())
    press(scope, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: page.total.text() == "3")


def test_what_was_keyed_is_undone_after_a_restart(
    qtbot: QtBot, scope: MainWindow
) -> None:
    press(scope, Qt.Key.Key_Q, Qt.Key.Key_E)
    path, session = kept(qtbot, scope), scope.session
    before = session.opened_case
    session.open_paths([path])
    qtbot.waitUntil(lambda: session.opened_case is not before)
    qtbot.waitUntil(lambda: scope.counting.scope.counter.desk.is_ready)
    qtbot.waitUntil(lambda: session.can_undo)
    press(scope, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: scope.counting.scope.page.total.text() == "1")
    press(scope, Qt.Key.Key_X)
    assert sorted(session.verdicts) == [-3, -1]
    kept(qtbot, scope)


def test_subtotals_are_kept_by_smear(qtbot: QtBot, scope: MainWindow) -> None:
    press(scope, Qt.Key.Key_Q)
    scope.counting.scope.page.next_smear.click()
    press(scope, Qt.Key.Key_E, Qt.Key.Key_E)
    words = scope.counting.scope.page.smear.text()
    assert words == "Counting smear 2  ·  smear 1: 1  ·  smear 2: 2"
    kept(qtbot, scope)


def test_a_report_of_keyed_cells_says_that_they_were_keyed(
    qtbot: QtBot, scope: MainWindow, tmp_path: Path
) -> None:
    press(scope, Qt.Key.Key_Q, Qt.Key.Key_E, Qt.Key.Key_E)
    case = open_stored(kept(qtbot, scope))
    files = export_report(case, tmp_path / "out")
    case.close()
    page = files.html.read_text("utf-8")
    assert "3 of 3 cells were counted by keys beside a microscope" in page
    rows = list(csv.DictReader(files.cells.read_text("utf-8").splitlines()))
    assert [(r["id"], r["line"], r["source"], r["slide"]) for r in rows] == [
        ("-1", "blast", "keyed", "smear 1"),
        ("-2", "myelocyte", "keyed", "smear 1"),
        ("-3", "myelocyte", "keyed", "smear 1"),
    ]
    told = json.loads(files.differential.read_text("utf-8"))
    assert told["confirmed"]["keyed"] == 3
    lines = {r["name"]: r["keyed"] for r in told["confirmed"]["rows"] if "keyed" in r}
    assert lines["Myelocytes"] == 2


@pytest.mark.usefixtures("blob_reader")
def test_keyed_and_detected_cells_mix_in_one_case_and_are_told_apart(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    read_through(qtbot, session)
    session.select_next()
    session.call(["blast"])
    ask(window).count.click()
    qtbot.waitUntil(lambda: window.counting.scope.counter.desk.is_ready)
    press(window, Qt.Key.Key_Q, Qt.Key.Key_Q)
    page = window.counting.scope.page
    assert (page.total.text(), page.origin.text()) == ("3", "2 keyed, 1 on pictures")
    session.formal.take(FormalCount(200, 1, "A", "2026-11-21T00:00:00+00:00"))
    press(window, Qt.Key.Key_Q)
    assert (page.total.text(), page.origin.text()) == ("0", BESIDE)
    session.formal.take(None)
    press(window, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.pair
    kept(qtbot, window)


def test_a_stage_of_a_count_at_the_microscope_sounds_once(
    qtbot: QtBot, scope: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milestones, "STAGES", (2,))
    told: list[int] = []
    for counter in (scope.counting.scope.counter, scope.counting.smear.counter):
        counter.milestones.sounding = False
        counter.milestones.reached.connect(told.append)
    press(scope, Qt.Key.Key_Q, Qt.Key.Key_E, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: scope.counting.scope.page.total.text() == "3")
    assert told == [2]
