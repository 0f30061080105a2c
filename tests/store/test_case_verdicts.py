"""What people said survives new runs, and is never overwritten."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.review import Verdict
from marrowscope.store.case_file import CaseFile
from marrowscope.store.same_place import partners
from tests.store.case_parts import (
    VOCABULARY,
    begun,
    call,
    cells_at,
    provenance,
    strip,
    withdraw,
)

AT = "2026-11-21T05:00:00.000+00:00"
FIRST = Verdict(1, ("proerythroblast",), True, "Dr. Ørsted", AT, {"e_budding": 2})


@pytest.fixture
def read(case: CaseFile) -> CaseFile:
    case.add_field(begun(case), 0, cells_at([(0, 0), (100, 0), (300, 300)]))
    return case


def read_again(case: CaseFile, corners: list[tuple[float, float]]) -> None:
    run = case.begin_run(1, provenance(), VOCABULARY, strip(1))
    case.add_field(run, 0, cells_at(corners))
    case.finish_run(run)


def test_a_verdict_comes_back_as_it_was_given(read: CaseFile) -> None:
    unjudged = Verdict(2, ("band", "segmented"), None, "B", AT)
    call(read, [FIRST, unjudged])
    read.close()
    with CaseFile.open(read.path) as again:
        assert again.verdicts() == {1: FIRST, 2: unjudged}


def test_the_last_verdict_speaks_and_the_first_stays_in_the_journal(
    read: CaseFile,
) -> None:
    second = replace(FIRST, dysplastic=False, grades={}, reader="B")
    call(read, [FIRST])
    call(read, [second])
    assert read.verdicts() == {1: second}
    last = read.journal()[-1]
    assert (last.who, last.at) == ("B", AT)
    assert last.was == "proerythroblast, dysplastic, e_budding 2"
    assert last.became == "proerythroblast, not dysplastic"


def test_every_readers_own_call_can_be_asked_for(read: CaseFile) -> None:
    other = replace(FIRST, dysplastic=False, reader="B")
    call(read, [FIRST, other, replace(other, cell=2)])
    read_again(read, [(100, 0), (0, 0)])
    assert read.verdicts_by_reader() == {
        FIRST.reader: {5: replace(FIRST, cell=5)},
        "B": {5: replace(other, cell=5), 4: replace(other, cell=4)},
    }


def test_withdrawing_takes_back_ones_own_call_only(read: CaseFile) -> None:
    call(read, [FIRST, replace(FIRST, reader="B", dysplastic=False)])
    withdraw(read, 1, "B")
    assert read.verdicts() == {1: FIRST}
    withdraw(read, 1, FIRST.reader)
    withdraw(read, 1, FIRST.reader)
    assert read.verdicts() == {}
    assert [e.what for e in read.journal()][-2:] == ["cell 1: call withdrawn"] * 2


def test_a_verdict_goes_with_its_cell_into_a_new_run(read: CaseFile) -> None:
    call(read, [FIRST, replace(FIRST, cell=2), replace(FIRST, cell=3)])
    # Cell 3 has no partner: 60 px squares 25 px apart share 0.41 of their union.
    read_again(read, [(104, 3), (325, 300), (2, 1)])
    assert read.verdicts() == {4: replace(FIRST, cell=4), 6: replace(FIRST, cell=6)}
    (lost,) = read.unmatched_verdicts()
    assert (lost.verdict.cell, lost.slide, lost.box.x) == (3, 1, 300)


def test_a_carried_verdict_can_be_changed_and_withdrawn(read: CaseFile) -> None:
    call(read, [FIRST])
    read_again(read, [(0, 0)])
    newer = replace(FIRST, cell=4, dysplastic=False, reader="B")
    call(read, [newer])
    assert read.verdicts() == {4: newer}
    withdraw(read, 4, "B")
    withdraw(read, 4, FIRST.reader)
    assert read.verdicts() == {}
    assert read.unmatched_verdicts() == []


def test_verdicts_find_back_when_the_older_places_return(read: CaseFile) -> None:
    call(read, [FIRST])
    read_again(read, [(1000, 1000)])
    assert read.verdicts() == {}
    read_again(read, [(0, 1)])
    assert list(read.verdicts()) == [5]


def test_half_of_the_union_is_enough_and_less_is_not() -> None:
    called = np.asarray([[0, 0, 60, 60]], np.float32)
    just = np.asarray([[20, 0, 60, 60]], np.float32)  # 40 / 80
    less = np.asarray([[20.5, 0, 60, 60]], np.float32)
    assert partners(called, just).tolist() == [0]
    assert partners(called, less).tolist() == [-1]


def test_two_called_cells_never_share_a_partner() -> None:
    called = np.asarray([[0, 0, 60, 60], [6, 0, 60, 60]], np.float32)
    found = np.asarray([[7, 0, 60, 60]], np.float32)
    assert partners(called, found).tolist() == [-1, 0]


def test_nothing_called_or_nothing_found_has_no_partners() -> None:
    nothing = np.zeros((0, 4), np.float32)
    one = np.ones((1, 4), np.float32)
    assert partners(nothing, one).tolist() == []
    assert partners(one, nothing).tolist() == [-1]


def test_a_verdict_on_a_cell_nobody_has_leaves_nothing(read: CaseFile) -> None:
    with pytest.raises(KeyError):
        call(read, [FIRST, replace(FIRST, cell=99)])
    assert read.verdicts() == {}


def test_the_file_itself_refuses_to_change_a_verdict(read: CaseFile) -> None:
    call(read, [FIRST])
    read.close()
    connection = sqlite3.connect(read.path)
    for statement in (
        "UPDATE verdicts SET withdrawn = 0",
        "DELETE FROM verdicts",
        "UPDATE journal SET who = 'nobody'",
        "DELETE FROM journal",
        "UPDATE steps SET undoes = NULL",
        "DELETE FROM steps",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)
    connection.close()
