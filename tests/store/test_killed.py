"""A run killed at any moment loses at most the field in hand."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from marrowscope.store.case_file import CaseFile
from tests.conftest import ROOT
from tests.store.case_parts import begun, cells_at
from tests.store.writer import CELLS, FIELDS

if sys.platform == "win32":
    pytest.skip("needs SIGKILL", allow_module_level=True)


def start_writer(
    path: Path, *more: str, module: str = "writer"
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.store.{module}", str(path), *more],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def fields_in(path: Path) -> Counter[int]:
    """Cells by field, from a case that must open and agree with itself."""
    with CaseFile.open(path) as case:
        (run,) = case.runs()
        with case._ledger.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = db.execute("SELECT field, count FROM cells_of_fields").fetchall()
        counted = Counter(dict(rows))
        assert set(counted) == run.done
        assert len(case.cells()) == counted.total()
    return counted


def test_a_killed_run_keeps_every_field_it_was_told_is_stored(case_path: Path) -> None:
    CaseFile.create(case_path, name="killed").close()
    chance = random.Random(5)
    told: set[int] = set()
    for _ in range(6):
        writer = start_writer(case_path)
        assert writer.stdout is not None
        told |= {int(line) for line in [writer.stdout.readline()] if line}
        time.sleep(chance.uniform(0, 0.12))
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate(timeout=30)
        # The last line may be cut short by the kill.
        told |= {int(line) for line in rest.split("\n")[:-1] if line}
        kept = fields_in(case_path)
        assert told <= set(kept)
        assert set(kept.values()) == {CELLS}, "a field is stored whole or not at all"
    writer = start_writer(case_path)
    writer.communicate(timeout=60)
    assert writer.returncode == 0
    assert set(fields_in(case_path)) == set(range(FIELDS))


@pytest.mark.timeout(900)  # fifty processes begun and killed
@pytest.mark.parametrize(
    "rounds", [3, pytest.param(50, marks=pytest.mark.slow)], ids="{} kills".format
)
def test_a_killed_reader_keeps_every_edit_that_was_told_stored(
    case_path: Path, rounds: int
) -> None:
    with CaseFile.create(case_path, name="killed") as case:
        case.add_field(begun(case), 0, cells_at([(i * 70.0, 0) for i in range(300)]))
    chance, told = random.Random(7), set()
    for _ in range(rounds):
        editor = start_writer(case_path, module="editor")
        assert editor.stdout is not None
        first = editor.stdout.readline()
        time.sleep(chance.uniform(0, 0.4))
        editor.send_signal(signal.SIGKILL)
        rest, _ = editor.communicate(timeout=30)
        # The last line may be cut short by the kill.
        told |= {int(line) for line in (first + rest).split("\n")[:-1]}
        assert told <= steps_in(case_path)


def steps_in(path: Path) -> set[int]:
    """The steps of a case that must open, be whole and be readable."""
    with CaseFile.open(path) as case:
        with case._ledger.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            steps = {number for (number,) in db.execute("SELECT number FROM steps")}
            words = db.execute("SELECT step FROM verdicts").fetchall()
            edits = db.execute("SELECT number FROM steps WHERE undoes IS NULL")
            assert {step for (step,) in words} == {number for (number,) in edits}
        assert set(case.verdicts()) <= set(case.cells().id.tolist())
    return steps


def test_a_full_disk_is_one_sentence_and_loses_nothing(case_path: Path) -> None:
    CaseFile.create(case_path, name="full").close()
    out, _ = start_writer(case_path, str(600_000)).communicate(timeout=60)
    *told, last = out.splitlines()
    assert last.startswith("error The disk took no more")
    assert "safe" in last
    assert told
    assert {int(number) for number in told} == set(fields_in(case_path))
    writer = start_writer(case_path)
    writer.communicate(timeout=60)
    assert set(fields_in(case_path)) == set(range(FIELDS)), "with room it goes on"


def test_a_signing_that_is_killed_leaves_a_case_signed_or_not(case_path: Path) -> None:
    CaseFile.create(case_path, name="killed").close()
    chance = random.Random(9)
    for _ in range(4):
        signer = start_writer(case_path, module="signer")
        assert signer.stdout is not None
        first = signer.stdout.readline()
        time.sleep(chance.uniform(0, 0.2))
        signer.send_signal(signal.SIGKILL)
        rest, _ = signer.communicate(timeout=30)
        # The last line may be cut short by the kill.
        *_, (deed, told) = (line.split() for line in (first + rest).split("\n")[:-1])
        with CaseFile.open(case_path) as case:
            versions = case.signing().versions
            assert len(versions) >= int(told)
            assert deed == "signed" or versions[int(told) - 1].amended is not None
            for version in versions:
                kept = case.signed_documents(version.number)
                assert [len(d) for d in kept.values()] == [60_000, 60_000]


def test_a_case_that_is_made_smaller_when_killed_is_whole_and_made_so_the_next_time(
    case_path: Path,
) -> None:
    with CaseFile.create(case_path, name="killed") as case:
        case.add_field(begun(case), 0, cells_at([(i * 70.0, 0) for i in range(300)]))
    with closing(sqlite3.connect(case_path, isolation_level=None)) as db:
        fill(db, "kept")  # so that making it smaller takes a while
    leave_room_in(case_path)
    roomy, chance, cut_short = case_path.stat().st_size, random.Random(11), 0
    for _ in range(4):
        opener = start_writer(case_path, module="opener")
        assert opener.stdout is not None
        assert opener.stdout.readline() == "opening\n"
        time.sleep(chance.uniform(0, 0.15))
        opener.send_signal(signal.SIGKILL)
        rest, _ = opener.communicate(timeout=30)
        cut_short += rest == ""
        with closing(sqlite3.connect(f"{case_path.as_uri()}?mode=ro", uri=True)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if case_path.stat().st_size < 0.7 * roomy:
            leave_room_in(case_path)
    assert cut_short, "none was killed in time"
    assert fields_in(case_path) == {0: 300}
    assert case_path.stat().st_size < 0.7 * roomy


def leave_room_in(path: Path) -> None:
    """As much as the rest of the case takes, as a migration leaves it empty."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        fill(db, "old")
        db.execute("DROP TABLE old")


def fill(db: sqlite3.Connection, name: str) -> None:
    db.execute(f"CREATE TABLE {name} (cells BLOB)")
    db.executemany(f"INSERT INTO {name} VALUES (?)", [(bytes(500_000),)] * 20)
