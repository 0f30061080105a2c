"""Lines measured on the smear, the counting grid, and what lies over cells at will."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.slide_view.counting_grid import NO_SCALE, GridNote
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.measuring.measurement import (
    Measurement,
    measured_text,
    squared,
)
from marrowscope.gui.slide_view.measuring.painting import card_place, card_size
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0))


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, smear: Path) -> MainWindow:
    """The window with the smear open and a tool to measure in hand."""
    opened(qtbot, window.session, smear)
    qtbot.waitUntil(lambda: window.smear.settled)
    window.actions_["measure"].trigger()
    return window


def calibrate(qtbot: QtBot, window: MainWindow, mpp: float) -> None:
    window.session.calibrate(mpp, source="typed")
    qtbot.waitUntil(lambda: window.session.slides[0].mpp is not None)


def at(window: MainWindow, x: float, y: float) -> QPoint:
    return QPointF(*window.smear.navigator.viewport.to_screen(x, y)).toPoint()


def drag(
    window: MainWindow,
    start: tuple[float, float],
    end: tuple[float, float],
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    smear = window.smear
    QTest.mousePress(smear, LEFT, NONE, at(window, *start))
    QTest.mouseMove(smear, at(window, *end))
    QTest.mouseRelease(smear, LEFT, keys, at(window, *end))


def click(qtbot: QtBot, window: MainWindow, *points: tuple[float, float]) -> None:
    """Clicks far enough apart in time to be no double-click."""
    for point in points:
        QTest.mouseMove(window.smear, at(window, *point))
        QTest.mouseClick(window.smear, LEFT, NONE, at(window, *point))
        QTest.qWait(QGuiApplication.styleHints().mouseDoubleClickInterval() + 20)


# Arithmetic ----------------------------------------------------------------------


def test_a_closed_line_has_an_area_in_square_microns() -> None:
    square = Measurement(1, SQUARE, closed=True)
    assert measured_text(square, 0.25) == "100.0 µm² · 40.0 µm around"
    assert measured_text(square, None) == "1,600 px² · 160 px around · not calibrated"
    assert measured_text(Measurement(1, SQUARE), 20.0) == "2.400 mm"


def test_a_line_that_crosses_itself_is_given_no_area() -> None:
    bow = Measurement(1, (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), closed=True)
    assert measured_text(bow, 0.25).startswith("crosses itself: no area")


@given(
    angle=st.floats(-180, 180),
    corner=st.tuples(st.floats(-9, 9), st.floats(1, 9)),
    point=st.tuples(st.floats(-99, 99), st.floats(-99, 99)),
)
def test_shift_turns_by_right_angles_from_the_side_drawn_last(
    angle: float, corner: tuple[float, float], point: tuple[float, float]
) -> None:
    x, y = squared(point, ((0.0, 0.0), corner), angle=angle)
    side, away = corner, (x - corner[0], y - corner[1])
    ahead = side[0] * away[0] + side[1] * away[1]
    aside = side[0] * away[1] - side[1] * away[0]
    assert min(abs(ahead), abs(aside)) == pytest.approx(0, abs=1e-6)


# In the window -------------------------------------------------------------------


def test_several_lines_stay_until_escape_takes_them_away(
    qtbot: QtBot, shown: MainWindow
) -> None:
    calibrate(qtbot, shown, 0.5)
    drag(shown, (300, 300), (500, 300))
    drag(shown, (300, 400), (300, 500))
    assert [len(one.points) for one in shown.smear.measuring.lines.kept] == [2, 2]
    shown.actions_["copy"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied.endswith(" µm")
    assert float(copied.split()[0]) == pytest.approx(50, abs=1.5)
    QTest.keyClick(shown.smear, Qt.Key.Key_Delete)
    assert len(shown.smear.measuring.lines.kept) == 1
    QTest.keyClick(shown.smear, Qt.Key.Key_Escape)
    assert shown.smear.measuring.lines.kept == []
    assert shown.actions_["measure"].isChecked()
    QTest.keyClick(shown.smear, Qt.Key.Key_Escape)
    assert not shown.actions_["measure"].isChecked()
    shown.actions_["copy"].trigger()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_a_click_on_the_first_point_closes_the_line(
    qtbot: QtBot, shown: MainWindow
) -> None:
    click(qtbot, shown, (300, 300), (500, 300), (500, 400), (300, 300))
    (outline,) = shown.smear.measuring.lines.kept
    assert outline.closed
    assert outline.area == pytest.approx(10_000, rel=0.03)
    assert "not calibrated" in (shown.smear.measuring.value or "")


def test_shift_measures_along_the_screen_even_when_the_picture_is_turned(
    qtbot: QtBot, shown: MainWindow
) -> None:
    shown.smear.navigator.turn(30)
    qtbot.waitUntil(lambda: shown.smear.settled)
    drag(shown, (300, 300), (500, 320), SHIFT)
    ((start, end),) = [one.points for one in shown.smear.measuring.lines.kept]
    view = shown.smear.navigator.viewport
    (x, y), (to_x, to_y) = view.to_screen(*start), view.to_screen(*end)
    assert min(abs(to_x - x), abs(to_y - y)) == pytest.approx(0, abs=0.01)


def test_measured_lines_are_painted_where_they_were_drawn(shown: MainWindow) -> None:
    plain = shown.smear.grab().toImage()
    drag(shown, (300, 300), (500, 300))
    place = at(shown, 340, 300)
    assert plain.pixelColor(place).lightness() > 200
    assert shown.smear.grab().toImage().pixelColor(place).lightness() < 90


def test_the_counting_grid_has_squares_in_microns_and_says_when_it_cannot(
    qtbot: QtBot, shown: MainWindow
) -> None:
    view, grid = shown.smear, shown.smear.grid
    shown.actions_["grid"].trigger()

    def scene() -> Scene:
        entry = shown.session.slides[0]
        place = view.navigator.viewport
        return Scene(1, entry.size, entry.mpp, place, 1.0, view.appearance)

    assert GridNote(grid, view.scale_bar).text(scene()) == NO_SCALE
    calibrate(qtbot, shown, 0.5)
    assert GridNote(grid, view.scale_bar).text(scene()) == "Squares of 100 µm"
    with_grid = view.grab().toImage()
    shown.actions_["grid"].trigger()
    without = view.grab().toImage()
    for x in (200, 400, 600):
        line = at(shown, x, 333)
        around = [line + QPoint(d, 0) for d in (-1, 0, 1)]
        assert any(with_grid.pixelColor(p) != without.pixelColor(p) for p in around)
    beside = at(shown, 300, 333)
    assert with_grid.pixelColor(beside) == without.pixelColor(beside)


@pytest.mark.usefixtures("blob_reader")
def test_names_and_fill_are_painted_at_will_and_all_hides_while_h_is_held(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    view = window.smear
    opened(qtbot, window.session, smear)
    qtbot.waitUntil(lambda: view.settled)
    bare = view.grab().toImage()
    read_through(qtbot, window.session)
    boxes = view.grab().toImage()
    edge = at(window, CENTRES[4][0] + 19, CENTRES[4][1] + 19)
    window.actions_["fill"].trigger()
    assert view.grab().toImage().pixelColor(edge) != boxes.pixelColor(edge)
    window.actions_["names"].trigger()
    named = at(window, CENTRES[4][0], CENTRES[4][1] + 22) + QPoint(0, 9)
    lines = [named + QPoint(d, 0) for d in range(-20, 20)]
    picture = view.grab().toImage()
    assert any(picture.pixelColor(p).lightness() < 90 for p in lines)
    QTest.keyPress(view, Qt.Key.Key_H)
    held = view.grab().toImage()
    assert held.pixelColor(edge) == bare.pixelColor(edge)
    QTest.keyRelease(view, Qt.Key.Key_H)
    assert view.grab().toImage() == picture


def test_a_second_view_has_the_same_tool_in_hand_and_the_same_grid(
    shown: MainWindow,
) -> None:
    shown.actions_["grid"].trigger()
    shown.actions_["side_by_side"].trigger()
    left, right = shown.pair.views
    assert right.grid.shown
    assert [v.pointing.tool for v in (left, right)] == [left.measuring, right.measuring]
    QTest.keyClick(right, Qt.Key.Key_Escape)
    assert [v.pointing.tool for v in (left, right)] == [
        v.pointing.hand for v in (left, right)
    ]
    assert not shown.actions_["measure"].isChecked()
    right.red_cell_ruler.measure(True)
    assert right.pointing.tool is right.red_cell_ruler


def test_no_value_stands_beneath_the_overview(qtbot: QtBot, shown: MainWindow) -> None:
    minimap, tool = shown.smear.overview.minimap, shown.smear.measuring
    shown.smear.navigator.zoom_to(2.0)
    qtbot.waitUntil(minimap.isVisible)
    covered = QRectF(minimap.geometry())
    middle = covered.center()
    ends = [middle + QPointF(-60, 4), middle + QPointF(60, 4)]
    size = card_size("12.4 µm")
    within = QRectF(shown.smear.rect())
    usual = card_place(ends, size, closed=False, within=within)
    assert usual.intersects(covered)
    assert covered in tool.covered()
    clear = card_place(ends, size, closed=False, within=within, covered=tool.covered())
    assert within.contains(clear)
    assert not any(map(clear.intersects, tool.covered()))
