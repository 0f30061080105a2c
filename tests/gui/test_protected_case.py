"""A case that may not be written to: looked at in the real window, and copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import rectangle
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.store import faults, open_file
from marrowscope.store.case_file import CaseFile
from marrowscope.store.one_window import OneWindow
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader

LOOKING = "This case can only be looked at"


@pytest.fixture
def share(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    blob_reader: BlobReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A case of twelve cells, three called, where the system refuses every writer.

    What the system really does then is tried in `tests/store/test_opening.py`.
    """
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    session.confirm(session.table.id[:3].tolist())
    qtbot.waitUntil(lambda: session.saved)
    case = session.opened_case
    assert case is not None
    path = tmp_path / "share" / "anna.marrow"
    path.parent.mkdir()
    case.file.copy_to(path, who="Anna")

    def refuse(wanted: Path) -> OneWindow:
        if wanted.parent == path.parent:
            raise faults.not_writable(wanted.name)
        return OneWindow(wanted)

    monkeypatch.setattr(open_file, "OneWindow", refuse)
    return path


def looked_at(qtbot: QtBot, window: MainWindow, path: Path) -> CaseSession:
    window.session.open_paths([path])
    qtbot.waitUntil(lambda: window.session.case_path == path)
    qtbot.waitUntil(lambda: not window.session.opening)
    return window.session


def test_everything_is_seen_and_nothing_that_writes_is_offered(
    qtbot: QtBot, window: MainWindow, share: Path
) -> None:
    whole = share.read_bytes()
    session = looked_at(qtbot, window, share)
    assert session.message is None
    assert session.table is not None
    assert (len(session.table), len(session.verdicts)) == (12, 3)
    assert session.slide is not None
    assert session.counts is not None
    assert window.windowTitle() == "smear (only to be looked at) – MarrowScope"
    assert window.notice.isVisible()
    assert window.notice.words.text().startswith(LOOKING)
    assert window.notice.button.text() == "Make a copy to work on…"
    session.select_cell(int(session.table.id[-1]))
    actions = window.actions_
    grey = (
        *("read", "read_again", "confirm", "withdraw", "undo", "specimen", "sign"),
        *("amend", "calibrate", "colours", "count_mode", "unflagged", "formal_count"),
        *("draw_polygon", "take_regions", "add_cell", "remove_cells"),
    )
    assert [name for name in grey if actions[name].isEnabled()] == []
    live = ("preview", "export", "versions", "work_on_copy", "boxes", "review_queue")
    assert [name for name in live if not actions[name].isEnabled()] == []
    assert not window.panels.inspector.view.reader.confirm.isEnabled()
    assert share.read_bytes() == whole
    assert list(share.parent.iterdir()) == [share]


@pytest.mark.parametrize("deed", ["call", "take back", "region"])
def test_what_is_tried_all_the_same_is_refused_in_a_sentence_and_not_shown(
    qtbot: QtBot, window: MainWindow, share: Path, deed: str
) -> None:
    session = looked_at(qtbot, window, share)
    before = dict(session.verdicts)
    assert session.table is not None
    cells = session.table.id.tolist()
    if deed == "call":
        session.call(("blast",), cells=cells[-1:])
    elif deed == "take back":
        session.withdraw(cells[:1])
    else:
        session.add_region(rectangle(Box(0, 0, 300, 300)), slide=1)
    qtbot.waitUntil(lambda: session.message is not None)
    assert session.message is not None
    assert session.message.what == (
        "The case of smear can only be looked at, so nothing is stored in it."
    )
    assert "Make a copy to work on" in session.message.advice
    assert session.saved
    assert dict(session.verdicts) == before
    assert session.regions == ()


def test_a_copy_to_work_on_opens_and_takes_calls(
    qtbot: QtBot,
    window: MainWindow,
    share: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = looked_at(qtbot, window, share)
    answer = str(tmp_path / "mine"), ""  # typed without its ending
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: answer)
    window.notice.button.click()
    qtbot.waitUntil(lambda: session.case_path == tmp_path / "mine.marrow")
    qtbot.waitUntil(lambda: not session.opening)
    assert not session.protected
    assert not window.notice.isVisible() or LOOKING not in window.notice.words.text()
    assert "only to be looked at" not in window.windowTitle()
    assert not window.actions_["work_on_copy"].isEnabled()
    assert session.table is not None
    session.call(("blast",), cells=[int(session.table.id[-1])])
    qtbot.waitUntil(lambda: session.saved and len(session.verdicts) == 4)
    with CaseFile.open(share, read_only=True) as case:
        assert len(case.verdicts()) == 3


def test_a_case_that_does_not_open_leaves_the_one_that_is_looked_at(
    qtbot: QtBot, window: MainWindow, share: Path, tmp_path: Path
) -> None:
    session = looked_at(qtbot, window, share)
    broken = tmp_path / "broken.marrow"
    broken.write_text("no case")
    session.open_paths([broken])
    qtbot.waitUntil(lambda: session.message is not None and not session.opening)
    assert session.protected
    assert session.case_path == share
    assert session.table is not None
    assert len(session.table) == 12
