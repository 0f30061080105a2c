"""Count mode: the real window, real key events through the window's own door."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.differential import confirmed_differential
from marrowscope.domain.review import Verdict
from marrowscope.gui.counting import chime
from marrowscope.gui.counting.chime import STAGE, TARGET, Chime
from marrowscope.gui.counting.key_caps import class_caps
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.workflow import places
from marrowscope.workflow.key_maps import key_map
from tests.gui.conftest import opened, read_through

pytestmark = pytest.mark.usefixtures("blob_reader")
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def counting(qtbot: QtBot, window: MainWindow, smear: Path) -> MainWindow:
    """The window in Count mode, on a smear that was read."""
    opened(qtbot, window.session, smear)
    read_through(qtbot, window.session)
    qtbot.waitUntil(lambda: window.isVisible())
    window.smear.setFocus()
    QTest.keyClick(window.smear, Qt.Key.Key_C)
    return window


def press(window: MainWindow, *keys: Qt.Key, shift: bool = False) -> None:
    """Keys as the window system delivers them."""
    for key in keys:
        QTest.keyClick(window.windowHandle(), key, SHIFT if shift else NONE)


def spaced(window: MainWindow, key: Qt.Key) -> None:
    """Space held, and a key."""
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    press(window, key)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)


def said(session: CaseSession) -> list[tuple[str, bool | None]]:
    """Line and judgement of every call, in the order they were made."""
    return [(v.lines[0], v.dysplastic) for v in session.verdicts.values()]


def test_letters_call_cells_one_after_another(counting: MainWindow) -> None:
    press(counting, Qt.Key.Key_Q, Qt.Key.Key_D, Qt.Key.Key_X)
    assert said(counting.session) == [
        ("blast", None),
        ("polychromatic_erythroblast", False),
        ("lymphocyte", None),
    ]
    assert counting.counting.smear.strip.number.text().startswith("3 of 500 cells")


def test_space_and_a_key_marks_the_cell_dysplastic(counting: MainWindow) -> None:
    spaced(counting, Qt.Key.Key_D)
    press(counting, Qt.Key.Key_D)
    assert [judged for _, judged in said(counting.session)] == [True, False]


def test_a_right_click_on_a_drawn_key_marks_the_cell_dysplastic(
    qtbot: QtBot, counting: MainWindow
) -> None:
    keys = counting.counting.smear.strip.keys
    place = keys.places()["d"].center().toPoint()
    qtbot.mouseClick(keys, Qt.MouseButton.RightButton, pos=place)
    assert said(counting.session) == [("polychromatic_erythroblast", True)]


def test_marks_wait_for_the_class_and_are_those_of_its_lineage(
    counting: MainWindow,
) -> None:
    press(counting, Qt.Key.Key_U, Qt.Key.Key_U, Qt.Key.Key_2, Qt.Key.Key_S)
    (verdict,) = counting.session.verdicts.values()
    assert verdict.grades == {"e_budding": 2, "whole_cell": 2}
    assert verdict.dysplastic


def test_a_cell_that_was_called_is_graded_at_once(counting: MainWindow) -> None:
    press(counting, Qt.Key.Key_E)
    press(counting, Qt.Key.Key_Tab, shift=True)
    press(counting, Qt.Key.Key_O, Qt.Key.Key_3)
    (verdict,) = counting.session.verdicts.values()
    assert verdict.grades == {"g_decreased_granules": 1, "whole_cell": 3}
    press(counting, Qt.Key.Key_O, Qt.Key.Key_O, Qt.Key.Key_O, Qt.Key.Key_0)
    (verdict,) = counting.session.verdicts.values()
    assert verdict.dysplastic is False


@pytest.mark.parametrize("judged", [True, False])
def test_a_feature_taken_back_leaves_what_was_said_apart_from_it(
    counting: MainWindow, judged: bool
) -> None:
    (spaced if judged else press)(counting, Qt.Key.Key_E)
    press(counting, Qt.Key.Key_Tab, shift=True)
    press(counting, *[Qt.Key.Key_O] * 3)
    (verdict,) = counting.session.verdicts.values()
    assert verdict.dysplastic is True
    press(counting, Qt.Key.Key_O)
    (verdict,) = counting.session.verdicts.values()
    assert (verdict.grades, verdict.dysplastic) == ({}, judged)


def test_the_blasts_on_their_key_are_printed_as_near_a_threshold_as_in_the_panel() -> (
    None
):
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    told = [Verdict(n, ("blast",), None, "A", "") for n in range(24)]
    told += [Verdict(n, ("lymphocyte",), None, "A", "") for n in range(24, 500)]
    count = confirmed_differential(call_tally(told), taxonomy)
    keys = key_map("MarrowScope")
    caps = class_caps(keys, taxonomy, count, blast_marks=criteria.blast_marks)
    assert (caps["q"].count, caps["q"].percent) == ("24", "4.8 %")
    assert caps["x"].percent == "95 %"


def test_a_feature_without_a_key_stays_when_the_cell_is_graded(
    counting: MainWindow,
) -> None:
    session = counting.session
    assert session.selected is not None
    cell, own = session.selected.id, {"a_feature_of_some_model": 2}
    session.call(("myelocyte",), dysplastic=True, grades=own, cells=[cell])
    session.select_cell(cell)
    press(counting, Qt.Key.Key_3, Qt.Key.Key_O)
    assert session.verdicts[cell].grades == {
        **own,
        "whole_cell": 3,
        "g_decreased_granules": 1,
    }


def test_backspace_undoes_the_last_call_and_takes_its_cell_in_hand(
    qtbot: QtBot, counting: MainWindow
) -> None:
    session = counting.session
    first = session.selected
    press(counting, Qt.Key.Key_Q, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: not session.verdicts)
    assert first is not None
    qtbot.waitUntil(lambda: session.selected is not None)
    assert session.selected is not None
    assert session.selected.id == first.id


def test_keys_of_looking_around_do_nothing_and_esc_brings_them_back(
    counting: MainWindow,
) -> None:
    boxes = counting.session.boxes_shown
    press(counting, Qt.Key.Key_G)  # a segmented form, and no counting grid
    assert not counting.actions_["grid"].isChecked()
    assert said(counting.session)[0][0] == "segmented"
    press(counting, Qt.Key.Key_9)  # says nothing in either
    assert counting.session.boxes_shown == boxes
    assert counting.counting.smear.label.isVisible()
    press(counting, Qt.Key.Key_Escape)
    assert not counting.counting.smear.active
    assert not counting.counting.smear.strip.isVisible()
    QTest.keyClick(counting.smear, Qt.Key.Key_G)
    assert counting.actions_["grid"].isChecked()


def test_arrows_still_move_the_smear(counting: MainWindow) -> None:
    counting.smear.navigator.zoom_to(2.0)
    before = counting.smear.navigator.goal
    press(counting, Qt.Key.Key_Right)
    assert counting.smear.navigator.goal != before


def test_a_word_and_a_sound_at_the_hundredth_cell(counting: MainWindow) -> None:
    milestones = counting.counting.smear.counter.milestones
    told: list[int] = []
    milestones.reached.connect(told.append)
    milestones.begin(98)
    for total in (99, 100, 101, 230):
        milestones.reach(total)
    assert told == [100, 200]
    assert "200 cells counted" in counting.counting.smear.strip.word.text()


def test_a_target_reached_sounds_otherwise_and_silence_is_kept(
    counting: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Chime, "play", lambda _, name: heard.append(name))
    strip = counting.counting.smear.strip
    milestones = counting.counting.smear.counter.milestones
    milestones.begin(99)
    for total in (100, 200, 300, 301):
        milestones.reach(total, 300)
    assert heard == [STAGE, STAGE, TARGET]
    strip.sound.setChecked(False)
    milestones.begin(499)
    milestones.reach(500)
    assert len(heard) == 3


@pytest.mark.parametrize("player", ["true", "false", "no such player"])
def test_where_no_sound_can_be_played_the_bell_rings_and_nothing_waits(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    player: str,
) -> None:
    rung: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(True))
    monkeypatch.setattr(chime, "_PLAYERS", (player,))
    one = Chime()
    one.play(TARGET)
    process = one.findChild(QProcess)
    assert isinstance(process, QProcess)
    still = QProcess.ProcessState.NotRunning
    qtbot.waitUntil(lambda: process.state() is still)
    one.play(STAGE)
    qtbot.waitUntil(lambda: process.state() is still)
    assert len(rung) == (0 if player == "true" else 2)
    assert capfd.readouterr().err == ""


def test_shift_and_a_key_shows_cells_of_that_class(
    qtbot: QtBot, counting: MainWindow
) -> None:
    press(counting, Qt.Key.Key_Q)
    card = counting.counting.smear.examples
    press(counting, Qt.Key.Key_Q, shift=True)
    qtbot.waitUntil(lambda: card.grid.count() == 1)
    assert card.title.text() == "Blasts"
    middle = counting.pages.rect().center()
    assert not card.geometry().contains(middle)  # there lies the cell in hand
    press(counting, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert counting.counting.smear.active


def test_a_field_that_is_written_in_keeps_its_letters(counting: MainWindow) -> None:
    counting.palette_.toggle()
    QTest.keyClick(counting.windowHandle(), Qt.Key.Key_Q)
    assert not counting.session.verdicts


def test_a_list_is_counted_by_itself(counting: MainWindow) -> None:
    session = counting.session
    press(counting, Qt.Key.Key_Q, Qt.Key.Key_Q)
    assert session.table is not None
    session.reading.begin("Formal count", session.table.id[-3:], blind=True)
    session.go_on()
    press(counting, Qt.Key.Key_X)
    assert counting.counting.smear.counter.count.total == 1
    assert counting.counting.smear.counter.target == 3
