"""A run killed at any moment loses at most the field in hand."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
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
