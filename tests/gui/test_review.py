"""The review in the real window: the queue, its calls, and unflagged cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.review.strip import ReviewStrip
from marrowscope.gui.review.words import AGAIN, CHECK, QUEUE
from marrowscope.gui.session import CaseSession
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.models import find_model
from tests.gui.panel_cases import written_case

CLASSES = [*["EN"] * 9, "ED", *["GN"] * 6, "blast", "other"]
STAGE = ("polychromatic_erythroblast",)


@pytest.fixture
def case_path(tmp_path: Path, lee_vocabulary: ModelVocabulary) -> Path:
    return written_case(tmp_path, lee_vocabulary, CLASSES)


@pytest.fixture
def read(
    qtbot: QtBot, window: MainWindow, session: CaseSession, case_path: Path
) -> MainWindow:
    session.open_paths([case_path])
    qtbot.waitUntil(lambda: session.table is not None)
    qtbot.waitUntil(lambda: window.actions_["review_queue"].isEnabled())
    return window


def begin(qtbot: QtBot, window: MainWindow, name: str, title: str) -> None:
    window.actions_[name].trigger()
    reading = window.session.reading
    qtbot.waitUntil(lambda: reading.title == title and len(reading.cells) > 0)


def test_the_queue_is_read_from_its_first_cell_and_goes_on_after_a_call(
    qtbot: QtBot, read: MainWindow, session: CaseSession
) -> None:
    begin(qtbot, read, "review_queue", QUEUE)
    first = session.reading.current
    assert session.selected is not None
    assert session.selected.id == first
    strip = read.review
    assert strip.order is not None
    assert len(strip.order.cells) == len(CLASSES)
    session.call(STAGE, dysplastic=False)
    qtbot.waitUntil(lambda: session.reading.current != first)
    qtbot.waitUntil(lambda: strip.order and len(strip.order.cells) == len(CLASSES) - 1)
    assert first in session.reading.cells
    assert read.review.read == 1


def test_calls_of_the_queue_are_in_no_percentage_and_say_so_for_ever(
    qtbot: QtBot, read: MainWindow, session: CaseSession, case_path: Path
) -> None:
    begin(qtbot, read, "review_queue", QUEUE)
    cell = session.reading.current
    session.call(STAGE, dysplastic=True)
    assert session.counts is not None
    assert session.counts.confirmed.total == 0
    assert sum(row.share.count for row in session.counts.apart) == 1
    qtbot.waitUntil(lambda: session.saved)
    read.review.end()
    other = next(int(c) for c in session.reading.cells) if session.reading.active else 0
    session.call(STAGE, dysplastic=True, cells=[1 if cell != 1 else 2])
    assert (other, session.counts.confirmed.total) == (0, 1)
    assert session.close()
    with CaseFile.open(case_path) as file:
        assert cell is not None
        assert file.verdicts()[cell].origin is Origin.QUEUE


def test_a_cell_of_the_queue_stays_in_no_percentage_when_it_is_called_once_more(
    qtbot: QtBot, read: MainWindow, session: CaseSession
) -> None:
    begin(qtbot, read, "review_queue", QUEUE)
    session.call(STAGE, dysplastic=True, cells=[1, 2])
    read.review.end()
    session.call(STAGE, dysplastic=True, grades={"whole_cell": 2}, cells=[1])
    session.reading.begin("Cells selected", [1])
    session.confirm([1])
    assert session.counts is not None
    assert session.counts.confirmed.total == 0
    session.reading.begin("Megakaryocytes", [2, 1], again=True)
    session.go_on()
    assert session.reading.current == 1
    session.confirm([1])
    assert session.counts.confirmed.total == 1


def test_calls_from_the_wall_of_cells_carry_the_origin_too(
    qtbot: QtBot, read: MainWindow, session: CaseSession
) -> None:
    begin(qtbot, read, "review_queue", QUEUE)
    first = session.reading.cells.tolist()[0]
    session.put([Verdict(first, STAGE, False, session.reader, "now")])
    assert session.verdicts[first].origin is Origin.QUEUE


def test_a_cell_met_before_stays_in_the_count_when_the_queue_corrects_it(
    qtbot: QtBot, read: MainWindow, session: CaseSession
) -> None:
    session.call(STAGE, dysplastic=False, cells=[1])
    begin(qtbot, read, "review_queue", QUEUE)
    session.call(STAGE, dysplastic=True, cells=[1])
    assert session.verdicts[1].origin is Origin.MET
    assert session.counts is not None
    assert session.counts.confirmed.total == 1


def test_unflagged_cells_are_read_blind_and_yield_a_sentence(
    qtbot: QtBot, read: MainWindow, session: CaseSession
) -> None:
    begin(qtbot, read, "unflagged", CHECK)
    table = session.table
    assert table is not None
    assert session.reading.blind
    named = {table.classes[i] for i in table.class_index}
    assert len(session.reading.cells) == CLASSES.count("EN") + CLASSES.count("GN")
    assert {"EN", "GN", "ED"} <= named
    for cell in session.reading.cells.tolist():
        session.call(STAGE, dysplastic=cell == 1, cells=[cell])
    qtbot.waitUntil(lambda: session.saved)
    assert session.counts is not None
    ery = next(y for y in session.counts.yields if y.lineage == "erythroid")
    assert (ery.complete, ery.found.count, ery.found.total) == (True, 1, 9)
    assert session.counts.confirmed.total == 0
    drawn = session.reading.cells.tolist()
    read.review.end()
    begin(qtbot, read, "unflagged", CHECK)
    assert session.reading.cells.tolist() == drawn


def test_a_call_against_a_very_sure_model_is_shown_once_more_without_its_answer(
    qtbot: QtBot,
    window: MainWindow,
    session: CaseSession,
    tmp_path: Path,
    lee_vocabulary: ModelVocabulary,
) -> None:
    lee = find_model("lee").identity
    session.look_for_model()
    session.open_paths([written_case(tmp_path, lee_vocabulary, CLASSES, model=lee)])
    qtbot.waitUntil(lambda: session.table is not None and session.bundle is not None)
    begin(qtbot, window, "review_queue", QUEUE)
    strip, cell = window.findChild(ReviewStrip), session.reading.current
    assert isinstance(strip, ReviewStrip)
    assert cell is not None
    assert strip.again.isHidden()
    session.call(("megakaryocyte",), dysplastic=True)
    qtbot.waitUntil(lambda: not strip.again.isHidden())
    assert strip.again.text() == "Look at 1 call again"
    strip.again.click()
    assert (session.reading.title, session.reading.current) == (AGAIN, cell)
    assert session.reading.hides(cell, session.verdicts)
    session.call(STAGE, dysplastic=False)
    assert session.verdicts[cell].lines == STAGE
    strip.back.click()
    qtbot.waitUntil(lambda: window.review.reviewing and len(session.reading.cells) > 0)
    assert strip.again.isHidden()
    assert session.verdicts[cell].origin is Origin.QUEUE
