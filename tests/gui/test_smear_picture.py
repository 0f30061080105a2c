"""The smear as it is painted while it rests, is dragged and zooms."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.layers import Scene, turning
from marrowscope.gui.slide_view.pace import Pace
from marrowscope.gui.slide_view.smear_picture import Smear
from marrowscope.gui.slide_view.tile_painting import NOT_HERE, paint_tiles
from marrowscope.gui.slide_view.tile_places import TilePlace, coarsest
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import Appearance, ThemeChoice
from tests.gui.conftest import opened, read_through

WIDTH, HEIGHT = 800, 600
AT = 200, 150


@pytest.fixture
def view(qtbot: QtBot, session: CaseSession, smear: Path) -> SlideView:
    """A bare smear of 800 by 600 pixels, shrunk to 0.6."""
    made = SlideView(session, Appearance(ThemeChoice.DARK))
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.show()
    opened(qtbot, session, smear)
    made.layers.hidden = True
    made.navigator.zoom_by(0.6 / made.navigator.viewport.scale, (400, 300))
    rests(qtbot, made)
    return made


def rests(qtbot: QtBot, view: SlideView) -> None:
    qtbot.waitUntil(lambda: view.settled)


def painted(view: SlideView) -> NDArray[np.int_]:
    """What a paint event paints, (H, W, 3) blue, green, red."""
    return _pixels(view.paint_smear)


def from_the_tiles(view: SlideView) -> NDArray[np.int_]:
    """What the tiles of the view are when nothing is kept or moved along."""
    entry, place = view.entry, view.navigator.viewport
    assert entry is not None

    def paint(painter: QPainter) -> None:
        ground = QColor(*entry.opened.slide.background)
        painter.fillRect(QRect(0, 0, WIDTH, HEIGHT), ground)
        with turning(painter, place):
            cache = view.loader.cache
            paint_tiles(painter, cache, place.upright, entry.size, 1.0)

    return _pixels(paint)


def _pixels(paint: Callable[[QPainter], None]) -> NDArray[np.int_]:
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    painter = QPainter(picture)
    paint(painter)
    painter.end()
    return as_array(picture)


def as_array(picture: QImage) -> NDArray[np.int_]:
    """(H, W, 3) blue, green, red."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(plain.constBits(), np.uint8)
    return flat.reshape(plain.height(), plain.width(), 4)[..., :3].astype(int)


def drag(view: SlideView, *, steps: int = 6) -> None:
    for _ in range(steps):
        view.navigator.pan(-17, 9)
        painted(view)


def test_a_view_at_rest_is_the_tiles_to_the_last_pixel(
    qtbot: QtBot, view: SlideView
) -> None:
    navigator = view.navigator
    ways = {
        "dragged": lambda: drag(view),
        "zoomed": lambda: navigator.wheel(1, AT),
        "pinched": lambda: navigator.zoom_by(1.07, AT),
        "turned": lambda: navigator.turn_to(20, at=AT),
        "dragged while turned": lambda: drag(view),
        "thrown": lambda: navigator.glide(700, 300),
    }
    for name, move in ways.items():
        before = navigator.viewport
        move()
        rests(qtbot, view)
        assert navigator.viewport != before
        for _ in range(2):
            assert (painted(view) == from_the_tiles(view)).all(), name


def test_a_dragged_smear_is_as_sharp_as_one_at_rest(view: SlideView) -> None:
    drag(view)
    assert view.navigator.pacing.pace is Pace.PAN
    away = np.abs(painted(view) - from_the_tiles(view))
    # The tiles are put on whole pixels one by one: a hair at their edges.
    assert np.median(away) == 0
    assert np.percentile(away, 99) <= 8


def test_nothing_is_blank_while_the_smear_zooms(qtbot: QtBot, view: SlideView) -> None:
    missing = np.asarray((NOT_HERE.blue(), NOT_HERE.green(), NOT_HERE.red()))
    entry, cache = view.entry, view.loader.cache
    assert entry is not None
    for forgotten in (False, True):
        for factor in (1.2, 1.2, 1.2, 0.7, 0.9):
            view.navigator.zoom_by(factor, AT)
            if forgotten:  # only the whole slide is left
                top = TilePlace(coarsest(entry.size), 0, 0)
                whole = cache.get(top)
                assert whole is not None
                cache.clear()
                cache.put(top, whole)
            shown = painted(view)
            assert view.navigator.pacing.pace is Pace.ZOOM
            assert not (shown == missing).all(axis=2).any()
            assert not (shown == (0, 0, 255)).all(axis=2).any()
        rests(qtbot, view)


def test_a_zooming_smear_looks_like_the_one_at_rest(view: SlideView) -> None:
    view.navigator.zoom_by(1.1, AT)
    shown, fine = painted(view), from_the_tiles(view)
    assert (shown != fine).any()  # softer
    assert np.abs(shown - fine).mean() < 6


def test_a_smear_that_zooms_far_is_not_the_first_picture_blown_up(
    view: SlideView,
) -> None:
    painted(view)
    view.navigator.zoom_by(1.6, AT)
    painted(view)
    view.navigator.zoom_by(1.6, AT)
    away = np.abs(painted(view) - from_the_tiles(view))
    assert view.navigator.pacing.pace is Pace.ZOOM
    assert away.mean() < 0.5


@pytest.mark.parametrize("angle", [0, 20])
def test_a_tile_that_comes_later_is_painted_where_it_lies(
    qtbot: QtBot, view: SlideView, angle: float
) -> None:
    view.navigator.turn_to(angle, at=AT)
    rests(qtbot, view)
    before = painted(view)
    place = next(p for p in view.loader._wishes.seen if p.zoom == 0)
    green = QImage(512, 512, QImage.Format.Format_RGB32)
    green.fill(QColor("lime"))
    view.loader.cache.put(place, green)
    after = painted(view)
    assert (after == from_the_tiles(view)).all()
    changed = (after != before).any(axis=2)
    assert 0 < changed.mean() < 0.8
    assert (after[changed] == (0, 255, 0)).all()


def test_a_copied_picture_is_the_finest_also_while_the_view_zooms(
    view: SlideView,
) -> None:
    view.navigator.zoom_by(1.1, AT)
    assert (painted(view) != from_the_tiles(view)).any()
    copied = as_array(view.picture().toImage())
    assert (copied == from_the_tiles(view)).all()


@pytest.mark.usefixtures("blob_reader")
def test_cells_that_come_into_sight_while_the_smear_zooms_are_outlined_at_once(
    qtbot: QtBot, session: CaseSession, view: SlideView
) -> None:
    read_through(qtbot, session)
    view.layers.hidden = False
    view.navigator.zoom_by(2, AT)
    rests(qtbot, view)
    painted(view)
    view.navigator.zoom_by(0.6, AT)
    shown, place = painted(view), view.navigator.viewport
    assert view.navigator.pacing.pace is Pace.ZOOM
    view.layers.hidden = True
    bare = from_the_tiles(view)
    assert session.table is not None
    outlined = [place.box_to_screen(Box(*box)) for box in session.table.box.tolist()]
    whole = Box(8, 8, WIDTH - 16, HEIGHT - 16)
    inside = [
        box
        for box in outlined
        if whole.contains(box.x, box.y) and whole.contains(box.right, box.bottom)
    ]
    assert len(inside) >= 6
    for box in inside:
        x, y, right, bottom = (round(c) for c in (box.x, box.y, box.right, box.bottom))
        part = np.s_[y - 3 : bottom + 3, x - 3 : right + 3]
        assert (np.abs(shown[part] - bare[part]).max(axis=2) > 60).mean() > 0.03


@pytest.mark.usefixtures("blob_reader")
def test_a_view_that_comes_to_rest_is_painted_by_a_worker_as_the_window_would(
    qtbot: QtBot,
    session: CaseSession,
    view: SlideView,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_through(qtbot, session)
    view.layers.hidden = False
    rests(qtbot, view)
    threads = list[bool]()  # is it the window's?
    paint = Smear.paint

    def noted(smear: Smear, painter: QPainter, needed: Box | None = None) -> None:
        threads.append(threading.current_thread() is threading.main_thread())
        paint(smear, painter, needed)

    ways = {
        "zoomed": lambda: view.navigator.wheel(-1, AT),
        "turned": lambda: view.navigator.turn_to(20, at=AT),
        "dragged": lambda: drag(view),
    }
    for name, move in ways.items():
        move()
        painted(view)
        monkeypatch.setattr(Smear, "paint", noted)
        threads.clear()
        rests(qtbot, view)
        assert threads[-1] is False, name
        made = painted(view)
        monkeypatch.undo()
        assert (made == as_array(view.picture().toImage())).all(), name


@pytest.mark.usefixtures("blob_reader")
@pytest.mark.parametrize("scale", [0.6, 1.0, 2.0])
def test_outlines_are_whole_where_a_dragged_smear_comes_into_sight(
    qtbot: QtBot, session: CaseSession, view: SlideView, scale: float
) -> None:
    read_through(qtbot, session)
    view.layers.hidden = False
    view.navigator.zoom_by(scale / view.navigator.viewport.scale, AT)
    rests(qtbot, view)
    bare = painted(view)
    drag(view, steps=12)
    shown = painted(view)
    assert view.navigator.pacing.pace is Pace.PAN
    anew = as_array(view.picture().toImage())
    assert (shown != bare).any()
    # The tiles are put on whole pixels one by one: a hair at their edges.
    assert (np.abs(shown - anew).max(axis=2) > 8).mean() < 0.002


@pytest.mark.usefixtures("blob_reader")
def test_a_letter_above_a_box_comes_into_sight_though_its_cell_was_there_before(
    qtbot: QtBot, session: CaseSession, view: SlideView
) -> None:
    read_through(qtbot, session)
    view.layers.hidden = False
    navigator = view.navigator
    navigator.zoom_by(1 / navigator.viewport.scale, AT)
    assert session.table is not None
    middles = session.table.box[:, :2] + session.table.box[:, 2:] / 2
    cell = int(np.abs(middles - (450, 350)).sum(axis=1).argmin())
    box = Box(*session.table.box[cell].tolist())
    navigator.pan(0, round(1 - navigator.viewport.box_to_screen(box).y))
    rests(qtbot, view)
    painted(view)
    navigator.pan(0, 14)
    shown, place = painted(view), navigator.viewport.box_to_screen(box)
    assert navigator.pacing.pace is Pace.PAN
    assert 14 <= place.y <= 16, "its letter alone is new"
    strip = np.s_[:14, round(place.x) - 4 : round(place.right) + 4]
    anew = as_array(view.picture().toImage())
    view.layers.hidden = True
    bare = from_the_tiles(view)
    assert (np.abs(anew - bare)[strip].max(axis=2) > 60).mean() > 0.1, "a letter"
    assert (np.abs(shown - anew)[strip].max(axis=2) > 8).mean() < 0.01


def test_a_view_at_rest_that_is_painted_again_paints_nothing_anew(
    qtbot: QtBot, view: SlideView, monkeypatch: pytest.MonkeyPatch
) -> None:
    beneath, drawn = view.layers.beneath, list[Scene]()

    def noted(scene: Scene) -> Callable[[QPainter], None]:
        drawn.append(scene)
        return beneath(scene)

    monkeypatch.setattr(view.layers, "beneath", noted)
    view.navigator.wheel(1, AT)
    rests(qtbot, view)
    drawn.clear()
    painted(view)
    assert not drawn, "a worker has painted it"
    view.session.show_boxes(False)
    rests(qtbot, view)
    painted(view)
    assert drawn, "it looks otherwise now"
    drawn.clear()
    painted(view)
    assert not drawn, "the window has painted it"
