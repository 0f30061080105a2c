"""Adding, splitting and redrawing cells on the smear, with a real mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.domain.cell_table import COLUMNS
from marrowscope.domain.geometry import Box, parts_beside
from marrowscope.domain.regions import rectangle
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
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


def draw_something(session: CaseSession, rng: np.random.Generator) -> None:
    """Whatever a reader may do to the cells there are."""
    table = session.table
    assert table is not None
    cell, other = (table.cell(int(row)) for row in rng.choice(len(table), 2))
    x, y = rng.uniform(0, 700, 2)
    box = Box(float(x), float(y), 50, 40)
    deeds = (
        lambda: session.add_cell(1, box, ["blast"] if x > 350 else []),
        lambda: session.redraw_cell(cell.id, box),
        lambda: session.split_cell(cell, [box, Box(box.right, box.y, 30, 40)]),
        lambda: (session.select_cells([cell.id, other.id]), session.merge_cells()),
        lambda: (session.select_cells([cell.id]), session.remove_cells()),
        lambda: session.call(["blast"], cells=[cell.id]),
        session.undo,
        session.undo,
        session.redo,
    )
    deeds[int(rng.integers(len(deeds)))]()


def shown_of(window: MainWindow) -> dict[int, tuple]:
    """By cell its box and looks on the smear."""
    shown = window.smear.cells.shown
    assert shown is not None
    looks = (shown.kind, shown.own_kind, shown.confirmed, shown.unsure)
    rows = zip(shown.grid.boxes.tolist(), *(x.tolist() for x in looks), strict=True)
    return dict(zip(shown.id.tolist(), rows, strict=True))


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_drawing_the_window_shows_what_a_reload_would(
    qtbot: QtBot, read: MainWindow, seed: int
) -> None:
    session, rng = read.session, np.random.default_rng(seed)
    for step in range(40):
        draw_something(session, rng)
        if step % 4 == 3:  # several in a row, before any is stored
            qtbot.waitUntil(lambda: session.saved and not session.runner.busy)
    session.add_region(rectangle(Box(0, 0, 400, 900)), slide=1)
    qtbot.waitUntil(lambda: session.saved and not session.runner.busy)
    session.add_cell(1, Box(500, 20, 50, 40))
    qtbot.waitUntil(lambda: session.saved and read.smear.settled)
    qtbot.waitUntil(lambda: not session.runner.busy)
    case, table, counted = session.opened_case, session.table, session.counted
    assert case is not None
    assert table is not None
    assert counted is not None
    shown, tally = shown_of(read), counted.tally
    opened(qtbot, session, case.file.path)
    qtbot.waitUntil(lambda: read.smear.settled and read.smear.cells.shown is not None)
    anew, again = session.table, session.counted
    assert anew is not None
    assert again is not None
    for name in COLUMNS:
        one, other = getattr(table, name), getattr(anew, name)
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    assert shown_of(read) == shown
    assert counted.extent == again.extent
    assert np.array_equal(counted.outside, again.outside)
    assert np.array_equal(tally.grades, again.tally.grades)
