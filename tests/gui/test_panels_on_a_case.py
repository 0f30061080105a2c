"""The panels on a real case: a photo, its stored cells, calls that reach the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.cell_inspector.panel import CellInspector
from marrowscope.gui.differential_panel.panel import DifferentialPanel
from marrowscope.gui.legend.panel import Legend
from marrowscope.gui.run_bar.panel import RunBar
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.panel import SlidesPanel
from marrowscope.gui.theme import Appearance, ThemeChoice
from marrowscope.store.case_file import CaseFile
from tests.gui.panel_cases import written_case

CLASSES = ["GN", "GN", "GD", "EN", "blast", "MN", "other"]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def case_path(tmp_path: Path, lee_vocabulary: ModelVocabulary) -> Path:
    return written_case(tmp_path, lee_vocabulary, CLASSES)


@pytest.fixture
def session(qtbot: QtBot, case_path: Path) -> Iterator[CaseSession]:
    opened = CaseSession()
    opened.open_paths([case_path])
    qtbot.waitUntil(lambda: opened.table is not None, timeout=10_000)
    yield opened
    assert opened.close()


@pytest.fixture
def appearance(qtbot: QtBot) -> Appearance:
    return Appearance(ThemeChoice.DARK)


@pytest.fixture
def inspector(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> CellInspector:
    panel = CellInspector(session, appearance)
    qtbot.addWidget(panel)
    panel.resize(320, 860)
    panel.show()
    return panel


def test_without_a_selection_the_inspector_says_how_to_choose(
    inspector: CellInspector,
) -> None:
    assert inspector.view.empty.isVisible()
    assert not inspector.view.reader.isVisible()


def test_selecting_a_cell_shows_its_picture_read_by_a_job(
    qtbot: QtBot, session: CaseSession, inspector: CellInspector
) -> None:
    session.select_cell(1)
    assert inspector.view.title.text() == "Cell 1"
    assert not inspector.view.head.crop.has_picture  # nothing is read on this thread
    qtbot.waitUntil(lambda: inspector.view.head.crop.has_picture, timeout=10_000)


def test_confirming_stores_the_call_and_keeps_the_models_answer(
    qtbot: QtBot, session: CaseSession, inspector: CellInspector, case_path: Path
) -> None:
    session.select_cell(1)
    assert inspector.view.reader.confirm.text() == "Confirm: Neutrophil series"
    qtbot.mouseClick(inspector.view.reader.confirm, LEFT)
    assert inspector.view.call.answer == "Neutrophil series, not dysplastic"
    assert inspector.view.head.suggestion.answer == "GN"
    qtbot.waitUntil(lambda: session.saved, timeout=10_000)
    with CaseFile.open(case_path, read_only=True) as file:
        assert file.verdicts()[1].dysplastic is False


def test_judging_withdrawing_and_not_a_cell(
    qtbot: QtBot, session: CaseSession, inspector: CellInspector
) -> None:
    reader = inspector.view.reader
    session.select_cell(2)
    qtbot.mouseClick(reader.dysplastic, LEFT)
    assert session.verdicts[2].dysplastic is True
    assert reader.dysplastic.isChecked()
    assert not reader.normal.isChecked()
    qtbot.mouseClick(reader.back, LEFT)
    assert 2 not in session.verdicts
    assert not reader.dysplastic.isChecked()
    qtbot.mouseClick(reader.nothing, LEFT)
    assert session.verdicts[2].lines == ("not_a_cell",)
    assert not reader.dysplastic.isEnabled()


def test_a_finer_name_from_the_menu_keeps_the_judgement(
    qtbot: QtBot, session: CaseSession, inspector: CellInspector
) -> None:
    session.select_cell(3)
    qtbot.mouseClick(inspector.view.reader.confirm, LEFT)
    bands = [
        a
        for a in inspector.view.reader.other_menu.actions()
        if a.text() == "Band forms"
    ]
    bands[0].trigger()
    assert session.verdicts[3].lines == ("band",)
    assert session.verdicts[3].dysplastic is True


def test_a_series_is_called_from_the_menu_in_the_menu(
    session: CaseSession, inspector: CellInspector
) -> None:
    session.select_cell(4)
    menu = inspector.view.reader.other_menu
    series = next(a for a in menu.actions() if a.text().startswith("Series"))
    inner = series.menu()
    assert isinstance(inner, QMenu)
    next(a for a in inner.actions() if a.text() == "Erythroblasts").trigger()
    assert len(session.verdicts[4].lines) == 4


def test_the_overlay_can_be_switched_and_made_denser(
    session: CaseSession, inspector: CellInspector
) -> None:
    session.select_cell(1)
    inspector.toggle_saliency()
    assert not inspector.view.head.crop.layer_shown
    inspector.view.head.saliency.slider.setValue(80)
    assert inspector.view.head.crop.opacity == 0.8


def test_the_picture_shrinks_where_the_panel_is_short_and_buttons_stay(
    qtbot: QtBot, session: CaseSession, inspector: CellInspector
) -> None:
    session.select_cell(1)
    for height, large in ((980, True), (420, False)):
        inspector.resize(320, height)
        qtbot.wait(1)
        reader = inspector.view.reader
        assert (inspector.view.head.crop.height() > 200) is large
        bottom = reader.mapTo(inspector, reader.rect().bottomLeft()).y()
        assert bottom <= height


def test_a_call_reaches_the_differential_at_once(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    panel = DifferentialPanel(session, appearance)
    qtbot.addWidget(panel)
    panel.resize(320, 860)
    panel.show()
    title = panel.view.title.text()
    assert title == "Partial differential by lineage"
    session.confirm([1, 2, 3])
    granulocytic = panel.view.dysplasia.bars[1]
    assert granulocytic.confirmed is not None
    assert granulocytic.confirmed.word == "too few cells, 3 of 200"
    assert granulocytic.nothing.startswith("suggested 1 of 3 of GN + GD")


def test_a_click_on_an_inseparable_row_prints_its_lines(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    panel = DifferentialPanel(session, appearance)
    qtbot.addWidget(panel)
    panel.resize(320, 1200)
    panel.show()
    table = panel.view.suggested
    line = next(x for x in table.lines if x.text == "Granulocytes and precursors")
    before = len(table.lines)
    qtbot.mouseClick(table, LEFT, pos=QPoint(40, line.top + 8))
    assert len(table.lines) == before + 6
    assert "Myelocytes" in [x.text for x in table.lines]


def test_a_click_in_the_legend_hides_a_class(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    legend = Legend(session, appearance)
    qtbot.addWidget(legend)
    legend.show()
    place = legend.row_rect(1).center().toPoint()
    qtbot.mouseClick(legend, LEFT, pos=place)
    assert session.hidden_classes == {"GN"}
    assert not legend.entries[1].shown
    qtbot.mouseClick(legend, LEFT, pos=place)
    assert session.hidden_classes == frozenset()


def test_a_double_click_in_the_legend_shows_a_class_alone(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    legend = Legend(session, appearance)
    qtbot.addWidget(legend)
    legend.show()
    place = legend.row_rect(0).center().toPoint()
    qtbot.mouseClick(legend, LEFT, pos=place)
    qtbot.mouseDClick(legend, LEFT, pos=place)
    assert [e.class_id for e in legend.entries if e.shown] == ["blast"]


def test_the_slides_panel_tells_each_slides_state(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    panel = SlidesPanel(session, appearance)
    qtbot.addWidget(panel)
    panel.show()
    (card,) = panel.list.cards
    assert (card.current, card.state, card.trust) == (True, "7 cells", "")
    qtbot.waitUntil(
        lambda: panel.list.cards[0].entry.thumbnail is not None, timeout=10_000
    )


def test_the_run_bar_shows_a_finished_run_without_buttons(
    qtbot: QtBot, session: CaseSession, appearance: Appearance
) -> None:
    bar = RunBar(session, appearance)
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.pause_button.isVisible()
    assert not bar.stop_button.isVisible()


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT])
def test_every_panel_paints_in_both_themes(
    qtbot: QtBot, session: CaseSession, choice: ThemeChoice
) -> None:
    appearance = Appearance(choice)
    session.select_cell(3)
    session.confirm()
    for kind in (DifferentialPanel, CellInspector, Legend, SlidesPanel, RunBar):
        panel = kind(session, appearance)
        qtbot.addWidget(panel)
        panel.resize(320, 400)
        panel.show()
        assert not panel.grab().isNull()
