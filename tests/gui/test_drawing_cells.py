"""Adding, splitting and redrawing cells on the smear, with a real mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box, parts_beside
from marrowscope.gui.main_window import MainWindow
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader
from tests.gui.test_count_mode import press

pytestmark = pytest.mark.usefixtures("blob_reader")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def read(qtbot: QtBot, window: MainWindow, smear: Path) -> MainWindow:
    opened(qtbot, window.session, smear)
    read_through(qtbot, window.session)
    qtbot.waitUntil(lambda: window.smear.settled)
    return window


def on_screen(window: MainWindow, x: float, y: float) -> QPoint:
    view = window.smear.navigator.viewport
    return QPoint(*(round(v) for v in view.to_screen(x, y)))


def drag(window: MainWindow, *places: tuple[float, float]) -> None:
    """The left button down at the first place, up at the last; level-0 pixels."""
    points = [on_screen(window, *place) for place in places]
    QTest.mousePress(window.smear, LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(window.smear, point)
    QTest.mouseRelease(window.smear, LEFT, pos=points[-1])


def cells(window: MainWindow) -> int:
    table = window.session.table
    return 0 if table is None else len(table)


def test_a_missed_cell_is_drawn_and_named_by_its_key(
    qtbot: QtBot, read: MainWindow
) -> None:
    before = cells(read)
    read.actions_["add_cell"].trigger()
    drag(read, (400, 300), (420, 320), (460, 350))
    QTest.keyClick(read.smear, Qt.Key.Key_Q)
    qtbot.waitUntil(lambda: cells(read) == before + 1)
    qtbot.waitUntil(lambda: read.session.selected is not None)
    cell = read.session.selected
    assert cell is not None
    assert read.session.verdicts[cell.id].lines == ("blast",)
    assert cell.box.width == pytest.approx(60, abs=3)
    assert read.session.history.undo == "1 missed cell added"
    read.session.undo()
    qtbot.waitUntil(lambda: cells(read) == before)


def test_a_click_in_count_mode_adds_a_cell_by_the_same_keys(
    qtbot: QtBot, read: MainWindow
) -> None:
    before = cells(read)
    read.actions_["count_mode"].trigger()
    read.actions_["add_cell"].trigger()
    drag(read, (300, 620))
    press(read, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: cells(read) == before + 1)
    assert [v.lines for v in read.session.verdicts.values()] == [("lymphocyte",)]
    press(read, Qt.Key.Key_Escape)
    assert read.smear.pointing.tool is read.smear.pointing.hand
    assert read.counting.smear.active
    press(read, Qt.Key.Key_Escape)
    assert not read.counting.smear.active


def test_a_cell_is_split_where_the_line_runs(qtbot: QtBot, read: MainWindow) -> None:
    before, session = cells(read), read.session
    session.select_next()
    cell = session.selected
    assert cell is not None
    (x, y), box = cell.box.centre, cell.box
    read.actions_["split_cell"].trigger()
    drag(read, (x, box.y - 20), (x, y), (x, box.bottom + 20))
    qtbot.waitUntil(lambda: cells(read) == before + 1)
    assert session.cell(cell.id) is None
    assert session.history.undo == "1 cell split into 2"
    assert read.smear.pointing.tool is read.smear.pointing.hand


def test_a_box_is_redrawn_by_its_handle_and_stays_so_in_a_later_run(
    qtbot: QtBot, read: MainWindow
) -> None:
    session = read.session
    session.select_next()
    cell = session.selected
    assert cell is not None
    read.actions_["redraw_cell"].trigger()
    box = cell.box
    corner, end = (box.right, box.bottom), (box.right + 20, box.bottom + 20)
    drag(read, corner, (box.right + 10, box.bottom + 10), end)
    qtbot.waitUntil(lambda: session.cell(cell.id).box != box)
    session.start_run(again=True)
    qtbot.waitUntil(lambda: not session.run.active)
    table = session.table
    assert table is not None
    widths = table.box[:, 2].tolist()
    assert max(widths) == pytest.approx(box.width + 20, abs=3)


def test_a_line_beside_a_box_splits_nothing() -> None:
    box = Box(0, 0, 10, 20)
    assert set(parts_beside(box, (5, -5), (5, 30))) == {
        Box(0, 0, 5, 20),
        Box(5, 0, 5, 20),
    }
    assert len(parts_beside(box, (40, 0), (40, 9))) == 1
    assert parts_beside(box, (5, 5), (5, 5)) == ()
    assert set(parts_beside(box, (0, 0), (10, 20))) == {box}


def test_a_call_whose_cell_is_gone_after_a_new_run_is_listed(
    qtbot: QtBot,
    read: MainWindow,
    blob_reader: BlobReader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = read.session
    session.select_next()
    session.call(["blast"])
    qtbot.waitUntil(lambda: session.saved)
    monkeypatch.setattr(blob_reader, "_read", lambda field: [])
    session.start_run(again=True)
    qtbot.waitUntil(lambda: not session.run.active)
    read.actions_["lost_calls"].trigger()
    qtbot.waitUntil(lambda: read.lost.dialog is not None)
    assert read.lost.dialog is not None
    assert read.lost.dialog.list.item(0).text().startswith("Blasts  ·  smear.png")
