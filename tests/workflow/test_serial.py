"""A case against the patient's earlier one, read off their files."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.serial import Change, CountRead
from marrowscope.domain.statistics import Share
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.formal_count import formal_count
from marrowscope.workflow.opening import OpenedCase, open_case
from marrowscope.workflow.reporting import COMPARISON, export_report
from marrowscope.workflow.reviewing import called, record
from marrowscope.workflow.serial import (
    compare_with,
    keep_comparison,
    kept_comparison,
    told,
)
from tests.workflow.called_cases import case_with


@pytest.fixture
def now(tmp_path: Path):
    opened = open_case([case_with(tmp_path / "now.marrow", 60)])
    yield opened
    opened.close()


def test_confirmed_cells_are_compared_and_the_earlier_file_is_left_as_it_was(
    now: OpenedCase, tmp_path: Path
) -> None:
    earlier = case_with(tmp_path / "then.marrow", 15)
    before = hashlib.sha256(earlier.read_bytes()).hexdigest()
    found = compare_with(now, earlier)
    blasts = found.lines[0]
    assert (blasts.then, blasts.now) == (Share(15, 300), Share(60, 300))
    assert blasts.change is Change.BEYOND
    assert hashlib.sha256(earlier.read_bytes()).hexdigest() == before
    assert (found.then.name, found.now.name) == ("then", "now")
    assert found.then.models == found.now.models


def test_of_a_formal_count_its_own_cells_alone_are_compared(
    now: OpenedCase, tmp_path: Path
) -> None:
    earlier = case_with(tmp_path / "then.marrow", 15, calls=300)
    with CaseFile.open(earlier) as file:
        state = formal_count(file, target=100, seed=1, reader="A")
    found = compare_with(now, earlier)
    assert found.then.formal == CountRead(state.counted, 100)
    assert found.lines[0].then.total == state.counted < 100
    assert found.lines[0].change is Change.TOO_FEW


def test_suggestions_are_never_compared(now: OpenedCase, tmp_path: Path) -> None:
    earlier = case_with(tmp_path / "then.marrow", 0, calls=0)
    with pytest.raises(MarrowScopeError, match="No cell of then has been confirmed"):
        compare_with(now, earlier)


def test_a_case_is_not_its_own_earlier_one(now: OpenedCase) -> None:
    with pytest.raises(MarrowScopeError, match="itself"):
        compare_with(now, now.file.path)


def test_a_comparison_in_the_report_outlives_the_earlier_file(
    now: OpenedCase, tmp_path: Path
) -> None:
    earlier = case_with(tmp_path / "then.marrow", 15, words={"patient": "A. Roe 病"})
    found = compare_with(now, earlier)
    assert kept_comparison(now.file) is None
    keep_comparison(now.file, found.then, reader="A")
    earlier.unlink()
    export_report(now, tmp_path)
    with (tmp_path / COMPARISON).open(encoding="utf-8", newline="") as file:
        blasts = next(csv.DictReader(file))
    assert (blasts["then_count"], blasts["now_count"]) == ("15", "60")
    assert blasts["verdict"] == "more than counting error explains"
    kept = kept_comparison(now.file)
    assert kept is not None
    assert (kept.lines, told(kept)) == (found.lines, told(found))
    record(now.file, [called(1, ("segmented",), reader="A")])
    again = kept_comparison(now.file)
    assert again is not None
    assert again.lines[0].now == Share(59, 300)
    keep_comparison(now.file, None, reader="A")
    assert kept_comparison(now.file) is None
    export_report(now, tmp_path)
    assert not (tmp_path / COMPARISON).exists()
    (tmp_path / COMPARISON).write_text("a table of somebody else", "utf-8")
    export_report(now, tmp_path)
    assert (tmp_path / COMPARISON).exists()
