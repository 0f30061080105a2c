"""Definitions and criteria in their windows: changed, recorded, counted by at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.rules.criteria_dialog import CriteriaDialog
from marrowscope.gui.rules.definitions_dialog import DefinitionsDialog
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from tests.gui.conftest import opened
from tests.gui.panel_cases import written_case


@pytest.fixture
def case(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, lee_vocabulary: ModelVocabulary
) -> Iterator[MainWindow]:
    """Twenty granulocytes, of which a reader called one a blast, nine mast cells."""
    path = written_case(tmp_path, lee_vocabulary, ["GN"] * 20)
    session = opened(qtbot, window.session, path)
    places.read_definitions_again()
    session.call(["blast"], cells=[1])
    session.call(["mast_cell"], cells=range(2, 11))
    session.call(["band"], dysplastic=False, cells=range(11, 21))
    qtbot.waitUntil(lambda: session.saved)
    yield window
    assert session.close()
    places.read_definitions_again()


def definitions(window: MainWindow) -> DefinitionsDialog:
    window.actions_["definitions"].trigger()
    return next(iter(window.findChildren(DefinitionsDialog)))


def total(window: MainWindow) -> int:
    counts = window.session.counts
    return 0 if counts is None else counts.confirmed.total


def test_a_line_left_out_is_counted_no_more_and_the_journal_says_so(
    qtbot: QtBot, case: MainWindow
) -> None:
    assert total(case) == 20
    dialog = definitions(case)
    assert not dialog.save.isEnabled()
    dialog.ticks["counted", "mast_cell"].setChecked(False)
    assert "beside it: mast cells" in dialog.formulas["Differential"].text()
    dialog.save.click()
    qtbot.waitUntil(lambda: total(case) == 11)
    path = case.session.case_path
    assert case.session.close()
    assert path is not None
    with CaseFile.open(path) as file:
        last = [e for e in file.journal() if "definitions" in e.what][-1]
    assert "beside it: mast cells" in last.became
    assert last.who == case.session.reader


def test_the_programs_own_definitions_come_back(qtbot: QtBot, case: MainWindow) -> None:
    dialog = definitions(case)
    dialog.of.setCurrentIndex(1)
    assert "erythroblasts left out" in dialog.formulas["Blasts"].text()
    dialog.ticks["counted", "mast_cell"].setChecked(False)
    dialog.save.click()
    qtbot.waitUntil(lambda: total(case) == 11)
    qtbot.waitUntil(lambda: not case.findChildren(DefinitionsDialog))
    definitions(case).own.click()
    qtbot.waitUntil(lambda: total(case) == 20)


def test_a_cell_on_both_sides_of_the_ratio_is_refused(case: MainWindow) -> None:
    dialog = definitions(case)
    dialog.ticks["erythroid", "band"].setChecked(True)
    assert dialog.problem.text().startswith("On both sides of M : E: band forms.")
    assert not dialog.save.isEnabled()


@pytest.fixture
def criteria(qtbot: QtBot, case: MainWindow) -> CriteriaDialog:
    case.actions_["criteria"].trigger()
    dialog = next(iter(case.findChildren(CriteriaDialog)))
    qtbot.waitUntil(lambda: bool(dialog.systems))
    return dialog


def answers(dialog: CriteriaDialog, system: int, words: str) -> list[str]:
    rows = dialog.systems[system].rows
    return [answer.text() for text, _, answer in rows if words in text.text()]


def test_facts_typed_in_are_judged_at_once_and_kept(
    qtbot: QtBot, case: MainWindow, criteria: CriteriaDialog
) -> None:
    assert answers(criteria, 0, "Auer rods seen") == ["cannot tell"]
    auer = criteria.form.fields["auer_rods"]
    assert isinstance(auer, QComboBox)
    assert auer.currentText() == "not looked for"
    auer.setCurrentIndex(auer.findData("seen"))
    auer.activated.emit(auer.currentIndex())
    qtbot.waitUntil(lambda: answers(criteria, 0, "Auer rods seen") == ["met"])
    blood = criteria.form.fields["blood_blasts"]
    assert isinstance(blood, QLineEdit)
    blood.setFocus()
    QTest.keyClicks(blood, "4,9 %")
    blood.editingFinished.emit()
    qtbot.waitUntil(lambda: answers(criteria, 0, "Blood blasts 2 to < 5 %") == ["met"])
    qtbot.waitUntil(lambda: case.session.specimen.words["blood_blasts"] == "4,9 %")


def test_words_that_cannot_be_read_say_how_to_write_them(
    qtbot: QtBot, criteria: CriteriaDialog
) -> None:
    rings = criteria.form.fields["ring_sideroblasts"]
    assert isinstance(rings, QLineEdit)
    assert rings.placeholderText() == "not assessed"
    rings.setText("many")
    rings.editingFinished.emit()
    problem = criteria.form.problems["ring_sideroblasts"]
    qtbot.waitUntil(lambda: "such as 18 of 100" in problem.text())
    assert set(answers(criteria, 0, "Ring sideroblasts ≥ 15 %")) == {"cannot tell"}


def test_a_call_is_judged_at_once(
    qtbot: QtBot, case: MainWindow, criteria: CriteriaDialog
) -> None:
    assert "20 of 300" in criteria.used.text()
    case.session.withdraw([2])
    qtbot.waitUntil(lambda: "19 of 300" in criteria.used.text())
