"""Files that are no case, damaged, newer, protected or open elsewhere: one sentence."""

from __future__ import annotations

import math
import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from marrowscope.domain.cells import Cell
from marrowscope.domain.errors import UnusableCase
from marrowscope.domain.likeness import likeness_by_slide
from marrowscope.store import migrations, opening, schema
from marrowscope.store.case_file import CaseFile
from tests.conftest import ROOT
from tests.store.case_parts import begun, cells_at

GOLDEN = ROOT / "tests" / "golden" / "case_v1.marrow"


def whole_case(path: Path) -> bytes:
    with CaseFile.create(path, name="whole") as case:
        case.add_field(begun(case), 0, cells_at([(i * 70.0, 0) for i in range(300)]))
    return path.read_bytes()


def with_version(content: bytes, version: int) -> bytes:
    return content[:60] + struct.pack(">I", version) + content[64:]


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("awkward", "said"),
    [
        (lambda whole: b"", "not a MarrowScope case"),
        (lambda whole: b"Patient: nobody\n", "not a MarrowScope case"),
        (lambda whole: whole[:68] + b"ABCD" + whole[72:], "not a MarrowScope case"),
        (lambda whole: whole[:50], "damaged or not complete"),
        (lambda whole: whole[: len(whole) // 2], "damaged or not complete"),
        (lambda whole: whole[:-4096], "damaged or not complete"),
        (lambda whole: whole[:100] + bytes(len(whole) - 100), "damaged"),
        (lambda whole: with_version(whole, schema.VERSION + 1), "newer MarrowScope"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_so_and_left_alone(
    tmp_path: Path, read_only: bool, awkward, said: str
) -> None:
    content = awkward(whole_case(tmp_path / "whole.marrow"))
    path = tmp_path / "awkward.marrow"
    path.write_bytes(content)
    with pytest.raises(UnusableCase, match=said) as caught:
        CaseFile.open(path, read_only=read_only)
    assert "awkward.marrow" in caught.value.what
    assert caught.value.advice
    assert path.read_bytes() == content
    assert {p.name for p in tmp_path.iterdir()} == {"whole.marrow", "awkward.marrow"}


def test_a_missing_case_and_a_folder_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnusableCase, match=r"no case file gone\.marrow"):
        CaseFile.open(tmp_path / "gone.marrow")
    with pytest.raises(UnusableCase, match="cannot be reached"):
        CaseFile.open(tmp_path)


def test_a_case_is_never_made_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "x.marrow"
    path.write_text("mine")
    with pytest.raises(UnusableCase, match="already a file"):
        CaseFile.create(path, name="x")
    assert path.read_text() == "mine"
    with pytest.raises(UnusableCase):
        CaseFile.create(tmp_path / "no such folder" / "x.marrow", name="x")


def test_a_second_window_is_told_and_may_still_read(case: CaseFile) -> None:
    case.add_field(begun(case), 0, cells_at([(0, 0)]))
    with pytest.raises(UnusableCase, match="already open in another window"):
        CaseFile.open(case.path)
    with CaseFile.open(case.path, read_only=True) as reader:
        assert len(reader.cells()) == 1
        case.add_failed_field(case.runs()[0], 1, "seen while reading")
        assert reader.runs()[0].failed == {1: "seen while reading"}
        with pytest.raises(UnusableCase, match="only be looked at"):
            reader.set_specimen({"site": "x"}, "A", "t")
    case.close()
    CaseFile.open(case.path).close()


def test_another_process_is_told_too(case: CaseFile) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from marrowscope.store.case_file import CaseFile;"
        "from marrowscope.domain.errors import UnusableCase\n"
        "try: CaseFile.open(Path(sys.argv[1]))\n"
        "except UnusableCase as error: print(error.what)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(case.path)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=True,
    ).stdout
    assert "already open in another window" in told


def test_closing_leaves_the_case_file_alone_in_its_folder(case: CaseFile) -> None:
    begun(case)
    case.close()
    case.close()
    assert list(case.path.parent.iterdir()) == [case.path]


def test_a_case_whose_side_file_stayed_behind_opens(case_path: Path) -> None:
    CaseFile.create(case_path, name="x").close()
    case_path.with_name(f".{case_path.name}.open").touch()
    CaseFile.open(case_path).close()


def test_the_name_of_a_case_is_not_its_file_name(case: CaseFile) -> None:
    assert case.name == "Fall 7"


def test_a_full_disk_undoes_one_transaction_and_no_more(case: CaseFile) -> None:
    run = begun(case)
    case.add_field(run, 0, cells_at([(0, 0)]))
    with case._ledger.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
    many = cells_at([(float(i), 0) for i in range(500)])
    with pytest.raises(UnusableCase, match="took no more"):
        case.add_field(run, 1, many)
    assert case.runs()[0].done == {0}
    assert len(case.cells()) == 1
    with case._ledger.reading() as db:
        db.execute("PRAGMA max_page_count = 100000")
    case.add_field(run, 1, many)
    assert len(case.cells()) == 501


def test_threads_take_their_turns(case: CaseFile) -> None:
    run = begun(case, fields=40)
    cells = cells_at([(float(i), 0) for i in range(20)])

    def store(numbers: range) -> None:
        for number in numbers:
            case.add_field(run, number, cells)
            case.cells()

    threads = [Thread(target=store, args=(range(i, 40, 4),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = case.cells().id
    assert len(set(ids.tolist())) == len(ids) == 800


def test_the_log_holds_no_name(
    case: CaseFile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    case.close()
    with CaseFile.open(case.path) as again:
        begun(again)
    assert "case opened" in caplog.text
    assert "Fall" not in caplog.text
    assert "Präparat" not in caplog.text


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can try a folder as somebody else",
)
@pytest.mark.parametrize("log_left", [False, True])
def test_a_protected_folder_refuses_writing_and_allows_reading(log_left: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "protected.marrow"
        whole_case(path)
        if log_left:
            _leave_a_log(path)
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        assert "may not be written to" in _as_nobody(path, read_only=False)
        assert _as_nobody(path, read_only=True) == "300 cells"
        folder.chmod(0o755)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can try a folder as somebody else",
)
def test_a_colleague_who_has_it_open_keeps_nobody_from_a_protected_case() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "protected.marrow"
        whole_case(path)
        Path(name).chmod(0o755)
        with CaseFile.open(path):
            path.with_name(f".{path.name}.open").chmod(0o666)
            assert "may not be written to" in _as_nobody(path, read_only=False)
            assert _as_nobody(path, read_only=True) == "300 cells"


def _leave_a_log(path: Path) -> None:
    """As after a crash: the newest change is only in the write-ahead log."""
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO facts VALUES ('left', 'behind')")
    connection.commit()
    log = path.with_name(f"{path.name}-wal")
    content = log.read_bytes()
    connection.close()
    log.write_bytes(content)


def _as_nobody(path: Path, *, read_only: bool) -> str:
    script = (
        "import os, sys; from pathlib import Path;"
        "from marrowscope.store.case_file import CaseFile;"
        "from marrowscope.domain.errors import UnusableCase\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    with CaseFile.open(Path(sys.argv[1]), read_only=bool(sys.argv[2])) as c:\n"
        "        print(len(c.cells()), 'cells', end='')\n"
        "except UnusableCase as error: print(error.what)"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(path), "x" if read_only else ""],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    ).stdout


def test_the_first_version_ever_opens(tmp_path: Path) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.read_bytes())
    for read_only in (True, False):
        with CaseFile.open(path, read_only=read_only) as case:
            assert case.name == "Golden 黄金"
            assert case.cells().id.tolist() == [1, 2, 3, 4]
            assert case.cells().box[1].tolist() == [70.0, 5.0, 60.0, 60.0]
            assert case.verdicts()[2].grades == {"e_budding": 1}
            assert case.runs()[0].failed == {2: "The tile could not be decoded."}
            assert case.specimen() == {"site": "posterior iliac crest"}
            assert [e.what for e in case.journal()][-1] == "specimen: site"


def test_a_case_of_version_2_keeps_its_finer_outputs(tmp_path: Path) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v2.marrow").read_bytes())
    for read_only in (True, False):
        with CaseFile.open(path, read_only=read_only) as case:
            table, vocabulary = case.cells(), case.vocabulary()
            assert vocabulary is not None
            assert [f.id for f in vocabulary.fine] == ["early", "late", "blast"]
            assert table.fine.tolist() == [[0.25, 0.5, 0.25], [0.5, 0.125, 0.375]]
            assert vocabulary.answer_rows(table).tolist() == [1, 0]


def test_a_case_of_version_3_keeps_how_strange_its_cells_look(tmp_path: Path) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v3.marrow").read_bytes())
    for read_only in (True, False):
        with CaseFile.open(path, read_only=read_only) as case:
            first, second = case.cells().strangeness.tolist()
            assert first == 0.5
            assert math.isnan(second)


@pytest.mark.parametrize("version", [1, 2])
def test_nothing_is_known_of_the_look_of_older_cells(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name(f"case_v{version}.marrow").read_bytes())
    with CaseFile.open(path) as case:
        table = case.cells()
        assert len(table)
        assert np.isnan(table.strangeness).all()
        assert likeness_by_slide(table) == {}


def test_an_older_case_is_brought_to_the_newest_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.marrow"
    whole = whole_case(path)

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE slides ADD COLUMN stain TEXT")

    newest = schema.VERSION + 1
    monkeypatch.setattr(schema, "VERSION", newest)
    monkeypatch.setattr(migrations, "STEPS", {newest - 1: step})
    with CaseFile.open(path, read_only=True) as case:
        assert len(case.cells()) == 300
    assert path.read_bytes() == whole, "reading only changes nothing"
    with CaseFile.open(path) as case:
        assert len(case.cells()) == 300
    assert opening.look(path) is None
    connection = sqlite3.connect(path)
    assert migrations.version_of(connection) == newest
    connection.execute("SELECT stain FROM slides")
    connection.close()


def test_a_migration_that_fails_leaves_the_old_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.marrow"
    whole_case(path)

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE slides ADD COLUMN stain TEXT")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with monkeypatch.context() as newer:
        newest = schema.VERSION + 1
        newer.setattr(schema, "VERSION", newest)
        newer.setattr(migrations, "STEPS", {newest - 1: step})
        with pytest.raises(UnusableCase, match="could not do what was asked"):
            CaseFile.open(path)
    with CaseFile.open(path) as case:
        assert len(case.cells()) == 300


def test_cells_stored_one_by_one_keep_ids_outlines_and_answers(tmp_path: Path) -> None:
    path = tmp_path / "case.marrow"
    path.write_bytes(GOLDEN.with_name("case_v8.marrow").read_bytes())
    columns = "box, probabilities, grades, saliency, detection_score, cut, outline"
    with closing(sqlite3.connect(path)) as old:
        for cell, number, field in ((1, 10, 1), (2, 11, 1), (3, 20, 1), (2, 21, -1)):
            old.execute(
                f"INSERT INTO cells (id, run, field, strangeness, {columns})"
                f" SELECT {number}, run, {field}, 0.5, {columns} FROM cells"
                f" WHERE id = {cell}"
            )
        old.commit()
    with CaseFile.open(path) as case:
        table = case.cells()
        whole = {cell.id: cell for cell in table}
        assert table.sought.tolist() == [False] * 5 + [True, False]
    assert list(whole) == [1, 2, 10, 11, 20, 21, 4]
    for cell, copy in ((1, 10), (2, 11), (2, 21)):
        one, other = whole[cell], whole[copy]
        assert (other.box, other.cut, other.strangeness) == (one.box, one.cut, 0.5)
        assert other.detection_score == one.detection_score
        assert np.array_equal(other.probabilities, one.probabilities)
        assert np.array_equal(other.grades, one.grades)
        assert np.array_equal(other.saliency, one.saliency)
        assert_same_outline(other, one)


def assert_same_outline(one: Cell, other: Cell) -> None:
    if one.outline is None or other.outline is None:
        assert one.outline is other.outline
    else:
        assert np.array_equal(one.outline, other.outline)
