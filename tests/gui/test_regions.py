"""Regions in the real window: drawn, moved, left out, undone, counted and stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.domain.counted import Extent
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.gui.differential_panel.view import DifferentialView
from marrowscope.gui.extent_words import area_text, extent_words
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.regions_panel.panel import RegionsPanel
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.store.case_file import CaseFile
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES

LEFT = Qt.MouseButton.LeftButton
UPPER_LEFT = Box(0, 0, 450, 350)


@pytest.fixture
def view(qtbot: QtBot, window: MainWindow, smear: Path) -> SlideView:
    opened(qtbot, window.session, smear)
    made = window.pair.active
    qtbot.waitUntil(lambda: made.settled)
    return made


@pytest.fixture
def at(view: SlideView) -> Callable[[float, float], QPoint]:
    """Where a level-0 point is on the screen."""
    return lambda x, y: QPointF(*view.navigator.viewport.to_screen(x, y)).toPoint()


def dragged(view: SlideView, *points: QPoint) -> None:
    QTest.mousePress(view, LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, LEFT, pos=points[-1])


def drawn_rectangle(window: MainWindow, at: Callable[..., QPoint], box: Box) -> Region:
    window.actions_["draw_rectangle"].trigger()
    view = window.pair.active
    dragged(view, at(box.x, box.y), at(*box.centre), at(box.right, box.bottom))
    return window.session.regions[-1]


def near(region: Region, box: Box) -> bool:
    """To the pixel of the screen, which is a little more than one of the slide."""
    found = region.box
    return all(
        abs(a - b) < 3
        for a, b in zip(
            (found.x, found.y, found.right, found.bottom),
            (box.x, box.y, box.right, box.bottom),
            strict=True,
        )
    )


def test_a_rectangle_a_polygon_and_a_line_by_hand_become_regions(
    window: MainWindow, view: SlideView, at: Callable[..., QPoint]
) -> None:
    session, actions = window.session, window.actions_
    assert near(drawn_rectangle(window, at, UPPER_LEFT), UPPER_LEFT)
    actions["draw_polygon"].trigger()
    for corner in ((500, 100), (800, 100), (700, 400)):
        QTest.mouseClick(view, LEFT, pos=at(*corner))
    QTest.mouseClick(view, LEFT, pos=at(600, 600))
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert near(session.regions[1], Box(500, 100, 300, 300))
    actions["draw_freehand"].trigger()
    dragged(view, at(100, 500), at(200, 500), at(200, 600), at(100, 600))
    assert near(session.regions[2], Box(100, 500, 100, 100))
    names = [region.name for region in session.regions]
    assert names == ["Region 1", "Region 2", "Region 3"]


def test_a_double_click_closes_a_polygon_and_escape_drops_one(
    window: MainWindow, view: SlideView, at: Callable[..., QPoint]
) -> None:
    window.actions_["draw_polygon"].trigger()
    QTest.mouseClick(view, LEFT, pos=at(100, 100))
    QTest.mouseClick(view, LEFT, pos=at(400, 100))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    for corner in ((100, 100), (400, 100), (300, 300)):
        QTest.mouseClick(view, LEFT, pos=at(*corner))
    QTest.mouseDClick(view, LEFT, pos=at(300, 300))
    (region,) = window.session.regions
    assert near(region, Box(100, 100, 300, 200))
    assert len(region.rings[0]) == 3
    window.actions_["draw_rectangle"].trigger()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.pointing.tool is view.pointing.hand
    assert len(window.session.regions) == 1


def test_corner_and_outline_can_be_dragged_and_each_step_undone(
    qtbot: QtBot, window: MainWindow, view: SlideView, at: Callable[..., QPoint]
) -> None:
    session = window.session
    first = drawn_rectangle(window, at, Box(200, 200, 200, 200))
    dragged(view, at(400, 400), at(450, 450), at(500, 450))
    assert near(session.regions[0], Box(200, 200, 300, 250))
    dragged(view, at(200, 300), at(150, 300), at(100, 350))
    moved = session.regions[0]
    assert near(moved, Box(100, 250, 300, 250))
    # A drag in its middle moves the smear, and nothing of the region.
    dragged(view, at(250, 350), at(260, 350), at(300, 360))
    assert session.regions == (moved,)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert session.regions == ()
    for _ in range(3):
        session.undo()
    assert session.regions == (first,)
    session.undo()
    assert session.regions == ()
    assert not session.can_undo
    qtbot.waitUntil(lambda: session.saved)


@pytest.mark.usefixtures("blob_reader")
def test_the_count_follows_the_regions_after_the_run(
    qtbot: QtBot,
    window: MainWindow,
    view: SlideView,
    at: Callable[..., QPoint],
) -> None:
    session = window.session
    session.calibrate(0.5, source="typed")
    read_through(qtbot, session)
    within = [c for c in CENTRES if UPPER_LEFT.contains(*c)]
    assert 0 < len(within) < len(CENTRES)

    def total() -> int:
        assert session.counts is not None
        assert session.counts.suggested is not None
        return session.counts.suggested.total

    everything = total()
    region = drawn_rectangle(window, at, UPPER_LEFT)
    qtbot.waitUntil(lambda: total() == len(within))
    words = window.findChild(DifferentialView)
    assert words.extent.text().startswith("Counted in 1 region, 0.0")
    panel = window.findChild(RegionsPanel)
    assert panel.model.rows[0].cells == str(len(within))
    cell = panel.model.index(0, 0)
    role = Qt.ItemDataRole
    panel.model.setData(cell, Qt.CheckState.Unchecked.value, role.CheckStateRole)
    qtbot.waitUntil(lambda: total() == everything - len(within))
    assert words.extent.text() == "Counted without 1 region left out."
    panel.model.setData(cell, " Clot ", role.EditRole)
    panel.model.setData(cell, "  ", role.EditRole)
    qtbot.waitUntil(lambda: session.saved)
    assert session.case_path is not None
    with CaseFile.open(session.case_path, read_only=True) as case:
        (kept,) = case.regions()
        assert (kept.name, kept.kind) == ("Clot", RegionKind.EXCLUDE)
    session.remove_region(region.id)
    qtbot.waitUntil(lambda: total() == everything)
    assert words.extent.text() == ""


@pytest.mark.usefixtures("blob_reader")
def test_what_was_not_read_yet_can_be_read(
    qtbot: QtBot,
    window: MainWindow,
    view: SlideView,
    at: Callable[..., QPoint],
) -> None:
    session = window.session
    drawn_rectangle(window, at, Box(0, 0, 200, 200))
    qtbot.waitUntil(lambda: session.saved)
    read_through(qtbot, session)
    read = window.actions_["read"]
    assert session.table is not None
    some = len(session.table)
    assert not read.isEnabled()
    session.undo()
    qtbot.waitUntil(read.isEnabled)
    read_through(qtbot, session)
    assert len(session.table) > some


def test_regions_go_out_and_come_back(
    qtbot: QtBot,
    window: MainWindow,
    view: SlideView,
    at: Callable[..., QPoint],
    tmp_path: Path,
) -> None:
    session = window.session
    region = drawn_rectangle(window, at, UPPER_LEFT)
    path = tmp_path / "regions.geojson"
    session.export_regions(path)
    qtbot.waitUntil(path.exists)
    session.remove_region()
    window.actions_["save"].trigger()
    assert "saved" in str(session.message)
    window.deeds.open([path])  # as when it is dropped
    qtbot.waitUntil(lambda: session.regions == (region,))
    assert session.slide
    session.import_regions(tmp_path / "gone.geojson")
    qtbot.waitUntil(lambda: "gone.geojson" in str(session.message))
    qtbot.waitUntil(lambda: session.saved)


def test_where_it_was_counted_is_said_in_words() -> None:
    region = Region(1, "", RegionKind.INCLUDE, rectangle(Box(0, 0, 9, 9)))
    two = Extent((region, region), {}, 3.14159, 0)
    assert extent_words(two) == "Counted in 2 regions, 3.1 mm²."
    assert extent_words(Extent()) == ""
    other = Extent((region,), {}, None, 1)
    assert extent_words(other) == "Counted in 1 region, and all of 1 other slide."
    assert [area_text(a) for a in (123.4, 3.14, 0.0314)] == ["123", "3.1", "0.031"]
