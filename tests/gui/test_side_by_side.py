"""Two smears beside each other: each its own, moved together on demand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.tie import Tie
from marrowscope.gui.slide_view.viewport import Viewport
from tests.gui.conftest import opened, read_through
from tests.gui.smears import drawn_smear

LEFT = Qt.MouseButton.LeftButton
PLACES = st.floats(-5000, 5000)
SCALES = st.floats(0.02, 8)
ANGLES = st.floats(-180, 180)


@pytest.fixture
def pair(
    qtbot: QtBot, window: MainWindow, session: CaseSession, tmp_path: Path
) -> MainWindow:
    """The window with two photos side by side, the first one active."""
    drawn_smear(tmp_path / "a.png")
    drawn_smear(tmp_path / "b.png", shift=5)
    opened(qtbot, session, tmp_path / "a.png", tmp_path / "b.png")
    window.actions_["side_by_side"].trigger()
    qtbot.waitUntil(lambda: all(v.settled for v in window.pair.views))
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: all(v.settled for v in window.pair.views))


@given(ax=PLACES, bx=PLACES, to=PLACES, angles=st.tuples(ANGLES, ANGLES), scale=SCALES)
def test_what_is_carried_over_comes_back_the_same(
    ax: float, bx: float, to: float, angles: tuple[float, float], scale: float
) -> None:
    one = Viewport(ax, 20, 1.0, 800, 600, angles[0])
    other = Viewport(bx, -70, 0.5, 500, 600, angles[1])
    tie = Tie.between(one, other, ratio=2.0)
    moved = Viewport(to, 3, scale, 800, 600, 12.0)
    carried = tie.carried(moved, other)
    assert carried.scale == pytest.approx(scale / 2)
    again = tie.reversed.carried(carried, one)
    assert (again.x, again.y, again.scale) == pytest.approx((to, 3, scale), abs=1e-6)
    assert abs((again.angle - 12.0 + 180) % 360 - 180) < 1e-6
    # Both pictures move by the same on the screen, however they are turned.
    step = tie.carried(moved.panned(30, -10), other)
    place = step.to_screen(*carried.to_slide(250, 300))
    assert place == pytest.approx((280, 290), abs=1e-4)


def test_each_side_shows_a_slide_of_its_own(pair: MainWindow) -> None:
    first, second = pair.pair.views
    names = [view.entry.name for view in (first, second) if view.entry]
    assert names == ["a.png", "b.png"]
    before = second.navigator.viewport
    first.navigator.zoom_by(3, (200, 200))
    assert second.navigator.viewport == before


def test_every_objective_can_be_reached_in_a_narrow_view(
    qtbot: QtBot, pair: MainWindow
) -> None:
    pair.resize(1180, 700)
    view = pair.pair.views[1]
    qtbot.waitUntil(lambda: view.width() < 400)
    assert view.objectives.x() >= 0
    assert view.objectives.geometry().right() <= view.width()


def test_keys_and_slides_are_for_the_side_that_was_touched_last(
    qtbot: QtBot, pair: MainWindow
) -> None:
    session, (first, second) = pair.session, pair.pair.views
    QTest.mouseClick(second, LEFT, pos=QPoint(300, 30))
    assert pair.smear is second
    assert session.slide is not None
    assert session.slide.number == second.number
    QTest.keyClick(second, Qt.Key.Key_PageUp)
    assert first.number == second.number == session.slides[0].number
    QTest.keyClick(second, Qt.Key.Key_F6)
    assert pair.smear is first
    pair.pair._panes[0].slides.setCurrentIndex(1)
    pair.pair._panes[0].slides.activated.emit(1)
    assert first.number == session.slides[1].number
    assert second.number == session.slides[0].number


def test_tied_sides_move_by_the_same_microns_and_keep_their_distance(
    qtbot: QtBot, pair: MainWindow
) -> None:
    session, (first, second) = pair.session, pair.pair.views
    here, there = session.slides
    session.calibrate(0.25, source="typed", slides=[here.number])
    session.calibrate(0.5, source="typed", slides=[there.number])
    qtbot.waitUntil(lambda: session.slides[1].mpp is not None)
    first.navigator.look_at(300, 300)
    second.navigator.look_at(400, 350)
    second.navigator.turn(90)
    settle(qtbot, pair)
    pair.actions_["synchronise"].trigger()
    one, other = first.navigator.viewport, second.navigator.viewport
    assert one.scale / 0.25 == pytest.approx(other.scale / 0.5)
    first.navigator.zoom_to(2.0, at=(100, 100))
    settle(qtbot, pair)
    one, other = first.navigator.viewport, second.navigator.viewport
    assert other.scale == pytest.approx(4.0)
    first.navigator.look_at(300 + 40, 300)
    assert second.navigator.viewport.angle == 90
    other = second.navigator.viewport
    # 10 µm to the right are 20 px upwards where the picture is turned right.
    assert (other.x, other.y) == pytest.approx((400, 350 - 20), abs=1e-6)
    # Parted, moved apart and tied again: the new distance is kept.
    pair.actions_["synchronise"].trigger()
    second.navigator.look_at(500, 350)
    assert first.navigator.viewport.x == 340
    pair.actions_["synchronise"].trigger()
    second.navigator.look_at(500, 340)
    assert first.navigator.viewport.x == pytest.approx(360)


def test_a_tied_side_that_shows_another_slide_moves_nothing(
    qtbot: QtBot, pair: MainWindow
) -> None:
    first, second = pair.pair.views
    pair.actions_["synchronise"].trigger()
    first.navigator.zoom_to(3.0, at=(100, 100))
    settle(qtbot, pair)
    place = second.navigator.viewport.x, second.navigator.viewport.y
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_PageDown)
    settle(qtbot, pair)
    assert first.number == second.number
    after = second.navigator.viewport
    assert (after.x, after.y) == pytest.approx(place)


def test_tied_sides_are_where_they_were_when_their_case_comes_back(
    qtbot: QtBot, pair: MainWindow, tmp_path: Path
) -> None:
    session, first = pair.session, pair.smear
    pair.actions_["synchronise"].trigger()
    first.navigator.zoom_to(2.0)
    settle(qtbot, pair)
    first.navigator.look_at(300, 250)
    other = drawn_smear(tmp_path / "c.png", shift=9)
    for paths in ([other], [tmp_path / "a.png", tmp_path / "b.png"]):
        session.open_paths(paths)
        qtbot.waitUntil(lambda p=paths: len(session.slides) == len(p))
        settle(qtbot, pair)
    place = first.navigator.viewport
    assert (place.x, place.y, place.scale) == pytest.approx((300, 250, 2.0))


@pytest.mark.usefixtures("blob_reader")
def test_a_cell_is_shown_on_the_side_where_its_slide_is_seen(
    qtbot: QtBot, pair: MainWindow
) -> None:
    session, (first, second) = read_through(qtbot, pair.session), pair.pair.views
    assert first.cells.shown is not None
    assert second.cells.shown is not None
    assert session.table is not None
    on_second = session.table.id[session.table.slide == second.number]
    session.select_cell(int(on_second[0]), reveal=True)
    assert pair.smear is second
    assert first.number == session.slides[0].number


def test_one_side_again_keeps_the_active_one_and_lets_the_tiles_go(
    qtbot: QtBot, pair: MainWindow
) -> None:
    first, second = pair.pair.views
    second.setFocus()
    qtbot.waitUntil(lambda: pair.smear is second)
    with qtbot.waitSignal(first.destroyed):
        pair.actions_["side_by_side"].trigger()
        assert first.loader.cache.bytes == 0
    assert pair.pair.views == (second,)
    assert not pair.actions_["synchronise"].isEnabled()
    pair.session.show_slide(pair.session.slides[0].number)
    assert second.number == pair.session.slides[0].number
