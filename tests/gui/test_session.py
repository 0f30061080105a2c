"""The session on real files: opened, read, judged, closed, brought back."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.review import History
from marrowscope.gui.case_state import Changes, Phase
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.messages import Tone
from marrowscope.gui.report_desk import ReportDesk
from marrowscope.gui.session import CaseSession
from tests.gui.conftest import opened, read_through
from tests.gui.smears import CENTRES, BlobReader, drawn_smear


def heard_of(session: CaseSession) -> list[Changes]:
    changes: list[Changes] = []
    session.changed.connect(changes.append)
    return changes


def saved(qtbot: QtBot, session: CaseSession) -> None:
    qtbot.waitUntil(lambda: session.saved, timeout=10_000)


def test_a_photo_opens_uncalibrated_and_unread(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    assert session.slide is not None
    assert session.slide.mpp is None
    assert session.table is None
    assert session.run.phase is Phase.NONE
    qtbot.waitUntil(lambda: session.slides[0].thumbnail is not None)


def test_something_unreadable_is_said_in_one_sentence(
    qtbot: QtBot, session: CaseSession, tmp_path: Path
) -> None:
    broken = tmp_path / "smear.svs"
    broken.write_bytes(b"")
    session.open_paths([broken])
    qtbot.waitUntil(lambda: session.message is not None)
    assert session.message is not None
    assert "smear.svs is empty" in session.message.what
    assert session.message.tone is Tone.PROBLEM
    assert session.slides == ()


def test_a_broken_file_leaves_the_open_case_as_it_is(
    qtbot: QtBot, session: CaseSession, smear: Path, tmp_path: Path
) -> None:
    opened(qtbot, session, smear)
    session.open_paths([tmp_path / "absent.svs"])
    qtbot.waitUntil(lambda: session.message is not None)
    assert [s.name for s in session.slides] == ["smear.png"]


def test_the_slide_that_is_open_can_be_opened_again(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    before = session.slide
    session.open_paths([smear])
    qtbot.waitUntil(lambda: not session.opening and session.slide is not before)
    assert session.message is None
    assert len(session.slides) == 1


@pytest.mark.usefixtures("blob_reader")
def test_a_run_finds_the_cells_and_says_so_while_it_goes_on(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    phases: list[Phase] = []
    session.changed.connect(lambda change: phases.append(session.run.phase))
    changes = heard_of(session)
    read_through(qtbot, session)
    assert session.table is not None
    assert len(session.table) == len(CENTRES)
    assert session.run.phase is Phase.FINISHED
    assert phases.index(Phase.PREPARING) < phases.index(Phase.READING)
    assert any(c & Changes.CELLS for c in changes)
    assert session.device_text == "CPU, fp32"
    assert session.counts is not None
    assert session.counts.suggested is not None


def test_the_model_and_the_file_are_used_by_workers_only(
    qtbot: QtBot, session: CaseSession, smear: Path, blob_reader: BlobReader
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert blob_reader.threads
    assert threading.main_thread().name not in blob_reader.threads


def test_an_uncalibrated_slide_tells_what_it_was_read_at(
    qtbot: QtBot, session: CaseSession, smear: Path, blob_reader: BlobReader
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.slide is not None
    assert session.slide.mpp is None
    assert session.slide.working_mpp is not None
    assert session.slide.certainty in ("assumed", "proposed from red cells")


def test_a_run_can_be_paused_and_go_on(
    qtbot: QtBot, session: CaseSession, smear: Path, blob_reader: BlobReader
) -> None:
    blob_reader.slowness = 0.05
    opened(qtbot, session, smear)
    session.start_run()
    qtbot.waitUntil(lambda: session.run.phase is Phase.READING, timeout=20_000)
    session.pause()
    assert session.run.phase is Phase.PAUSED
    qtbot.wait(300)
    done = session.run.done
    qtbot.wait(300)
    assert session.run.done == done
    session.resume()
    qtbot.waitUntil(lambda: not session.run.active, timeout=20_000)
    assert session.table is not None
    assert len(session.table) == len(CENTRES)


def test_a_stopped_run_keeps_what_it_read_and_goes_on_from_there(
    qtbot: QtBot, session: CaseSession, smear: Path, blob_reader: BlobReader
) -> None:
    blob_reader.slowness = 0.1
    opened(qtbot, session, smear)
    session.start_run()
    qtbot.waitUntil(lambda: session.run.done >= 2, timeout=20_000)
    session.cancel()
    qtbot.waitUntil(lambda: not session.run.active, timeout=20_000)
    assert session.run.phase is Phase.STOPPED
    assert session.table is not None
    before = set(session.table.id.tolist())
    blob_reader.slowness = 0.0
    read_through(qtbot, session)
    assert before <= set(session.table.id.tolist())
    assert len(session.table) == session.run.cells == len(CENTRES)


@pytest.mark.usefixtures("blob_reader")
def test_selecting_a_cell_brings_the_picture_the_classifier_saw(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.table is not None
    cell = session.table.cell(3)
    session.select_cell(cell.id)
    qtbot.waitUntil(lambda: session.picture is not None)
    assert session.picture is not None
    assert session.picture.region.centre == pytest.approx(cell.box.centre)
    middle = session.picture.pixels[192, 192]
    assert middle[1] < 100  # the dark disc itself


@pytest.mark.usefixtures("blob_reader")
def test_a_cell_looked_at_once_more_has_its_picture_again(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.table is not None
    cell = int(session.table.id[3])
    for _ in range(2):
        session.select_cell(cell)
        qtbot.waitUntil(lambda: session.picture is not None)
        session.select_cell(None)
        assert session.picture is None


@pytest.mark.usefixtures("blob_reader")
def test_calls_show_at_once_and_outlive_the_window(
    qtbot: QtBot, qapp: QApplication, smear: Path
) -> None:
    first = CaseSession()
    read_through(qtbot, opened(qtbot, first, smear))
    assert first.table is not None
    cells = first.table.id.tolist()
    first.confirm(cells[:4])
    assert set(first.verdicts) == set(cells[:4])
    assert first.counts is not None
    assert len(first.verdicts) == 4
    assert first.close()

    second = CaseSession()
    opened(qtbot, second, smear)
    assert set(second.verdicts) == set(cells[:4])
    assert second.run.phase is Phase.FINISHED
    assert second.close()


@pytest.mark.usefixtures("blob_reader")
def test_undo_brings_back_the_call_before(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.table is not None
    cell = int(session.table.id[0])
    session.select_cell(cell)
    session.confirm()
    agreed = session.verdicts[cell].lines
    session.call_not_a_cell()
    assert session.verdicts[cell].lines == ("not_a_cell",)
    saved(qtbot, session)
    assert session.history == History("1 cell to “not a cell”")
    session.undo()
    saved(qtbot, session)
    assert session.verdicts[cell].lines == agreed
    assert session.history == History("1 cell confirmed", "1 cell to “not a cell”")
    session.undo()
    saved(qtbot, session)
    assert cell not in session.verdicts
    assert not session.can_undo
    session.redo()
    session.redo()
    saved(qtbot, session)
    assert session.verdicts[cell].lines == ("not_a_cell",)


@pytest.mark.usefixtures("blob_reader")
def test_cells_removed_and_merged_come_back_after_a_restart(
    qtbot: QtBot, window: MainWindow, smear: Path
) -> None:
    session, edit = window.session, window.actions_
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.table is not None
    first, second, third = session.table.id[:3].tolist()
    before, path = len(session.table), session.case_path
    session.select_cells([first])
    edit["remove_cells"].trigger()
    session.select_cells([second, third])
    edit["merge_cells"].trigger()
    saved(qtbot, session)
    assert session.table is not None
    assert len(session.table) == before - 2
    assert edit["undo"].text() == "&Undo: 2 cells merged into 1"
    assert path is not None
    with qtbot.waitSignal(
        session.changed, check_params_cb=lambda change: bool(change & Changes.CASE)
    ):
        session.open_paths([path])
    qtbot.waitUntil(edit["undo"].isEnabled)
    edit["undo"].trigger()
    edit["undo"].trigger()
    saved(qtbot, session)
    assert session.table is not None
    assert sorted(session.table.id[:3].tolist()) == [first, second, third]
    assert len(session.table) == before
    assert not edit["undo"].isEnabled()
    assert edit["redo"].text() == "&Redo: 1 cell removed"


@pytest.mark.usefixtures("blob_reader")
def test_reading_again_keeps_the_calls_at_their_cells(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    assert session.table is not None
    cell = session.table.cell(2)
    session.confirm([cell.id])
    saved(qtbot, session)
    session.start_run(again=True)
    qtbot.waitUntil(lambda: not session.run.active, timeout=30_000)
    assert len(session.verdicts) == 1
    (now_at,) = session.verdicts
    found = session.cell(now_at)
    assert found is not None
    assert found.box.centre == pytest.approx(cell.box.centre, abs=2)


@pytest.mark.usefixtures("blob_reader")
def test_the_next_cell_skips_hidden_classes(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    session.set_class_visible("GN", False)
    seen = set()
    for _ in range(20):
        session.select_next()
        assert session.selected is not None
        seen.add(session.selected.class_id)
    assert seen == {"ED"}


def test_a_scale_can_be_given_and_is_believed(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    session.calibrate(0.2, source="typed")
    qtbot.waitUntil(lambda: session.slides[0].mpp is not None)
    assert session.slides[0].mpp == pytest.approx(0.2)
    assert session.slides[0].opened.mpp_source == "typed"


@pytest.mark.usefixtures("blob_reader")
def test_the_next_run_reads_at_the_scale_that_was_given(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    for mpp in (0.2, 0.3):
        session.calibrate(mpp, source="typed")
        qtbot.waitUntil(lambda mpp=mpp: session.slides[0].mpp == mpp)
        read_through(qtbot, session)
        case = session._door.case
        assert case is not None
        plan = case.file.runs()[-1].provenance.plan
        assert (plan["mpp"], plan["mpp_certainty"]) == (mpp, "known")


def test_an_impossible_scale_is_refused_in_words(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    session.calibrate(352.9, source="typed")
    qtbot.waitUntil(lambda: session.message is not None)
    assert session.slides[0].mpp is None


@pytest.mark.usefixtures("blob_reader")
def test_a_folder_of_photos_is_one_case_read_picture_after_picture(
    qtbot: QtBot, session: CaseSession, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in (2, 10, 1):
        drawn_smear(folder / f"field {number}.png", shift=number)
    opened(qtbot, session, folder)
    names = [s.name for s in session.slides]
    assert names == ["field 1.png", "field 2.png", "field 10.png"]
    read_through(qtbot, session)
    assert session.table is not None
    assert np.bincount(session.table.slide)[1:].tolist() == [12, 12, 12]
    last = int(session.table.id[-1])
    session.select_cell(last, reveal=True)
    assert session.slide is not None
    assert session.slide.number == 3


def test_opening_something_else_stops_the_run_first(
    qtbot: QtBot,
    session: CaseSession,
    smear: Path,
    blob_reader: BlobReader,
    tmp_path: Path,
) -> None:
    blob_reader.slowness = 0.1
    opened(qtbot, session, smear)
    session.start_run()
    qtbot.waitUntil(lambda: session.run.done >= 1, timeout=20_000)
    other = drawn_smear(tmp_path / "other.png", shift=9)
    session.open_paths([other])
    qtbot.waitUntil(
        lambda: [s.name for s in session.slides] == ["other.png"], timeout=20_000
    )
    assert session.table is None
    assert not session.run.active


@pytest.mark.usefixtures("blob_reader")
def test_the_report_lies_where_it_was_wanted(
    qtbot: QtBot, session: CaseSession, smear: Path, tmp_path: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    folder = tmp_path / "report"
    folder.mkdir()
    ReportDesk(session, session).save(folder)
    qtbot.waitUntil(lambda: session.message is not None, timeout=60_000)
    assert session.message is not None
    assert session.message.tone is Tone.NOTE, session.message
    assert (folder / "report.pdf").stat().st_size > 1000


def test_of_several_broken_photos_the_good_ones_open_and_the_rest_is_told(
    qtbot: QtBot, session: CaseSession, smear: Path, tmp_path: Path
) -> None:
    for name in ("b.png", "c.png"):
        (tmp_path / name).write_bytes(b"")
    opened(qtbot, session, smear, tmp_path / "b.png", tmp_path / "c.png")
    qtbot.waitUntil(lambda: session.message is not None)
    assert session.message is not None
    assert session.message.what.startswith("2 inputs could not be opened. b.png")
    assert "c.png" in session.message.details
    assert len(session.slides) == 1


def test_without_a_usable_model_nothing_is_read_and_it_is_said_why(
    qtbot: QtBot,
    session: CaseSession,
    smear: Path,
    own_home: Path,
) -> None:
    # The user's own model of that name wins over the shipped one; this one is broken.
    broken = own_home / "models" / "lee"
    broken.mkdir(parents=True)
    (broken / "bundle.toml").write_text("name = 3", encoding="utf-8")
    opened(qtbot, session, smear)
    session.start_run()
    qtbot.waitUntil(lambda: session.message is not None, timeout=20_000)
    assert session.message is not None
    assert "lee" in session.message.what
    assert session.run.phase is Phase.NONE
    assert session.can_start


def test_one_case_in_two_windows_is_refused_in_the_second(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    second = CaseSession()
    second.open_paths([smear])
    qtbot.waitUntil(lambda: second.message is not None)
    assert second.slides == ()
    assert second.message is not None
    assert second.message.advice
    assert second.close()


@pytest.mark.usefixtures("expected_log")
def test_a_photo_removed_in_mid_run_costs_its_fields_and_no_more(
    qtbot: QtBot, session: CaseSession, tmp_path: Path, blob_reader: BlobReader
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in (1, 2):
        drawn_smear(folder / f"field {number}.png", shift=number)
    opened(qtbot, session, folder)
    blob_reader.slowness = 0.05
    session.start_run()
    qtbot.waitUntil(lambda: session.run.done >= 1, timeout=20_000)
    (folder / "field 2.png").unlink()
    qtbot.waitUntil(lambda: not session.run.active, timeout=30_000)
    assert session.table is not None
    assert (session.table.slide == 1).sum() == len(CENTRES)


@pytest.mark.usefixtures("blob_reader", "expected_log")
def test_a_case_that_cannot_be_written_is_called_by_its_name(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    case = session.opened_case
    assert case is not None
    with case.file._ledger.reading() as db:
        db.execute("PRAGMA query_only = ON")
    read_through(qtbot, session)
    assert session.message is not None
    assert "case file of smear" in session.message.what
    assert ".marrow" not in session.message.what
