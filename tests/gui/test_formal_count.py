"""The formal count in the real window: drawn, read blind, gone on with later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.cells import Cell
from marrowscope.gui.cell_inspector.model import HIDDEN
from marrowscope.gui.command_palette.commands import cell_command
from marrowscope.gui.definitions_desk import DefinitionsDesk
from marrowscope.gui.formal_count.desk import FormalCountDesk
from marrowscope.gui.formal_count.lists import UM_PER_PIXEL
from marrowscope.gui.formal_count.model import UNDER_WAY
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.hover_card import VEILED_CARD
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.definitions import definitions_in_force, restore_definitions
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader

pytestmark = pytest.mark.usefixtures("blob_reader")
TARGET, SEED = 6, 7
NONE = Qt.KeyboardModifier.NoModifier


def desk_of(window: MainWindow) -> FormalCountDesk:
    return window.panels.formal_count.desk


@pytest.fixture
def before(qtbot: QtBot, window: MainWindow, smear: Path) -> MainWindow:
    """A smear of twelve cells was read, and none is drawn."""
    session = opened(qtbot, window.session, smear)
    session.calibrate(0.25, source="typed")
    qtbot.waitUntil(lambda: session.slide is not None and session.slide.mpp == 0.25)
    read_through(qtbot, session)
    return window


@pytest.fixture
def counting(qtbot: QtBot, before: MainWindow) -> MainWindow:
    """Six cells of a smear of twelve are drawn, and the first is in hand."""
    desk_of(before).fix(TARGET, SEED)
    qtbot.waitUntil(lambda: before.session.reading.active)
    return before


@pytest.fixture
def some_left(request: pytest.FixtureRequest, before: MainWindow) -> MainWindow:
    """The same, and three cells are no top-up of any lineage: they can be drawn."""
    assert before.session.table is not None
    before.session.call(["lymphocyte"], cells=[2, 3, 4])
    return request.getfixturevalue("counting")


def drawn(session: CaseSession) -> tuple[int, ...]:
    assert session.formal.count is not None
    return session.formal.count.drawn


def in_hand(session: CaseSession) -> Cell:
    assert session.selected is not None
    return session.selected


def settled(qtbot: QtBot, window: MainWindow) -> None:
    """Until every job of the count is done."""
    desk = desk_of(window)
    qtbot.waitUntil(lambda: window.session.saved and not desk.drawing)


def test_a_drawn_cell_stands_in_the_middle_at_one_scale(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, view = counting.session, counting.smear.navigator
    for _ in range(3):
        viewport = view.viewport
        assert viewport.scale == pytest.approx(0.25 / UM_PER_PIXEL)
        middle = viewport.to_screen(*in_hand(session).box.centre)
        assert middle == pytest.approx((viewport.width / 2, viewport.height / 2))
        session.select_next()


def test_calling_by_key_and_by_mouse_goes_on_to_the_next_cell(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, desk = counting.session, desk_of(counting)
    order = session.reading.cells.tolist()
    QTest.keyClick(counting.windowHandle(), Qt.Key.Key_Q)
    assert in_hand(session).id == order[1]
    session.call(["band"])
    qtbot.wait(50)
    assert in_hand(session).id == order[1], "dysplasia is still to be judged"
    counting.panels.inspector.view.reader.normal.click()
    qtbot.waitUntil(lambda: in_hand(session).id == order[2])
    assert desk.state is not None
    assert (desk.state.counted, desk.state.to_read) == (2, TARGET - 2)


def test_the_next_cell_comes_though_an_earlier_call_is_stored_meanwhile(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session = counting.session
    order = session.reading.cells.tolist()
    for number, cell in enumerate(order[:5]):
        session.call(["blast"])
        session._calls.called_last = session.selection[:0]  # as the answer may say
        qtbot.waitUntil(lambda n=number: in_hand(session).id == order[n + 1])
        assert session.verdicts[cell].lines == ("blast",)


def test_nothing_in_the_window_says_what_a_cell_is_before_it_was_called(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, window = counting.session, counting
    cell, view = in_hand(session), window.panels.inspector.view
    assert view.head.suggestion.answer == HIDDEN
    assert view.classes.accessibleName() == "Class probabilities: "
    assert view.reader.confirm.isHidden()
    assert not window.actions_["confirm"].isEnabled()
    assert view.head.crop._saliency is None
    found = cell_command(session, f"{cell.id}")
    assert found is not None
    assert found.words.endswith("not called yet")
    window.smear.pointing.tool.hover(
        Spot(window.rect().center().toPointF(), *cell.box.centre, 1.0, NONE)
    )
    assert window.smear.card.text() == VEILED_CARD
    session.confirm()
    assert not session.verdicts
    session.set_hidden_classes(["GN"])
    assert not session.hidden_classes
    desk_of(window).see(blind=False)
    assert window.actions_["confirm"].isEnabled()


def colours_seen(window: MainWindow) -> set[tuple[int, int, int]]:
    """Strong colours of the boxes, painted alone on white."""
    view = window.smear
    image = QImage(view.size(), QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    viewport = view.navigator.viewport
    scene = Scene(1, (900, 700), 0.25, viewport, 1.0, view.appearance)
    drawing = view.cells.drawing(scene)
    assert drawing is not None
    drawing(painter)
    painter.end()
    width = image.bytesPerLine() * image.height()
    flat = np.frombuffer(image.constBits(), np.uint8, width)
    rows = flat.reshape(image.height(), -1)[:, : 3 * image.width()]
    pixels = rows.reshape(-1, 3).astype(int)
    strong = pixels[np.ptp(pixels, axis=1) > 60]
    return set(map(tuple, np.unique(strong, axis=0).tolist()))


def test_boxes_have_no_colour_until_their_cells_are_called(
    qtbot: QtBot, counting: MainWindow
) -> None:
    counting.smear.navigator.fit()
    qtbot.waitUntil(lambda: counting.smear.settled)
    assert colours_seen(counting) == set()
    session = counting.session
    session.call(["blast"])
    qtbot.waitUntil(lambda: in_hand(session).id == session.reading.cells[1])
    counting.smear.navigator.fit()
    qtbot.waitUntil(lambda: counting.smear.settled)
    assert colours_seen(counting) != set()


def test_what_is_no_cell_is_replaced_and_the_count_stays_as_large(
    qtbot: QtBot, some_left: MainWindow
) -> None:
    session, desk = some_left.session, desk_of(some_left)
    first = in_hand(session).id
    session.call(["not_a_cell"])
    qtbot.waitUntil(lambda: desk.state is not None and desk.state.replaced == 1)
    qtbot.waitUntil(lambda: len(drawn(session)) == TARGET + 1)
    settled(qtbot, some_left)
    assert first not in session.reading.cells
    assert len(session.reading.cells) == TARGET
    assert session.counts is not None
    assert session.counts.confirmed.total == 1, "the lymphocyte in its place"


def test_a_drawn_cell_that_is_taken_away_is_replaced_by_the_next_of_the_draw(
    qtbot: QtBot, some_left: MainWindow
) -> None:
    session, desk = some_left.session, desk_of(some_left)
    gone, *kept = session.reading.cells.tolist()
    session.select_cells([gone])
    session.remove_cells()
    qtbot.waitUntil(lambda: len(drawn(session)) == TARGET + 1)
    settled(qtbot, some_left)
    assert desk.state is not None
    assert (desk.state.replaced, desk.state.missing) == (1, 0)
    assert session.reading.cells.tolist() == [*kept, drawn(session)[-1]]
    session.undo()
    qtbot.waitUntil(lambda: gone in session.reading.cells)
    assert session.reading.cells.tolist() == [gone, *kept]


def test_cells_that_definitions_leave_out_are_replaced_in_the_count(
    qtbot: QtBot, some_left: MainWindow
) -> None:
    session, standard = some_left.session, definitions_in_force()
    desk = DefinitionsDesk(session)
    QTest.keyClick(some_left.windowHandle(), Qt.Key.Key_V)  # a plasma cell
    lines = tuple(one for one in standard.counted if one != "plasma_cell")
    try:
        desk.change(replace(standard, counted=lines))
        qtbot.waitUntil(lambda: len(drawn(session)) == TARGET + 1)
        settled(qtbot, some_left)
    finally:
        restore_definitions()


def test_cells_on_top_are_read_from_their_own_list_and_change_no_differential(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, desk = counting.session, desk_of(counting)
    session.call(["blast"])
    assert desk.state is not None
    on_top = desk.state.on_top["granulocytic"]
    desk.read("granulocytic")
    assert in_hand(session).id == on_top[0]
    session.call(["band"], dysplastic=True)
    counts = session.counts
    assert counts is not None
    assert (counts.confirmed.total, counts.target) == (1, TARGET)
    assert counts.confirmed_dysplasia[1].share.count == 1
    panel = counting.panels.docks[3].widget()
    words = panel.view.basis.text()  # pyright: ignore
    assert "Formal count" in words


def test_a_count_is_gone_on_with_and_its_blind_calls_are_remembered(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, desk = counting.session, desk_of(counting)
    session.call(["blast"])
    qtbot.waitUntil(lambda: in_hand(session).id == session.reading.cells[1])
    desk.see(blind=False)
    session.call(["blast"])
    settled(qtbot, counting)
    order, inputs = session.reading.cells.tolist(), session.inputs
    session.open_paths(inputs)
    qtbot.waitUntil(lambda: not session.reading.active and not session.opening)
    qtbot.waitUntil(lambda: desk.state is not None)
    assert desk.state is not None
    assert (desk.state.counted, desk.state.blind) == (2, 1)
    counting.actions_["formal_count"].trigger()
    assert session.reading.blind
    assert in_hand(session).id == order[2]
    path = session.case_path
    assert session.close()
    assert path is not None
    with CaseFile.open(path) as file:
        said = [(entry.what, entry.became) for entry in file.journal()]
    assert ("formal count: model's class while reading", "shown") in said


def test_a_cell_whose_class_was_in_view_is_not_told_as_called_blind(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, desk = counting.session, desk_of(counting)
    order = session.reading.cells.tolist()
    session.call(["blast"])
    qtbot.waitUntil(lambda: in_hand(session).id == order[1])
    desk.see(blind=False)
    qtbot.waitUntil(lambda: not session.hides_answer(order[1]))
    desk.see(blind=True)
    for cell in order[1:3]:
        qtbot.waitUntil(lambda c=cell: in_hand(session).id == c)
        session.call(["blast"])
    settled(qtbot, counting)
    assert desk.state is not None
    assert (desk.state.counted, desk.state.blind) == (3, 2)


def test_a_call_made_while_another_cell_is_drawn_stays_blind(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session, desk = counting.session, desk_of(counting)
    before_the_call = session.formal.count
    session.call(["blast"])
    session.formal.take(before_the_call)  # as a draw that began earlier answers
    settled(qtbot, counting)
    assert desk.state is not None
    assert (desk.state.counted, desk.state.blind) == (1, 1)


def test_what_is_missing_is_drawn_when_the_smear_is_read_to_its_end(
    qtbot: QtBot, some_left: MainWindow, blob_reader: BlobReader
) -> None:
    session, desk = some_left.session, desk_of(some_left)
    blob_reader.slowness = 0.3
    some_left.actions_["read_again"].trigger()
    qtbot.waitUntil(lambda: session.run.active)
    session.call(["not_a_cell"])
    QApplication.processEvents()
    assert session.run.active
    assert not desk.drawing
    notes = some_left.panels.formal_count.progress.notes
    assert notes.text() == UNDER_WAY
    qtbot.waitUntil(lambda: len(drawn(session)) == TARGET + 1, timeout=30_000)
    assert not session.run.active
    settled(qtbot, some_left)


def test_what_is_missing_says_by_which_button_more_cells_are_found(
    qtbot: QtBot, before: MainWindow
) -> None:
    session, desk = before.session, desk_of(before)
    notes = before.panels.formal_count.progress.notes
    desk.fix(40, SEED)
    qtbot.waitUntil(lambda: "missing" in notes.text())
    assert "open another smear of this marrow together with it (Ctrl+O)" in notes.text()
    session.set_target(300)
    assert before.actions_["read"].text() == "Read smear"
    assert "press “Read smear” (Ctrl+R)" in notes.text()
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: "beside “Read smear”" in notes.text())
    assert not before.actions_["read"].isEnabled()
