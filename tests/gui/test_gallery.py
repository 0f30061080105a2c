"""The gallery in the real window, on a case whose cells are stored."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.review import Origin
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui import cell_crops
from marrowscope.gui.case_state import Changes
from marrowscope.gui.gallery.arranging import Grouping, Show
from marrowscope.gui.gallery.orders import IMPACT, ORDERS
from marrowscope.gui.gallery.panel import GalleryPanel
from marrowscope.gui.gallery.words import aside_text, heading_text
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.key_maps import DEFAULT, key_map
from tests.gui.conftest import opened, read_through
from tests.gui.panel_cases import written_case
from tests.gui.smears import drawn_smear

KINDS = ["GN"] * 40 + ["EN"] * 30 + ["blast"] * 5 + ["GD"] * 5
LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def gallery(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, lee_vocabulary: ModelVocabulary
) -> GalleryPanel:
    window.session.open_paths([written_case(tmp_path, lee_vocabulary, KINDS)])
    qtbot.waitUntil(lambda: window.session.table is not None)
    # On the smear few cells are in sight, and nothing was seen of them so far.
    window.actions_["objective_5"].trigger()
    qtbot.waitUntil(lambda: window.smear.settled)
    window.session.seen.forget()
    panel = window.panels.gallery
    assert not panel.isVisible()  # until it is asked for
    window.actions_["gallery"].trigger()
    qtbot.waitUntil(lambda: bool(panel.desk.wall.groups) and panel.wall.settled)
    return panel


def settle(qtbot: QtBot, panel: GalleryPanel) -> None:
    qtbot.waitUntil(lambda: panel.wall.settled)
    QApplication.processEvents()


def point(panel: GalleryPanel, place: int) -> QPoint:
    """The middle of a tile, where it is seen now."""
    return panel.wall.layout_.rect(place).center() - QPoint(0, panel.wall.top)


def click(
    panel: GalleryPanel,
    place: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    panel.wall.reveal(place)
    panel.wall.motion.stop()
    panel.wall.verticalScrollBar().setValue(panel.wall.layout_.rect(place).top() - 40)
    QTest.mouseClick(panel.wall.viewport(), LEFT, held, point(panel, place))


def press(
    panel: GalleryPanel,
    key: Qt.Key,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    QTest.keyClick(panel.wall, key, held)


def groups(panel: GalleryPanel) -> list[tuple[str, int, int]]:
    return [(one.name, one.count, one.called) for one in panel.desk.wall.groups]


def selected(session: CaseSession) -> list[int]:
    return sorted(session.selection.tolist())


def drag(panel: GalleryPanel, start: QPoint, end: QPoint) -> None:
    """`end` on the wall's viewport, or beyond it."""
    view = panel.wall.viewport()
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, start + (end - start) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, end)


def test_every_cell_stands_once_in_maturation_order(gallery: GalleryPanel) -> None:
    assert groups(gallery) == [
        ("Blasts", 5, 0),
        ("Granulocytes and precursors", 45, 0),
        ("Erythroblasts", 30, 0),
    ]
    ids = gallery.desk.ids(np.arange(len(KINDS)))
    assert sorted(ids.tolist()) == list(range(1, len(KINDS) + 1))


def test_only_what_is_near_is_cut_out_and_never_on_the_windows_thread(
    qtbot: QtBot, gallery: GalleryPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, cut = set[str](), list[int]()
    real = cell_crops._cut_one

    def watched(crop: cell_crops.Crop):  # noqa: ANN202
        threads.add(threading.current_thread().name)
        cut.append(crop.cell)
        return real(crop)

    monkeypatch.setattr(cell_crops, "_cut_one", watched)
    gallery.wall.set_side(160)
    settle(qtbot, gallery)
    assert 0 < len(set(cut)) < len(KINDS) / 2
    assert all(name.startswith("marrowscope-tiles") for name in threads)


def test_pictures_take_no_more_memory_than_they_may(
    qtbot: QtBot, gallery: GalleryPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_crops, "MOST_BYTES", 40 * 4 * 72 * 72)
    for place in range(0, len(KINDS), 6):
        gallery.wall.reveal(place)
        settle(qtbot, gallery)
    assert 0 < gallery.wall.pictures.kept_bytes <= cell_crops.MOST_BYTES


def test_clicks_select_what_smear_and_inspector_have_too(
    gallery: GalleryPanel, window: MainWindow
) -> None:
    session, ids = window.session, gallery.desk.ids(range(len(KINDS))).tolist()
    click(gallery, 6)
    assert selected(session) == [ids[6]]
    click(gallery, 9, SHIFT)
    assert selected(session) == sorted(ids[6:10])
    click(gallery, 7, CTRL)
    assert selected(session) == sorted([ids[6], *ids[8:10]])
    window.smear.session.select_cell(ids[60])
    assert gallery.desk.current() == 60
    assert window.panels.inspector.view.title.text() == f"Cell {ids[60]}"


def test_a_rubber_band_selects_the_tiles_it_touches(gallery: GalleryPanel) -> None:
    first, third = point(gallery, 0), point(gallery, 2)
    drag(gallery, QPoint(2, first.y()), third)
    ids = gallery.desk.ids([0, 1, 2]).tolist()
    assert selected(gallery.desk.session) == sorted(ids)


def test_cells_dragged_to_another_heading_are_one_step(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session = gallery.desk.session
    qtbot.waitUntil(lambda: not session.seen.unseen(gallery.desk.ids([0, 1, 2])).any())
    click(gallery, 0)
    click(gallery, 2, SHIFT)
    chosen = selected(session)
    row = QPoint(20, 22 * 2 + 8)  # erythroblasts, on the list beside the wall
    end = gallery.wall.viewport().mapFromGlobal(gallery.index.mapToGlobal(row))
    drag(gallery, point(gallery, 1), end)
    assert session.history.undo == "3 cells to erythroblasts"
    assert {c for c, v in session.verdicts.items() if len(v.lines) == 4} == set(chosen)
    settle(qtbot, gallery)
    assert groups(gallery)[0] == ("Blasts", 2, 0)
    assert groups(gallery)[2] == ("Erythroblasts", 33, 3)
    session.undo()
    qtbot.waitUntil(lambda: groups(gallery)[0] == ("Blasts", 5, 0))
    assert selected(session) == chosen


def test_a_whole_class_is_not_confirmed_before_it_was_seen(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session, desk = gallery.desk.session, gallery.desk
    click(gallery, 6)
    press(gallery, Qt.Key.Key_A, CTRL)
    assert len(session.selection) == 45
    ids = desk.ids(np.arange(5, 50))
    qtbot.waitUntil(lambda: not session.seen.unseen(ids).all())
    press(gallery, Qt.Key.Key_Return)
    done = len(session.verdicts)
    assert 0 < done < 45
    assert "not in sight yet" in gallery.said.text()
    assert gallery.said.isVisible()
    assert set(selected(session)) == set(ids.tolist()) - session.verdicts.keys()
    settle(qtbot, gallery)
    for place in range(5, 50):
        gallery.wall.reveal(place)
        qtbot.waitUntil(lambda p=place: not session.seen.unseen(desk.ids([p])).any())
    press(gallery, Qt.Key.Key_Return)
    assert len(session.verdicts) == 45
    assert not gallery.said.isVisible()
    assert sum(bool(v.dysplastic) for v in session.verdicts.values()) == 5


def test_after_a_call_the_next_cell_nobody_has_called_is_looked_at(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session = gallery.desk.session
    ids = gallery.desk.ids(range(len(KINDS))).tolist()
    session.confirm([ids[2]])
    settle(qtbot, gallery)
    first, second = gallery.desk.ids([0, 1]).tolist()
    click(gallery, 0)
    press(gallery, Qt.Key.Key_Return)
    assert session.verdicts[first].lines == ("blast",)
    assert selected(session) == [second]
    QTest.keyClicks(gallery.wall, "?")
    assert session.verdicts[second].lines == ("unidentifiable",)
    third = selected(session)[0]
    press(gallery, Qt.Key.Key_Delete)
    assert session.verdicts[third].lines == ("not_a_cell",)
    assert selected(session)[0] not in session.verdicts
    settle(qtbot, gallery)
    assert [name for name, _, _ in groups(gallery)][-2:] == [
        "Unidentifiable cells",
        "Not a cell",
    ]


def test_a_letter_calls_all_the_cells_selected_and_space_says_dysplastic(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session = gallery.desk.session
    ids = gallery.desk.ids([5, 6]).tolist()
    qtbot.waitUntil(lambda: not session.seen.unseen(np.asarray(ids)).any())
    session.select_cells(ids)
    QTest.keyPress(gallery.wall, Qt.Key.Key_Space)
    QTest.keyClick(gallery.wall, Qt.Key.Key_G)
    QTest.keyRelease(gallery.wall, Qt.Key.Key_Space)
    said = [session.verdicts[cell] for cell in ids]
    target = key_map(DEFAULT).lines("g", session.taxonomy)
    assert [(v.lines, v.dysplastic) for v in said] == [(target, True)] * 2
    assert session.history.undo.startswith("2 cells to ")


def test_the_smear_calls_no_cells_that_were_not_seen_either(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session = window.session
    click(gallery, 6)
    press(gallery, Qt.Key.Key_A, CTRL)
    unseen = session.unseen(session.selection)
    assert unseen.any()
    window.deeds.confirm()
    assert len(session.verdicts) == np.count_nonzero(~unseen)
    assert session.message
    assert "not in sight yet" in session.message.what


def test_the_keyboard_alone_goes_everywhere(
    gallery: GalleryPanel, window: MainWindow
) -> None:
    desk, session = gallery.desk, window.session
    press(gallery, Qt.Key.Key_Right)
    assert desk.current() == 0
    press(gallery, Qt.Key.Key_Right, SHIFT)
    press(gallery, Qt.Key.Key_Right, SHIFT)
    assert len(session.selection) == 3
    assert desk.current() == 2
    press(gallery, Qt.Key.Key_Down, CTRL)
    assert desk.current() == 5
    press(gallery, Qt.Key.Key_End)
    assert desk.current() == len(KINDS) - 1
    press(gallery, Qt.Key.Key_Home)
    side = gallery.wall.side
    press(gallery, Qt.Key.Key_Plus, CTRL)
    assert gallery.wall.side > side
    press(gallery, Qt.Key.Key_Escape)
    assert not len(session.selection)
    press(gallery, Qt.Key.Key_Escape)
    assert not gallery.wall.hasFocus()


def test_a_double_click_brings_the_cell_into_view_on_the_smear(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    with qtbot.waitSignal(
        gallery.desk.session.changed,
        check_params_cb=lambda change: bool(change & Changes.REVEAL),
    ):
        QTest.mouseDClick(gallery.wall.viewport(), LEFT, pos=point(gallery, 3))
    assert gallery.desk.current() == 3


def test_the_wheel_with_ctrl_changes_the_size_of_all_pictures(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    side, middle = gallery.wall.side, QPointF(60, 60)
    turned = QWheelEvent(
        middle,
        gallery.wall.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(gallery.wall.viewport(), turned)
    assert gallery.wall.side > side
    cell = int(gallery.desk.ids([0])[0])

    def sharp() -> bool:
        image = gallery.wall.pictures.get(cell)
        return image is not None and image.width() == gallery.wall.side

    qtbot.waitUntil(sharp)


def test_a_blind_list_shows_no_class_and_no_order_that_tells_one(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session, desk = window.session, gallery.desk
    session.reading.begin("Formal count", [77, 3, 60], blind=True)
    settle(qtbot, gallery)
    assert groups(gallery) == [("Not yet called", len(KINDS), 0)]
    assert not any(one.tells for one in desk.orders)
    assert desk.order in desk.orders
    in_order = next(one for one in desk.orders if one.of_list)
    desk.wish(show=Show.READ, order=in_order)
    settle(qtbot, gallery)
    assert desk.ids(range(3)).tolist() == [77, 3, 60]
    scene = gallery.wall._scene()
    assert scene is not None
    assert scene.blind
    click(gallery, 0)
    press(gallery, Qt.Key.Key_Return)
    assert not session.verdicts
    assert "hidden" in gallery.said.text()
    desk.wish(grouping=Grouping.LINEAGE)
    settle(qtbot, gallery)
    assert groups(gallery) == [("Not yet called", 3, 0)]


def test_hidden_suggestions_are_hidden_in_the_whole_window_until_a_call(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session, hide = window.session, window.actions_["hide_suggestions"]
    gallery.bar.unseen.click()
    assert hide.isChecked()
    settle(qtbot, gallery)
    assert groups(gallery) == [("Not yet called", len(KINDS), 0)]
    click(gallery, 3)
    (cell,) = selected(session)
    assert session.hides_answer(cell)
    window.deeds.confirm()
    assert not session.verdicts
    session.call(["myelocyte"])
    assert not session.hides_answer(cell)
    hide.trigger()
    assert not gallery.bar.unseen.isChecked()
    settle(qtbot, gallery)
    assert len(groups(gallery)) > 2


def test_when_a_blind_list_ends_the_wall_is_as_it_was(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    before, desk = groups(gallery), gallery.desk
    window.session.reading.begin("Formal count", [1], blind=True)
    settle(qtbot, gallery)
    assert desk.order.id == "place"
    window.session.reading.end()
    settle(qtbot, gallery)
    assert desk.order is ORDERS[0]
    assert groups(gallery) == before


def heading(panel: GalleryPanel, number: int) -> QPoint:
    """The middle of a group's heading, scrolled to."""
    top = int(panel.wall.layout_.tops[number])
    panel.wall.motion.stop()
    panel.wall.verticalScrollBar().setValue(top)
    return QPoint(120, top - panel.wall.top + 14)


def test_a_folded_group_keeps_its_heading_and_is_passed_by(
    gallery: GalleryPanel,
) -> None:
    view, wall, desk = gallery.wall.viewport(), gallery.wall, gallery.desk
    tall = wall.layout_.height
    QTest.mouseClick(view, LEFT, pos=heading(gallery, 0))
    assert wall.layout_.height < tall
    assert groups(gallery)[0] == ("Blasts", 5, 0)
    assert not np.isin(range(5), wall.layout_.places(0, tall)).any()
    assert wall.layout_.at(20, int(wall.layout_.tops[0]) + 40) is None
    press(gallery, Qt.Key.Key_Home)
    assert desk.current() == 5
    press(gallery, Qt.Key.Key_Left)
    assert desk.current() == 5
    QTest.mouseClick(view, LEFT, pos=heading(gallery, 0))
    assert wall.layout_.height == tall


def test_cells_that_are_folded_away_are_not_called_in_a_batch(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session, desk, view = gallery.desk.session, gallery.desk, gallery.wall.viewport()
    blasts = desk.ids(range(5))
    qtbot.waitUntil(lambda: not session.seen.unseen(desk.ids(range(7))).any())
    click(gallery, 3)
    click(gallery, 6, SHIFT)
    QTest.mouseClick(view, LEFT, pos=heading(gallery, 0))
    assert selected(session) == sorted(desk.ids([5, 6]).tolist())
    press(gallery, Qt.Key.Key_Return)
    assert not np.isin(blasts, list(session.verdicts)).any()
    settle(qtbot, gallery)
    click(gallery, 6)
    press(gallery, Qt.Key.Key_Up, SHIFT)
    assert not np.isin(blasts, session.selection).any()
    session.confirm(desk.ids(range(5, len(KINDS))).tolist())
    settle(qtbot, gallery)
    click(gallery, 7)
    press(gallery, Qt.Key.Key_Return)
    # Nobody has called the blasts, and they do not come by themselves.
    assert not np.isin(blasts, session.selection).any()


def test_the_keyboard_folds_and_unfolds_and_stands_on_headings(
    gallery: GalleryPanel,
) -> None:
    desk, wall = gallery.desk, gallery.wall
    press(gallery, Qt.Key.Key_Right)
    press(gallery, Qt.Key.Key_Left, CTRL)
    assert [wall.layout_.is_open(n) for n in range(3)] == [False, True, True]
    assert (wall.heading, desk.current()) == (0, None)
    press(gallery, Qt.Key.Key_Return)
    assert not desk.session.verdicts
    press(gallery, Qt.Key.Key_Down)
    assert (wall.heading, desk.current()) == (None, 5)
    press(gallery, Qt.Key.Key_Up, CTRL)
    assert (wall.heading, desk.current()) == (0, None)
    press(gallery, Qt.Key.Key_Right)
    assert (wall.heading, desk.current()) == (None, 0)
    press(gallery, Qt.Key.Key_Left, CTRL | SHIFT)
    assert not any(wall.layout_.is_open(n) for n in range(3))
    assert not len(desk.session.selection)
    press(gallery, Qt.Key.Key_Right, CTRL | SHIFT)
    assert all(wall.layout_.is_open(n) for n in range(3))


def sort(qtbot: QtBot, panel: GalleryPanel, order: str) -> None:
    desk = panel.desk
    desk.wish(order=next(one for one in desk.orders if one.id == order))
    settle(qtbot, panel)
    assert desk.wall.wish
    assert desk.wall.wish.order.id == order


def origins(session: CaseSession) -> list[Origin]:
    return [verdict.origin for verdict in session.verdicts.values()]


def test_only_cells_called_along_the_smear_are_in_a_percentage(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session = window.session
    click(gallery, 6)
    press(gallery, Qt.Key.Key_Return)
    assert origins(session) == [Origin.MET]
    assert not aside_text(gallery.desk)
    for number, order in enumerate(("doubt", "grade", "smallest"), start=1):
        sort(qtbot, gallery, order)
        assert aside_text(gallery.desk) == "in no percentage"
        cell = gallery.desk.next_uncalled(5)
        assert cell is not None
        click(gallery, gallery.desk.place_of(cell) or 0)
        window.deeds.confirm()  # from the smear or the inspector alike
        assert origins(session)[1:] == [Origin.SORTED] * number
    assert session.counts
    assert session.counts.confirmed.total == 1
    assert sum(row.share.count for row in session.counts.apart) == 3


def test_a_sorted_cell_stays_picked_out_when_its_call_is_undone_and_made_again(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session = window.session
    sort(qtbot, gallery, "doubt")
    click(gallery, 6)
    (cell,) = selected(session)
    press(gallery, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.saved)
    session.undo()
    qtbot.waitUntil(lambda: not session.verdicts and selected(session) == [cell])
    press(gallery, Qt.Key.Key_Delete)
    assert origins(session) == [Origin.SORTED]
    session.select_cell(int(gallery.desk.ids([20])[0]))  # met on the smear
    window.deeds.confirm()
    assert origins(session)[1:] == [Origin.MET]


def test_a_sorted_cell_that_is_called_by_a_key_of_the_count_stays_picked_out(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    sort(qtbot, gallery, "doubt")
    click(gallery, 6)
    (cell,) = selected(window.session)
    window.smear.setFocus()
    QTest.keyClick(window.smear, Qt.Key.Key_C)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Q)
    assert list(window.session.verdicts) == [cell]
    assert selected(window.session) != [cell]
    assert origins(window.session) == [Origin.SORTED]


def test_a_key_of_the_count_calls_no_cell_that_nobody_has_looked_at(
    gallery: GalleryPanel, window: MainWindow
) -> None:
    session = window.session
    window.smear.setFocus()
    QTest.keyClick(window.smear, Qt.Key.Key_C)
    chosen = gallery.desk.ids(range(4))
    session.select_cells(chosen)
    session.seen.forget()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Q)
    assert not session.verdicts
    assert selected(session) == sorted(chosen.tolist())


def test_cells_of_a_sorted_wall_that_are_read_one_by_one_stay_picked_out(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    session = window.session
    sort(qtbot, gallery, "largest")
    session.select_cells(gallery.desk.ids(range(4)))
    window.actions_["one_by_one"].trigger()
    window.deeds.confirm()
    assert origins(session) == [Origin.SORTED]


def test_most_decisive_cells_stand_first_as_in_the_queue_and_anew_after_a_call(
    qtbot: QtBot, gallery: GalleryPanel, window: MainWindow
) -> None:
    desk, session = gallery.desk, window.session
    desk.wish(order=IMPACT, grouping=Grouping.NOTHING)
    assert desk.awaits_impact
    assert "Looking for" in heading_text(desk.wall.groups[0], desk)
    settle(qtbot, gallery)
    first = window.review.impact.order
    assert first is not None
    places = range(len(KINDS))
    assert desk.ids(places).tolist() == first.cells.tolist()
    said = heading_text(desk.wall.groups[0], desk)
    assert f"{first.first} most likely to change the result" in said
    click(gallery, 0)
    (cell,) = selected(session)
    press(gallery, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.review.impact.order is not first)
    settle(qtbot, gallery)
    assert desk.ids(places).tolist()[-1] == cell
    assert origins(session) == [Origin.QUEUE]
    gallery.hide()
    session.confirm(desk.ids([3]).tolist())
    assert window.review.impact.order is None  # nobody looks at it any more


def test_groups_stay_folded_with_their_case_and_no_longer(
    qtbot: QtBot, gallery: GalleryPanel, smear: Path
) -> None:
    gallery.folding.fold(0)
    gallery.desk.wish(order=ORDERS[3])
    settle(qtbot, gallery)
    assert not gallery.wall.layout_.is_open(0)
    gallery.desk.session.open_paths([smear])
    qtbot.waitUntil(lambda: not gallery.desk.folded)


def test_the_menu_says_everything_of_the_selected_cells(
    qtbot: QtBot, gallery: GalleryPanel
) -> None:
    session = gallery.desk.session
    click(gallery, 7)
    (cell,) = selected(session)
    offered = {one.text(): one for one in gallery.menu_of_calls().actions()}
    assert "Confirm suggestion\tEnter" in offered
    offered["Myelocytes"].trigger()
    assert session.verdicts[cell].lines == ("myelocyte",)


def test_cells_chosen_on_the_wall_are_read_one_by_one(
    gallery: GalleryPanel, window: MainWindow
) -> None:
    session, ids = window.session, gallery.desk.ids(range(4)).tolist()
    session.select_cells(ids)
    window.actions_["one_by_one"].trigger()
    assert session.reading.cells.tolist() == ids
    session.select_next()
    assert session.selected
    assert session.selected.id in ids


def test_the_gallery_is_remembered(window: MainWindow, gallery: GalleryPanel) -> None:
    gallery.desk.wish(grouping=Grouping.LINEAGE, order=gallery.desk.orders[3])
    gallery.wall.set_side(96)
    assert window.memory.gallery == ("lineage", gallery.desk.orders[3].id, "96")
    window.actions_["docks"].setChecked(True)
    assert not gallery.isVisible()
    window.actions_["docks"].setChecked(False)
    assert gallery.isVisible()
    window.actions_["gallery"].trigger()  # to the keyboard, then away
    gallery.wall.setFocus()
    window.actions_["gallery"].trigger()
    assert not gallery.isVisible()


@pytest.mark.usefixtures("blob_reader")
def test_cells_come_onto_the_wall_while_a_smear_is_read(
    qtbot: QtBot, window: MainWindow, smear: Path, tmp_path: Path
) -> None:
    session, panel = opened(qtbot, window.session, smear), window.panels.gallery
    window.actions_["gallery"].trigger()
    table = read_through(qtbot, session).table
    assert table is not None

    def complete() -> bool:
        return sum(one.count for one in panel.desk.wall.groups) == len(table)

    qtbot.waitUntil(complete)
    settle(qtbot, panel)
    cell = int(panel.desk.ids([0])[0])
    image = panel.wall.pictures.get(cell)
    assert image is not None
    assert not image.isNull()
    other = drawn_smear(tmp_path / "other.png", shift=5)
    session.open_paths([other])
    qtbot.waitUntil(lambda: session.slides[0].name != "smear.png")
    assert not panel.desk.wall.groups
