"""A case that is only looked at: one state of it, whoever goes on writing."""

from __future__ import annotations

import shutil
import sys
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from marrowscope.domain.errors import ProtectedCase, UnusableCase
from marrowscope.store import private_copy
from marrowscope.store.case_file import CaseFile
from marrowscope.store.case_runs import StoredRun
from tests.store.case_parts import begun, cells_at


def fold(case: CaseFile) -> None:
    with case._ledger.reading() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_sound(case: CaseFile) -> bool:
    with case._ledger.reading() as db:
        return db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def many_cells():
    return cells_at([(float(i), 0) for i in range(2000)])


def test_what_a_colleague_stores_later_is_not_seen_and_nothing_is_stored(
    case: CaseFile,
) -> None:
    run = begun(case)
    case.add_field(run, 0, cells_at([(0, 0)]))
    with CaseFile.look_at(case.path) as seen:
        case.add_field(run, 1, cells_at([(70, 0)]))
        assert (len(seen.cells()), len(case.cells())) == (1, 2)
        assert seen.read_only
        with pytest.raises(ProtectedCase, match="can only be looked at"):
            seen.add_failed_field(seen.runs()[0], 1, "x")
        assert seen.path == case.path


def test_a_log_folded_while_it_is_copied_gives_no_torn_case(
    case: CaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(case, fields=4)
    case.add_field(run, 0, many_cells())
    copy_file, colleague = shutil.copyfile, iter([1, 2])

    def copy_while_written(source: Path, target: Path) -> None:
        copy_file(source, target)
        if source == case.path and (field := next(colleague, None)):
            case.add_field(run, field, many_cells())
            fold(case)
            case.add_failed_field(run, 3, f"after field {field}")

    monkeypatch.setattr(private_copy, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(shutil, "copyfile", copy_while_written)
    with CaseFile.look_at(case.path) as seen:
        assert is_sound(seen)
        assert len(seen.cells()) == 6000
        assert seen.runs()[0].failed == {3: "after field 2"}


def test_a_case_that_is_never_still_is_not_shown(
    case: CaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_file, run, times = shutil.copyfile, begun(case), count()

    def copy_while_written(source: Path, target: Path) -> None:
        copy_file(source, target)
        fold(case)
        case.add_failed_field(run, 0, f"time {next(times)}")

    monkeypatch.setattr(private_copy, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(shutil, "copyfile", copy_while_written)
    with pytest.raises(UnusableCase, match="being written to at this moment"):
        CaseFile.look_at(case.path)


def test_looks_at_a_case_that_is_written_all_the_time_are_each_of_one_state(
    case: CaseFile,
) -> None:
    run, enough = begun(case, fields=400), Event()
    writer = Thread(target=_write_on, args=(case, run, enough))
    writer.start()
    try:
        for _ in range(10):
            with CaseFile.look_at(case.path) as seen:
                assert is_sound(seen)
                assert len(seen.cells()) == 50 * len(seen.runs()[0].done)
    finally:
        enough.set()
        writer.join()


def _write_on(case: CaseFile, run: StoredRun, enough: Event) -> None:
    cells = cells_at([(float(i), 0) for i in range(50)])
    for field in range(400):
        if enough.is_set():
            return
        case.add_field(run, field, cells)
        if field % 20 == 0:
            fold(case)


def test_looking_leaves_nothing_behind(
    case: CaseFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_copy.tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    case.close()
    with CaseFile.look_at(case.path):
        if sys.platform != "win32":  # which removes no open file
            assert not list((tmp_path / "temporary").iterdir())
    assert not list((tmp_path / "temporary").iterdir())
    assert not list(case.path.parent.glob(f"*{case.path.name}?*"))


def test_a_copy_holds_everything_and_says_where_it_is_from(
    case: CaseFile, tmp_path: Path
) -> None:
    case.add_field(begun(case), 0, cells_at([(0, 0)]))
    copy = tmp_path / "mine.marrow"
    with CaseFile.look_at(case.path) as seen:
        seen.copy_to(copy, who="Dr. Ito")
        with pytest.raises(UnusableCase, match="already a file"):
            seen.copy_to(copy, who="Dr. Ito")
        was = seen.journal()
    with CaseFile.open(copy) as mine:
        assert len(mine.cells()) == 1
        *before, last = mine.journal()
        assert before == was
        assert (last.who, last.what) == ("Dr. Ito", "copied")
        assert last.was == str(case.path)
        mine.set_specimen({"site": "sternum"}, "Dr. Ito", last.at)
    assert {p.name for p in tmp_path.glob("*mine*")} == {"mine.marrow"}
