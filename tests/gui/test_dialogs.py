"""Dialogs that never hold the reader up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.dialogs.calibrate import NONE_FOUND, CalibrateDialog
from marrowscope.gui.dialogs.reading_matter import about_page
from marrowscope.gui.dialogs.specimen import SpecimenDialog
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.messages import Message, Tone
from marrowscope.gui.notice_line import NoticeLine
from tests.gui.conftest import opened, read_through
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
    window.smear.red_cell_ruler.measured.emit(36.0)
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


def test_what_is_written_of_the_specimen_is_stored_and_comes_back(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    window.actions_["specimen"].trigger()
    qtbot.waitUntil(lambda: bool(window.deeds.dialogs))
    dialog = window.deeds.dialogs[-1]
    assert isinstance(dialog, SpecimenDialog)
    site = dialog.fields["site"]
    assert isinstance(site, QComboBox)
    site.setCurrentText("Posterior iliac crest 骨髓")
    taken = dialog.fields["aspirated"]
    assert isinstance(taken, QLineEdit)
    taken.setText("3/4/2026")
    taken.editingFinished.emit()
    assert (
        "cannot be read: write a day such as"
        in dialog.entries["aspirated"].problem.text()
    )
    taken.setText("19.11.2026")
    taken.editingFinished.emit()
    assert not dialog.entries["aspirated"].problem.text()
    rods = dialog.fields["auer_rods"]
    assert isinstance(rods, QComboBox)
    assert rods.currentText() == ""  # not looked for until somebody says so
    rods.setCurrentText("seen")
    dialog.save.click()
    qtbot.waitUntil(lambda: window.session.message is not None)
    window.actions_["specimen"].trigger()
    qtbot.waitUntil(lambda: bool(window.deeds.dialogs))
    again = window.deeds.dialogs[-1]
    assert isinstance(again, SpecimenDialog)
    assert again.words["site"] == "Posterior iliac crest 骨髓"
    assert again.words["auer_rods"] == "seen"
    assert again.words["aspirated"] == "19 November 2026"
    assert again.words["history"] == ""
    case = window.session.opened_case
    assert case is not None
    assert case.file.specimen()["aspirated"] == "2026-11-19"
    again.save.click()  # nothing is new
    written = [entry.what for entry in case.file.journal()][-3:]
    assert set(written) == {
        f"specimen: {x}" for x in ("site", "auer_rods", "aspirated")
    }


def test_the_model_that_is_chosen_reads_and_is_remembered(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.models.look()
    qtbot.waitUntil(lambda: len(window.models.actions()) > 1)
    names = [action.data() for action in window.models.actions()]
    assert "lee" in names
    other = next(name for name in names if name != "lee")
    window.models.actions()[names.index(other)].trigger()
    qtbot.waitUntil(
        lambda: (
            window.session.bundle is not None and window.session.bundle.name == other
        )
    )
    assert window.session.chosen_model == other
    assert window.memory.model == other


def test_a_report_is_never_replaced_unasked(
    qtbot: QtBot,
    window: MainWindow,
    smear: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(qtbot, window.session, smear)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "report.pdf").write_text("the one before")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    asked: list[tuple[str, ...]] = []
    answers = iter([False, True])

    def answer(name: str, names: tuple[str, ...]) -> bool:
        asked.append(names)
        return next(answers)

    monkeypatch.setattr(window.deeds, "may_replace", answer)
    window.deeds.choose_report_folder()
    qtbot.waitUntil(lambda: asked == [("report.pdf",)])
    assert (folder / "report.pdf").read_text() == "the one before"
    window.deeds.choose_report_folder()
    qtbot.waitUntil(lambda: (folder / "report.html").exists())
    qtbot.waitUntil(lambda: window.session.message is not None)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_scale_given_after_reading_says_that_the_cells_are_of_another(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    opened(qtbot, window.session, smear)
    read_through(qtbot, window.session)
    assert not window.session.read_at_other_scale
    window.session.calibrate(0.5, source="typed")
    qtbot.waitUntil(lambda: window.session.read_at_other_scale)
    line = window.findChild(NoticeLine)
    assert line is not None
    assert "0.5" in line.words.text()
    assert window.actions_["read"].isEnabled()


def test_a_diluted_specimen_is_never_below_and_a_pale_stain_hides_granules(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session = opened(qtbot, window.session, smear)
    window.actions_["specimen"].trigger()
    qtbot.waitUntil(lambda: bool(window.deeds.dialogs))
    dialog = window.deeds.dialogs[-1]
    assert isinstance(dialog, SpecimenDialog)
    for field, said in (("dilution", "suspected"), ("stain", "pale")):
        box = dialog.fields[field]
        assert isinstance(box, QComboBox)
        box.setCurrentText(said)
    dialog.save.click()
    qtbot.waitUntil(lambda: session.specimen.quality.diluted)
    assert session.counts is not None
    assert session.counts.quality.diluted
    assert session.specimen.quality.unassessable == {"g_decreased_granules"}
    session.open_paths([smear])
    qtbot.waitUntil(lambda: not session.opening)
    assert session.specimen.quality.diluted
