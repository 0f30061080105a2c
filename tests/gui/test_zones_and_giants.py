"""Where to count, how much to read, and the megakaryocytes, in the real window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.sampling import Sample
from marrowscope.domain.regions import RegionKind, rectangle
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.case_state import Changes, Phase, RunState
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.megakaryocytes_panel.panel import MegakaryocytesPanel
from marrowscope.gui.run_bar.model import run_line
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.zones_layer import (
    COLOURS,
    ZonesLayer,
    ZonesNote,
    tinted,
)
from marrowscope.imaging.counting_zone.zone_map import (
    GLASS,
    NAMES,
    PEN,
    THICK,
    THIN,
    ZoneMap,
)
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from marrowscope.workflow import zones as workflow_zones
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.running import ReadingRequest, read_case
from tests.domain.cells_of import cells_of
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader


def test_the_better_a_patch_the_stronger_its_colour() -> None:
    names = np.array([[GLASS, THICK], [THIN, THIN]])
    numbers = np.vectorize(NAMES.index)(names).astype(np.uint8)
    found = ZoneMap(64.0, numbers, np.array([[0, 9], [100, 250]], np.uint8))
    pixels = tinted(found)
    assert pixels[0, 0, 3] == 0
    assert 0 < pixels[1, 0, 3] < pixels[1, 1, 3]
    assert COLOURS.keys() == set(NAMES) - {GLASS}


def test_ink_is_named_once_and_is_no_share_of_the_smear(
    qtbot: QtBot, window: MainWindow, slide: Path
) -> None:
    session = opened(qtbot, window.session, slide)
    numbers = np.array([[NAMES.index(PEN)] * 3, [NAMES.index(THIN)] * 3], np.uint8)
    inked = ZoneMap(128.0, numbers, np.full((2, 3), 255, np.uint8))
    session.zones._known[1] = 0.5, inked
    view = window.smear
    scene = Scene(1, (1300, 1300), 0.5, view.navigator.viewport, 1.0, view.appearance)
    note = ZonesNote(session, ZonesLayer(session))
    lines = [text for _, text in note.lines(scene)]
    assert lines == ["Counting zone  100 %", "Pen", "Quality there  100 of 100"]


@pytest.fixture
def slide(tmp_path: Path) -> Path:
    plan = SmearPlan(1300, 1300, 20, 5, mpp=0.5)
    return write_slide(plan, tmp_path / "smear.tif", workers=1)


def test_zones_are_looked_for_when_wanted_and_kept_with_the_case(
    qtbot: QtBot, window: MainWindow, slide: Path
) -> None:
    session = opened(qtbot, window.session, slide)
    assert session.zones.of(1) is None
    window.actions_["zones"].trigger()
    qtbot.waitUntil(lambda: session.zones.of(1) is not None)
    assert window.smear.optional["zones"].shown
    before = window.smear.grab().toImage()
    window.actions_["zones"].trigger()
    assert window.smear.grab().toImage() != before
    case = session.opened_case
    assert case is not None
    assert case.file.zone_map(1) is not None


def test_opening_another_slide_does_not_wait_for_zones(
    qtbot: QtBot,
    window: MainWindow,
    slide: Path,
    smear: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, ended = Event(), Event()

    def bands_without_end(_slide: object, *, mpp: float) -> Iterator[None]:
        try:
            for _ in [None] * 6000:
                begun.set()
                time.sleep(0.01)
                yield
        finally:
            ended.set()

    monkeypatch.setattr(workflow_zones, "measured_bands", bands_without_end)
    session = opened(qtbot, window.session, slide)
    session.show_zones(True)
    assert session.zones.looking(1)
    assert begun.wait(10)
    session.open_paths([smear])
    qtbot.waitUntil(lambda: session.inputs == (smear,), timeout=10_000)
    assert ended.is_set()
    assert session.zones.of(1) is None


def test_a_smear_is_read_to_the_target_and_then_to_its_end(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = opened(qtbot, window.session, smear)
    session.set_target(3)
    read_through(qtbot, session)
    assert session.table is not None
    some = len(session.table)
    assert 3 <= some < 12
    assert not window.actions_["read"].isEnabled()
    session.set_target(None)
    assert window.actions_["read"].isEnabled()
    read_through(qtbot, session)
    assert len(session.table) >= 12 > some


def test_a_case_read_to_a_target_opens_with_it_and_can_be_read_on(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = opened(qtbot, window.session, smear)
    session.set_target(3)
    read_through(qtbot, session)
    case = session.case_path
    assert case is not None
    session.set_target(None)
    session.open_paths([case])
    qtbot.waitUntil(lambda: session.inputs == (case,))
    assert session.target == 3
    assert not window.actions_["read"].isEnabled()
    session.set_target(None)
    assert window.actions_["read"].isEnabled()


def test_a_case_of_some_fields_drawn_at_random_can_be_read_to_its_end(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    case = open_case([smear], case=smear.with_name("case.marrow"))
    wanted = ReadingRequest(sample=Sample(1, seed=3))
    for _ in read_case(case, blob_reader, wanted, CancellationToken()):
        pass
    some = len(case.file.cells())
    path = case.file.path
    case.close()
    session = opened(qtbot, window.session, path)
    qtbot.waitUntil(lambda: session.table is not None)
    assert window.actions_["read"].isEnabled()
    read_through(qtbot, session)
    assert session.table is not None
    assert len(session.table) > some


def test_a_click_on_the_list_goes_to_the_cell(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    lee_vocabulary: ModelVocabulary,
) -> None:
    session = opened(qtbot, window.session, smear)
    table = cells_of(lee_vocabulary, {"GN": 3, "MN": 1, "MD": 2})
    sought = np.array([False] * 4 + [True] * 2)
    session._hold(replace(table, sought=sought, slide=table.slide + 1))
    session._vocabulary = lee_vocabulary
    session.changed.emit(Changes.CELLS)
    panel = window.findChild(MegakaryocytesPanel)
    assert isinstance(panel, MegakaryocytesPanel)
    qtbot.waitUntil(lambda: [one.cell for one in panel.rows.cells] == [4, 5, 6])
    assert "3 suggested, 0 confirmed" in panel.words.text()
    assert "Low power finds no micromegakaryocytes" in panel.words.text()
    picture = Qt.ItemDataRole.DecorationRole
    qtbot.waitUntil(lambda: isinstance(panel.rows.index(0).data(picture), QImage))
    panel.list.clicked.emit(panel.rows.index(1))
    assert list(session.selection) == [5]
    session.select_cell(6)
    assert panel.list.currentIndex().row() == 2
    session.call(["blast"], cells=[5])
    assert [one.cell for one in panel.rows.cells] == [4, 6]
    session.call(["megakaryocyte"], dysplastic=True, cells=[1])
    assert [one.cell for one in panel.rows.cells] == [1, 4, 6]
    assert "2 suggested, 1 confirmed" in panel.words.text()
    assert panel.list.currentIndex().row() == 2, "the cell in hand stays marked"
    # The file has no such cells: what could not be stored does not stay on the list.
    qtbot.waitUntil(lambda: [one.cell for one in panel.rows.cells] == [4, 5, 6])


def test_what_an_excluded_region_holds_is_not_on_the_list(
    qtbot: QtBot, window: MainWindow, smear: Path, lee_vocabulary: ModelVocabulary
) -> None:
    session = opened(qtbot, window.session, smear)
    table = cells_of(lee_vocabulary, {"GN": 1, "MN": 3})
    session._hold(replace(table, sought=np.ones(4, np.bool_), slide=table.slide + 1))
    session._vocabulary = lee_vocabulary
    session.changed.emit(Changes.CELLS)
    panel = window.findChild(MegakaryocytesPanel)
    assert isinstance(panel, MegakaryocytesPanel)
    qtbot.waitUntil(lambda: [one.cell for one in panel.rows.cells] == [2, 3, 4])
    clot = rectangle(panel.rows.cells[1].box)
    session.add_region(clot, slide=1)
    drawn = session.regions[0]
    session.change_region(replace(drawn, kind=RegionKind.EXCLUDE))
    qtbot.waitUntil(lambda: [one.cell for one in panel.rows.cells] == [2, 4])
    assert "1 more" in panel.words.text()


def test_the_bar_says_that_megakaryocytes_are_sought() -> None:
    line = run_line(RunState(Phase.READING, done=3, total=40, cells=9, seeking=True))
    assert line.phase == "Seeking megakaryocytes"
    assert "3 of 40 places" in line.details
