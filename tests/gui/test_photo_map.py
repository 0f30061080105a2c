"""How the photos lie: a map in a window of its own, each photo a click away."""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.photo_map.dialog import NOT_YET, PhotoMapDialog
from marrowscope.gui.photo_map.sheet import placed_group, side_by_side
from marrowscope.gui.photo_map.words import COPIES, NEAR
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from tests.fixtures.photographed import write_album
from tests.gui.conftest import opened, read_through

SIZE = 480, 360


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos of one place, one beside it, one of another smear, one twice."""
    folder = tmp_path_factory.mktemp("album")
    smear = draw_field(SmearPlan(840, 560, cells=35, seed=31, zone="thin")).pixels
    other = draw_field(SmearPlan(*SIZE, cells=12, seed=32, zone="thin")).pixels
    places = [((310, 280), 3), ((316, 280), 0), ((530, 280), -4)]
    write_album(folder, smear, places, size=SIZE, others=[other])
    shutil.copy(folder / "4.png", folder / "5.png")
    return folder


def test_photos_keep_their_places_and_groups_lie_apart() -> None:
    beside = np.array([[1.0, 0, 300], [0, 1, -20]])
    groups = [{1: np.eye(2, 3), 2: beside}, {3: np.eye(2, 3)}, {4: np.eye(2, 3)}]
    sizes = dict.fromkeys(range(1, 5), SIZE)
    corners, size = side_by_side([placed_group(g, sizes) for g in groups], sizes)
    assert (corners[2] - corners[1]).tolist() == [[300, -20]] * 4
    ends = [
        (np.min(lie, axis=(0, 1)), np.max(lie, axis=(0, 1)))
        for lie in ([corners[n] for n in group] for group in groups)
    ]
    for (low, high), (other_low, other_high) in combinations(ends, 2):
        assert (high < other_low).any() or (other_high < low).any()
    assert np.min([low for low, _ in ends]) == 0
    assert np.max([high for _, high in ends], axis=0).tolist() == list(size)


@pytest.mark.usefixtures("blob_reader")
def test_the_map_shows_how_photos_lie_and_a_click_goes_to_one(
    qtbot: QtBot, window: MainWindow, album: Path
) -> None:
    session = opened(qtbot, window.session, album)
    window.actions_["photo_map"].trigger()
    (dialog,) = window.deeds.dialogs
    assert isinstance(dialog, PhotoMapDialog)
    assert dialog.words.text() == NOT_YET
    read_through(qtbot, session)
    qtbot.waitUntil(dialog.heading.isVisible)
    assert dialog.heading.text().startswith("3 of the 4 photos overlap")
    lines = [dialog.list.item(i).text() for i in range(dialog.list.count())]
    assert lines == [NEAR, "1.png and 2.png", COPIES, "4.png and 5.png"]

    before = dialog.chart.grab().toImage()
    chart = dialog.chart
    photos = {photo.number: photo for photo in chart.photos}
    press = Qt.MouseButton.LeftButton
    qtbot.mouseClick(chart, press, pos=chart.place_of(photos[4]).toPoint())
    assert session.slide is not None
    assert session.slide.number == 4
    assert chart.grab().toImage() != before
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert session.slide.number == 1
    for expected in (2, 1):
        dialog.list.itemClicked.emit(dialog.list.item(1))
        assert session.slide.number == expected


@pytest.mark.usefixtures("blob_reader")
def test_the_line_above_the_smear_leads_to_the_map(
    qtbot: QtBot, window: MainWindow, album: Path
) -> None:
    session = opened(qtbot, window.session, album)
    assert not window.notice.button.isVisible()
    read_through(qtbot, session)
    qtbot.waitUntil(window.notice.button.isVisible)
    assert window.notice.button.text() == "Photo map"
    for _ in range(2):
        window.notice.button.click()
    assert [type(one) for one in window.deeds.dialogs] == [PhotoMapDialog]
