"""A second reader in the real window: blind, apart, then adjudicated cell by cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from marrowscope.gui.differential_panel.view import DifferentialView
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.second_reader.dialogs import AdjudicateDialog, BeginDialog
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader


def test_a_second_reader_sees_nobody_s_calls_and_changes_none(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    cells = session.table.id[:6].tolist()
    session.call(("band",), cells=cells)
    qtbot.waitUntil(lambda: session.saved)
    before, account = dict(session.verdicts), session.reader
    second = window.second
    window.actions_["second_reader"].trigger()
    qtbot.waitUntil(lambda: isinstance(second.dialog, BeginDialog))
    second.dialog.name.setText("Dr. B")
    second.dialog.begin.click()
    qtbot.waitUntil(lambda: session.aside and session.reading.active)
    assert dict(session.verdicts) == {}
    assert set(cells) <= set(session.called_last.tolist())  # painted anew, all of them
    assert session.reader == "Dr. B"
    assert sorted(session.reading.cells.tolist()) == sorted(cells)
    assert session.selected is not None
    assert session.selected.id == session.reading.cells[0]
    assert all(session.hides_answer(cell) for cell in cells)
    layer = window.smear.cells
    qtbot.waitUntil(lambda: layer.settled and not layer.shown.confirmed.any())
    assert layer.veiled(np.arange(len(layer.shown.id))).all()
    assert not window.actions_["sign"].isEnabled()
    for _ in range(6):
        cell = session.reading.current
        line = "myelocyte" if cell in cells[:2] else "band"
        session.call((line,), cells=[cell])
        qtbot.waitUntil(lambda: session.saved)
    assert session.hides_answer(cells[0])  # called, and still sealed
    session.undo()
    qtbot.waitUntil(lambda: session.saved and len(session.verdicts) == 5)
    session.redo()
    qtbot.waitUntil(lambda: session.saved and len(session.verdicts) == 6)
    second.desk.end()
    qtbot.waitUntil(lambda: not session.aside)
    assert dict(session.verdicts) == before
    assert session.reader == account
    assert not session.reading.active
    window.actions_["adjudicate"].trigger()
    qtbot.waitUntil(lambda: isinstance(second.dialog, AdjudicateDialog))
    dialog = second.dialog
    assert "2 to settle" in dialog.progress.text()
    assert "2 cells differed then, 2 are not settled" in dialog.told.text()
    settled = dialog.current.cell
    assert settled in cells[:2]
    dialog.second.click()
    qtbot.waitUntil(lambda: session.saved)
    assert session.verdicts[settled].lines == ("myelocyte",)
    dialog.first.click()
    assert "Nothing is left" in dialog.progress.text()
    assert "2 cells differed then, 0 are not settled" in dialog.told.text()
    qtbot.waitUntil(lambda: session.saved)
    case = session.opened_case
    assert case is not None
    assert len(case.file.settled(1)) == 2
    dialog.close()
    window.actions_["second_reader"].trigger()
    qtbot.waitUntil(lambda: isinstance(second.dialog, BeginDialog))
    needed = second.dialog.layout().totalHeightForWidth(second.dialog.width())
    assert second.dialog.height() >= needed, "no word is cut"
    second.dialog.close()


def test_a_second_reader_stays_blind_whatever_is_read_and_learns_nothing_midway(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    cells = session.table.id[:6].tolist()
    session.call(("band",), cells=cells)
    second = window.second
    second.desk.begin("Dr. B", None)
    qtbot.waitUntil(lambda: session.aside and session.reading.active)
    session.call(("myelocyte",), cells=[cells[0]])
    session.reading.begin("Cells selected", cells[:2])
    assert session.hides_answer(cells[0])
    window.panels.formal_count.desk.see(blind=False)
    session.reading.see(blind=False)
    session.reading.end()
    assert session.reading.blind
    assert session.hides_answer(cells[0])
    telling = ("lost_calls", "versions", "adjudicate", "microscope", "self_check")
    assert not any(window.actions_[name].isEnabled() for name in telling)
    numbers = window.findChildren(DifferentialView)
    assert all(view.isHidden() for view in numbers)
    assert not window.panels.formal_count.beginning.isVisible()
    second.desk.end()
    qtbot.waitUntil(lambda: not session.aside)
    assert not any(view.isHidden() for view in numbers)
    assert not session.reading.blind
    window.actions_["second_reader"].trigger()
    qtbot.waitUntil(lambda: isinstance(second.dialog, BeginDialog))
    said = " ".join(label.text() for label in second.dialog.findChildren(QLabel))
    assert "Dr. B has called 1 of 6 cells" in said
    assert not any(word in said for word in ("kappa", "both say so", "differ"))
    second.dialog.close()


def test_cells_are_called_before_the_model_s_answer_and_both_are_compared(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    window.actions_["self_check"].trigger()
    cells = session.reading.cells.tolist()
    assert session.table is not None
    assert set(cells) == set(session.table.id[~session.table.sought].tolist())
    assert all(session.hides_answer(cell) for cell in cells)
    answers = {c: session.vocabulary.of(session.cell(c).class_id).lines for c in cells}
    for place in range(len(cells)):
        cell = session.reading.current
        session.call(answers[cell] if place else ("not_a_cell",), cells=[cell])
    assert not session.reading.active
    assert f"{len(cells) - 1} of {len(cells)} cells" in session.message.what
    assert len(session.selection) == 1
    qtbot.waitUntil(lambda: session.saved)
