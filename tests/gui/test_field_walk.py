"""PgDn and PgUp on a slide: from one counting field to the next, and back."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.field_route import through_fields, through_views
from marrowscope.gui.slide_view.tile_places import tiles_in, zoom_for
from marrowscope.gui.slide_view.tile_wishes import wanted_tiles
from marrowscope.imaging.counting_zone.zone_map import NAMES, THIN, ZoneMap
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader, drawn_smear

DOWN, UP = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp


@pytest.fixture
def slide(tmp_path: Path) -> Path:
    """Nine drawn smears in one tiled slide of 2,700 by 2,100 pixels, 0.25 µm each."""
    picture = cv2.imread(str(drawn_smear(tmp_path / "part.png")))
    assert picture is not None
    path = tmp_path / "slide.tif"
    scale = {"resolution": (40_000, 40_000), "resolutionunit": "CENTIMETER"}
    pixels = np.tile(picture[..., ::-1], (3, 3, 1))
    tifffile.imwrite(path, pixels, tile=(256, 256), photometric="rgb", **scale)
    return path


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> str:
    QTest.keyClick(window.smear, key)
    qtbot.waitUntil(lambda: window.smear.settled)
    return window.status.currentMessage()


def middle(window: MainWindow) -> tuple[float, float]:
    view = window.smear.navigator.viewport
    return view.x, view.y


def test_fields_are_gone_through_to_and_fro() -> None:
    rows = [(x, y, 100, 100) for y in (80, 0) for x in (160, 0, 80)]
    route = through_fields(np.array(rows, np.float32))
    assert route.middles.tolist() == [
        *([50, 50], [130, 50], [210, 50]),
        *([210, 130], [130, 130], [50, 130]),
    ]


def test_views_cover_the_slide_and_where_it_is_known_the_counting_zone_alone() -> None:
    zones = np.full((20, 30), NAMES.index("glass"), np.uint8)
    zones[5:15, 10:25] = NAMES.index(THIN)
    size, known = (3000, 2000), ZoneMap(100, zones, zones)
    everywhere = through_views(size, (400, 300), None)
    route = through_views(size, (400, 300), known)
    assert 0 < len(route.middles) < len(everywhere.middles)
    seen = np.zeros((2000, 3000), np.bool_)
    for x, y in route.middles:
        assert known.name_at(x, y) == THIN
    for x, y in everywhere.middles.astype(int):
        seen[max(y - 150, 0) : y + 151, max(x - 200, 0) : x + 201] = True
    assert seen.all()


def test_page_down_and_up_go_through_the_fields_that_were_read(
    qtbot: QtBot,
    window: MainWindow,
    session: CaseSession,
    slide: Path,
    blob_reader: BlobReader,
) -> None:
    blob_reader.spec = type(blob_reader.spec)(size=1024, mpp=0.25, margin_um=14.0)
    opened(qtbot, session, slide)
    read_through(qtbot, session)
    fields = session.fields_read[1]
    count = len(fields)
    assert press(qtbot, window, DOWN) == f"Field 1 of {count} that were read"
    assert middle(window) == pytest.approx((512, 512))
    zoom = window.smear.navigator.viewport.scale
    for number in range(2, count + 1):
        said = press(qtbot, window, DOWN)
        assert said == f"Field {number} of {count} that were read"
        assert window.smear.navigator.viewport.scale == zoom
    assert press(qtbot, window, DOWN).endswith("the last one")
    assert press(qtbot, window, UP).startswith(f"Field {count - 1} of")
    window.smear.navigator.look_at(500, 500)
    assert press(qtbot, window, DOWN).startswith("Field 2 of")


def test_where_nothing_was_read_views_are_gone_through_at_the_objective_in_use(
    qtbot: QtBot, window: MainWindow, session: CaseSession, slide: Path
) -> None:
    opened(qtbot, session, slide)
    window.smear.navigator.zoom_to(4.0)
    qtbot.waitUntil(lambda: window.smear.settled)
    window.smear.navigator.look_at(0, 0)
    assert "View 2 of" in press(qtbot, window, DOWN)
    before, smear = window.smear.navigator.viewport, window.smear
    qtbot.waitUntil(lambda: smear.fields.settled and smear.settled)
    size = smear.navigator.slide or (0, 0)
    every = tiles_in(Box(0, 0, *size), zoom_for(before.scale, size), size)
    ready = {place for place in every if place in smear.loader.cache}
    press(qtbot, window, DOWN)
    after = smear.navigator.viewport
    assert {*wanted_tiles(after, size, 1.0)} & {*every} <= ready, "not read ahead"
    assert (after.scale, after.y) == (before.scale, before.y)
    assert before.region.x < after.region.x < before.region.right
