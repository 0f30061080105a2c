"""What must be said of a case stands above the smear for as long as it is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from tests.gui.conftest import opened, read_through
from tests.gui.smears import drawn_smear


@pytest.mark.usefixtures("blob_reader")
def test_few_cells_and_an_unknown_scale_are_said_above_the_smear(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    line = window.notice
    assert not line.isVisible()
    read_through(qtbot, session)
    qtbot.waitUntil(line.isVisible, timeout=20_000)
    assert line.words.text().startswith("Only 12 nucleated cells were found")
    assert "uncalibrated" in line.toolTip()


def chosen_files(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """What the reader picks in the file dialogs to come, one after the other."""
    left = [(str(path), "") for path in paths]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: left.pop(0))


def case_of_moved_slide(
    qtbot: QtBot, session: CaseSession, smear: Path, elsewhere: Path
) -> Path:
    """A case read and judged, whose slide then went elsewhere; opened anew."""
    read_through(qtbot, opened(qtbot, session, smear))
    session.select_next()
    session.confirm()
    qtbot.waitUntil(lambda: session.saved)
    case = session.case_path
    assert case is not None
    smear.rename(elsewhere)
    session.open_paths([case])
    qtbot.waitUntil(lambda: bool(session.missing))
    return case


@pytest.mark.usefixtures("blob_reader")
def test_a_moved_slide_is_found_again_inside_the_window(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, moved = window.session, tmp_path / "archive of June.png"
    case_of_moved_slide(qtbot, session, smear, moved)
    assert window.pages.currentWidget() is window.empty
    assert window.empty.words.text() == "The slide of this case is not where it was"
    assert session.message is None
    assert window.notice.isVisible()
    assert "smear.png" in window.notice.words.text()
    assert window.notice.button.text() == "Find the slide…"
    calls = dict(session.verdicts)
    chosen_files(monkeypatch, drawn_smear(tmp_path / "other.png", shift=7), moved)

    window.notice.button.click()
    qtbot.waitUntil(lambda: session.message is not None)
    assert session.message is not None
    assert session.message.what == (
        "other.png is not the slide this case was read from."
    )
    assert session.missing

    window.notice.button.click()
    qtbot.waitUntil(lambda: session.slide is not None)
    assert session.message is None
    assert not session.missing
    assert window.pages.currentWidget() is window.pair
    assert session.table is not None
    assert len(session.table) == 12
    assert len(calls) == 1
    assert session.verdicts == calls
    case = session.case_path
    assert case is not None
    session.open_paths([case])  # and from now on it is known where it lies
    qtbot.waitUntil(lambda: session.inputs == (case,) and bool(session.slides))
    assert not session.missing


@pytest.mark.usefixtures("blob_reader")
def test_slides_that_moved_together_are_found_together(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, second = window.session, drawn_smear(tmp_path / "second.png", shift=9)
    opened(qtbot, session, smear, second)
    case = session.case_path
    assert case is not None
    archive = tmp_path / "archive"
    archive.mkdir()
    for path in (smear, second):
        path.rename(archive / path.name)
    session.open_paths([case])
    qtbot.waitUntil(lambda: len(session.missing) == 2)
    chosen_files(monkeypatch, archive / second.name)
    window.notice.button.click()
    qtbot.waitUntil(lambda: len(session.slides) == 2)
    assert [entry.name for entry in session.slides] == ["smear.png", "second.png"]


@pytest.mark.usefixtures("blob_reader")
def test_a_new_scale_is_read_at_from_the_line_itself_and_calls_stay(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    session.calibrate(0.25, source="typed")
    qtbot.waitUntil(lambda: session.slide is not None and session.slide.mpp == 0.25)
    read_through(qtbot, session)
    session.select_next()
    session.confirm()
    assert len(session.verdicts) == 1
    assert not session.read_at_other_scale
    session.calibrate(0.26, source="typed")
    qtbot.waitUntil(lambda: session.read_at_other_scale)
    assert window.notice.isVisible()
    assert window.notice.button.text() == "Read again"
    window.notice.button.click()
    qtbot.waitUntil(lambda: session.run.active)
    qtbot.waitUntil(lambda: not session.run.active)
    qtbot.waitUntil(lambda: not session.read_at_other_scale)
    assert [v.lines for v in session.verdicts.values()] != []
    assert session.table is not None
    assert {*session.verdicts} <= {*session.table.id.tolist()}


@pytest.mark.usefixtures("blob_reader")
@pytest.mark.parametrize("in_hand", ["the same case", "another"])
def test_an_entry_of_open_recent_whose_slide_is_gone_opens_its_case(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_hand: str,
) -> None:
    session, moved = window.session, tmp_path / "archive" / "a.png"
    read_through(qtbot, opened(qtbot, session, smear))
    if in_hand == "another":
        session.open_paths([drawn_smear(tmp_path / "other.png", shift=7)])
        qtbot.waitUntil(lambda: session.inputs[0].name == "other.png")
    moved.parent.mkdir()
    smear.rename(moved)
    entry = next(a for a in window.recent.actions() if "smear" in a.text())
    entry.trigger()
    qtbot.waitUntil(lambda: bool(session.missing))
    assert window.notice.button.text() == "Find the slide…"
    assert session.message is None
    assert session.table is not None
    assert len(session.table) == 12
    chosen_files(monkeypatch, moved)
    window.notice.button.click()
    qtbot.waitUntil(lambda: session.slide is not None)
    assert session.inputs == (moved,)
    assert window.memory.recent[0].path == moved
