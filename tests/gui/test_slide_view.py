"""The smear on the screen: where it is, what is painted, what the mouse does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.magnification import (
    bar_length,
    length_text,
    magnification_text,
    scale_of,
)
from marrowscope.gui.slide_view.tile_places import (
    TilePlace,
    coarsest,
    tiles_in,
    zoom_for,
)
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.slide_view.viewport import Viewport, fitting
from marrowscope.gui.theme import Appearance, ThemeChoice
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, session: CaseSession, smear: Path) -> SlideView:
    made = SlideView(session, Appearance(ThemeChoice.DARK))
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    opened(qtbot, session, smear)
    qtbot.waitUntil(lambda: made.settled)
    return made


def screen_point(view: SlideView, x: float, y: float) -> QPoint:
    return QPointF(*view.navigator.viewport.to_screen(x, y)).toPoint()


def wheel(view: SlideView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


# Arithmetic ----------------------------------------------------------------------


def test_zooming_keeps_the_point_under_the_cursor() -> None:
    view = Viewport(500, 400, 0.7, 800, 600)
    at = (123.0, 456.0)
    again = view.zoomed(3.1, at=at)
    assert again.to_slide(*at) == pytest.approx(view.to_slide(*at))


@given(
    angle=st.floats(-720, 720),
    scale=st.floats(0.01, 16),
    at=st.tuples(st.floats(0, 800), st.floats(0, 600)),
)
def test_a_turned_view_finds_every_point_of_the_screen_again(
    angle: float, scale: float, at: tuple[float, float]
) -> None:
    view = Viewport(500, 400, scale, 800, 600).turned(angle, at=at)
    assert view.to_screen(*view.to_slide(*at)) == pytest.approx(at, abs=1e-6)
    x, y = view.to_slide(*at)
    region = view.region.grown(1e-6 * view.region.width)
    assert region.x <= x <= region.right
    assert region.y <= y <= region.bottom
    again = view.turned(angle + 33, at=at).zoomed(2 * scale, at=at)
    assert again.to_slide(*at) == pytest.approx((x, y), abs=1e-6 * 2000 / scale)
    together = view.all_to_screen(np.asarray([[x, y]]))[0]
    assert tuple(together) == pytest.approx(at, abs=1e-6)


def test_a_whole_slide_fits_whatever_its_shape() -> None:
    for slide in ((100_000, 40), (40, 100_000), (1, 1)):
        region = fitting(slide, 800, 600).region
        assert region.x <= 0
        assert region.y <= 0
        assert region.right >= slide[0]
        assert region.bottom >= slide[1]


def test_40x_at_a_quarter_micron_shows_a_pixel_as_a_pixel() -> None:
    assert scale_of(40, 0.25) == pytest.approx(1.0)
    assert magnification_text(1.0, 0.25) == "40x · 0.25 µm/px"
    assert magnification_text(0.5, None) == "50 %"


def test_the_scale_bar_is_a_round_length() -> None:
    assert length_text(bar_length(0.25, longest=160)) == "20 µm"
    assert length_text(bar_length(20.0, longest=160)) == "2 mm"
    assert length_text(bar_length(0.01, longest=160)) == "1 µm"


def test_tiles_cover_the_view_with_at_least_a_pixel_for_a_pixel() -> None:
    slide = (12_288, 9_000)
    assert zoom_for(1.0, slide) == 0
    assert zoom_for(0.51, slide) == 0
    assert zoom_for(0.49, slide) == 1
    assert zoom_for(1e-9, slide) == coarsest(slide)
    region = Box(-500, 700, 3000, 2000)
    places = tiles_in(region, 1, slide)
    assert {(p.column, p.row) for p in places} == {
        (c, r) for c in range(3) for r in range(3)
    }
    assert tiles_in(Box(-900, -900, 800, 800), 0, slide) == []


def test_every_tile_lies_in_its_parent() -> None:
    place = TilePlace(1, 5, 3)
    slide = (12_288, 9_000)
    outer, inner = place.parent.region(slide), place.region(slide)
    assert outer.intersection(inner) == inner
    assert all(child.parent == place for child in place.children)


# The widget ----------------------------------------------------------------------


def test_the_smear_itself_is_painted(view: SlideView) -> None:
    picture = view.grab().toImage()
    x, y = CENTRES[4]
    disc = picture.pixelColor(screen_point(view, x, y))
    plain = picture.pixelColor(screen_point(view, 330, 300))
    assert disc.green() < 80
    assert plain.red() > 220


def test_the_wheel_zooms_at_the_cursor(qtbot: QtBot, view: SlideView) -> None:
    at = screen_point(view, *CENTRES[7])
    before = view.navigator.viewport
    wheel(view, at, 3)
    qtbot.waitUntil(lambda: view.settled)
    after = view.navigator.viewport
    assert after.scale == pytest.approx(before.scale * 1.25**3, rel=0.01)
    place = after.to_slide(at.x(), at.y())
    assert place == pytest.approx(before.to_slide(at.x(), at.y()), abs=0.5)


def test_dragging_the_background_moves_the_smear(view: SlideView) -> None:
    view.navigator.zoom_by(3, (400, 300))
    before = view.navigator.viewport
    start, end = QPoint(400, 300), QPoint(460, 330)
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, QPoint(430, 310))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, pos=end)
    after = view.navigator.viewport
    assert (after.x - before.x) * after.scale == pytest.approx(-60, abs=1)
    assert (after.y - before.y) * after.scale == pytest.approx(-30, abs=1)


def test_a_double_click_goes_to_the_strongest_lens_and_back(
    qtbot: QtBot, view: SlideView
) -> None:
    before = view.navigator.viewport
    QTest.mouseDClick(view, LEFT, pos=QPoint(300, 200))
    qtbot.waitUntil(lambda: view.settled)
    assert view.navigator.viewport.scale == pytest.approx(view.objectives.scale_at(5))
    QTest.mouseDClick(view, LEFT, pos=QPoint(300, 200))
    qtbot.waitUntil(lambda: view.settled)
    assert view.navigator.viewport.scale == pytest.approx(before.scale)


def test_without_a_scale_there_are_zoom_factors_and_no_scale_bar(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    texts = [b.text() for b in view.objectives._buttons.buttons()]
    assert texts == ["10 %", "25 %", "50 %", "100 %", "200 %", "400 %"]
    plain = view.grab().toImage()
    session.calibrate(0.25, source="typed")
    qtbot.waitUntil(lambda: session.slides[0].mpp is not None)
    texts = [b.text() for b in view.objectives._buttons.buttons()]
    assert texts == ["4x", "10x", "20x", "40x", "63x", "100x"]
    corner = QPoint(30, view.height() - 30)
    assert view.grab().toImage().pixelColor(corner) != plain.pixelColor(corner)


@pytest.mark.usefixtures("blob_reader")
def test_a_click_selects_and_a_click_beside_lets_go(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: view.settled)
    x, y = CENTRES[5]
    QTest.mouseClick(view, LEFT, pos=screen_point(view, x, y))
    assert session.selected is not None
    assert session.selected.box.contains(x, y)
    QTest.mouseClick(view, LEFT, pos=screen_point(view, 330, 300))
    assert session.selected is None


@pytest.mark.usefixtures("blob_reader")
def test_a_rubber_band_with_shift_selects_what_it_touches(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: view.settled)
    shift = Qt.KeyboardModifier.ShiftModifier
    start, end = screen_point(view, 230, 60), screen_point(view, 430, 140)
    QTest.mousePress(view, LEFT, shift, start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, shift, end)
    assert len(session.selection) == 2


@pytest.mark.usefixtures("blob_reader")
def test_in_a_turned_view_a_click_still_hits_the_cell_that_is_seen_there(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    view.navigator.turn(90)
    view.navigator.turn(37)
    qtbot.waitUntil(lambda: view.settled)
    assert session.table is not None
    assert session.vocabulary is not None
    cell = session.cell(int(session.table.id[0]))
    assert cell is not None
    QTest.mouseClick(view, LEFT, pos=screen_point(view, *cell.box.centre))
    assert session.selection.tolist() == [cell.id]
    picture = view.grab().toImage()
    mark = view.appearance.cells.of(session.vocabulary.of(cell.class_id).lineage)
    edge = screen_point(view, cell.box.x, cell.box.centre[1])
    near = [
        picture.pixelColor(edge + QPoint(dx, dy)).rgb()
        for dx in range(-3, 4)
        for dy in range(-3, 4)
    ]
    assert mark.colour.rgb() in near


def test_hidden_boxes_are_neither_painted_nor_hit(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: view.settled)
    with_boxes = view.grab().toImage()
    session.show_boxes(False)
    assert view.grab().toImage() != with_boxes
    QTest.mouseClick(view, LEFT, pos=screen_point(view, *CENTRES[5]))
    assert session.selected is None


@pytest.mark.usefixtures("blob_reader")
def test_hovering_shows_a_card_that_leaves_with_the_cursor(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    QTest.mouseMove(view, screen_point(view, *CENTRES[4]))
    assert view.card.isVisible()
    assert "suggested, not reviewed" in view.card.text()
    QTest.mouseMove(view, screen_point(view, 330, 300))
    assert not view.card.isVisible()


@pytest.mark.usefixtures("blob_reader")
def test_a_revealed_cell_comes_into_view_large_enough(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    read_through(qtbot, session)
    assert session.table is not None
    view.navigator.zoom_by(8, (400, 300))
    cell = session.table.cell(0)
    session.select_cell(cell.id, reveal=True)
    qtbot.waitUntil(lambda: view.settled)
    place = view.navigator.viewport.box_to_screen(cell.box)
    assert 0 <= place.centre[0] <= view.width()
    assert 0 <= place.centre[1] <= view.height()


def test_a_line_across_a_red_cell_is_measured_in_slide_pixels(
    qtbot: QtBot, view: SlideView
) -> None:
    view.red_cell_ruler.measure(True)
    start, end = screen_point(view, 200, 300), screen_point(view, 240, 300)
    with qtbot.waitSignal(view.red_cell_ruler.measured) as told:
        QTest.mousePress(view, LEFT, pos=start)
        QTest.mouseMove(view, end)
        QTest.mouseRelease(view, LEFT, pos=end)
    assert told.args is not None
    assert told.args[0] == pytest.approx(40, abs=2.5)
