"""Dialogs that never hold the reader up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.dialogs.calibrate import NONE_FOUND, CalibrateDialog
from marrowscope.gui.dialogs.reading_matter import about_page, keys_page
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.messages import Message, Tone
from tests.gui.conftest import opened
from tests.gui.smears import drawn_smear


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, smear: Path) -> CalibrateDialog:
    opened(qtbot, window.session, smear)
    window.actions_["calibrate"].trigger()
    (made,) = window.deeds.dialogs
    assert isinstance(made, CalibrateDialog)
    assert not made.isModal()
    return made


def test_a_typed_scale_calibrates_the_slide(
    qtbot: QtBot, window: MainWindow, dialog: CalibrateDialog
) -> None:
    dialog.typed.setValue(0.18)
    dialog.use.click()
    qtbot.waitUntil(lambda: window.session.slides[0].mpp is not None)
    assert window.session.slides[0].mpp == pytest.approx(0.18)
    assert window.status.calibration.text() == "slide 0.18 µm/px (typed)"


def test_camera_and_objective_give_a_scale(dialog: CalibrateDialog) -> None:
    dialog.by_optics.setChecked(True)
    dialog.camera.setValue(6.5)
    dialog.objective.setCurrentText("50x")
    dialog.adapter.setValue(0.5)
    assert dialog.mpp == pytest.approx(0.26)
    assert dialog.source == "camera and objective"


def test_a_red_cell_measured_on_the_smear_gives_a_scale(
    window: MainWindow, dialog: CalibrateDialog
) -> None:
    dialog.by_cell.setChecked(True)
    assert dialog.mpp is None
    assert not dialog.use.isEnabled()
    window.smear.pointing.measured.emit(36.0)
    assert dialog.mpp == pytest.approx(0.2)
    assert dialog.use.isEnabled()


def test_a_smear_without_red_cells_gets_no_proposal(
    qtbot: QtBot, dialog: CalibrateDialog
) -> None:
    qtbot.waitUntil(lambda: dialog.proposal_note.text() == NONE_FOUND, timeout=20_000)
    assert not dialog.by_proposal.isEnabled()


def test_a_scale_no_microscope_has_cannot_be_used(dialog: CalibrateDialog) -> None:
    dialog.by_cell.setChecked(True)
    dialog.take_measure(0.5)
    assert not dialog.use.isEnabled()


def test_photos_of_one_size_share_a_scale(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    photos = [drawn_smear(tmp_path / f"{n}.png", shift=n) for n in range(3)]
    opened(qtbot, window.session, *photos)
    window.actions_["calibrate"].trigger()
    (made,) = window.deeds.dialogs
    assert isinstance(made, CalibrateDialog)
    assert made.everywhere.isVisible()
    made.typed.setValue(0.3)
    made.use.click()
    qtbot.waitUntil(lambda: all(s.mpp is not None for s in window.session.slides))


def test_about_begins_with_the_intended_use() -> None:
    page = about_page()
    assert page.index("research use only") < page.index("Python")
    assert "Space and drag" in keys_page()


def test_pages_open_beside_the_window_and_close(
    qtbot: QtBot, window: MainWindow
) -> None:
    for name in ("about", "keys"):
        window.actions_[name].trigger()
    assert len(window.deeds.dialogs) == 2
    for shown in list(window.deeds.dialogs):
        shown.close()
    assert window.deeds.dialogs == []


def test_without_a_model_the_card_says_why(qtbot: QtBot, window: MainWindow) -> None:
    window.session.look_for_model("absent")
    qtbot.waitUntil(lambda: window.session.model_problem is not None)
    window.actions_["model_card"].trigger()
    assert window.session.message is not None
    assert "“absent”" in window.session.message.what
    assert window.session.message.tone is Tone.PROBLEM


def test_details_of_a_problem_can_be_copied(
    qapp: QApplication, window: MainWindow
) -> None:
    from marrowscope.gui.banner import Banner

    said = Message("It broke.", "Mend it.", Tone.PROBLEM, "line 3")
    window.session.say(said)
    banner = window.findChild(Banner)
    assert banner.isVisible()
    banner.copy_details.click()
    assert qapp.clipboard().text() == "It broke.\nMend it.\nline 3"
    window.session.changed.emit(Changes.NOTHING)
    banner.close_button.click()
    assert not banner.isVisible()
