"""Signing in the real window: checks, a case that stands still, an amendment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from marrowscope.domain.criteria import Denominator
from marrowscope.gui.definitions_desk import DefinitionsDesk
from marrowscope.gui.dialogs.sign import AmendDialog, SignDialog, VersionsDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.sign_desk import SignDesk
from marrowscope.workflow.definitions import definitions_in_force, restore_definitions
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader


def dialog_of(qtbot: QtBot, window: MainWindow, action: str, kind: type) -> object:
    window.actions_[action].trigger()
    deeds = window.deeds.report
    qtbot.waitUntil(lambda: isinstance(deeds.dialog, kind))
    return deeds.dialog


def said(session: CaseSession) -> str:
    return session.message.what if session.message else ""


def words_of(dialog: object) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_a_signed_case_says_when_the_laboratory_counts_otherwise_since(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    blob_reader: BlobReader,
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    session.confirm(session.table.id[:5].tolist())
    qtbot.waitUntil(lambda: session.saved)
    desk, counting = SignDesk(session), DefinitionsDesk(session)
    words = window.notice.words
    desk.sign("A", "I read this marrow and report it")
    qtbot.waitUntil(lambda: session.signing.signed is not None)
    assert "counts otherwise" not in words.text()
    other = replace(definitions_in_force(), blast_denominator=Denominator.NON_ERYTHROID)
    try:
        counting.change(other)
        qtbot.waitUntil(lambda: "not those of the signed report" in words.text())
        desk.amend("counted otherwise")
        qtbot.waitUntil(lambda: session.signing.signed is None)
        assert "counts otherwise" not in words.text()
        case = session.opened_case
        assert case is not None
        assert "erythroblasts left out" in case.file.definitions()
    finally:
        restore_definitions()


def test_nothing_is_signed_before_a_cell_is_confirmed(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    dialog = dialog_of(qtbot, window, "sign", SignDialog)
    dialog.name.setText("Dr. Ørsted")
    assert not dialog.sign.isEnabled()
    assert "No cell has been confirmed" in words_of(dialog)
    dialog.close()


def test_a_report_is_signed_the_case_stands_still_and_is_amended(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    blob_reader: BlobReader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    session.confirm(session.table.id[:5].tolist())
    qtbot.waitUntil(lambda: session.saved)
    dialog = dialog_of(qtbot, window, "sign", SignDialog)
    assert "too few to assess" in words_of(dialog)
    assert not dialog.sign.isEnabled()
    dialog.name.setText("Dr. Ørsted")
    dialog.sign.click()
    assert session.message is not None
    assert "being written and signed" in session.message.what
    qtbot.waitUntil(lambda: session.signing.signed is not None)
    assert window.notice.words.text().startswith("Version 1 is signed by Dr. Ørsted")
    still = ("confirm", "undo", "read_again", "specimen", "sign", "draw_polygon")
    assert not any(window.actions_[name].isEnabled() for name in still)
    reader = window.panels.inspector.view.reader
    session.select_cell(int(session.table.id[-1]))
    look = reader.confirm.grab().toImage().pixelColor(8, 8)
    assert look != window.appearance.theme.accent, "bright, though nobody can press it"
    session.select_cell(int(session.table.id[0]))
    assert not reader.confirm.isEnabled()
    assert not reader.back.isEnabled()
    before = dict(session.verdicts)
    session.call(("blast",), cells=[int(session.table.id[0])])
    qtbot.waitUntil(lambda: "nothing in it" in said(session))
    assert dict(session.verdicts) == before
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    versions = dialog_of(qtbot, window, "versions", VersionsDialog)
    versions.buttons[1].click()
    qtbot.waitUntil(lambda: bool(shown))
    assert Path(shown[0].toLocalFile()).read_bytes().startswith(b"%PDF")
    versions.close()
    window.notice.button.click()
    amend = window.deeds.report.dialog
    assert isinstance(amend, AmendDialog)
    assert not amend.amend.isEnabled()
    amend.reason.setPlainText("one cell called anew")
    amend.amend.click()
    qtbot.waitUntil(lambda: session.signing.signed is None)
    assert reader.back.isEnabled()
    assert "is being amended" in window.notice.words.text()
    session.call(("blast",), cells=[int(session.table.id[0])])
    qtbot.waitUntil(lambda: session.saved)
    assert dict(session.verdicts) != before
