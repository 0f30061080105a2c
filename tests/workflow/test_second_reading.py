"""A second reader: other eyes, kept apart, compared, and settled one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.second_reading import SecondReading
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.agreement_words import agreement_told
from marrowscope.workflow.formal_count import formal_count
from marrowscope.workflow.reviewing import called, calling, record
from marrowscope.workflow.second_reading import (
    adjudicate,
    agreed,
    begin_second_reading,
    compare_readings,
    otherwise,
)
from tests.store.case_parts import begun, cells_at

LINES = ("blast", "promyelocyte", "band", "proerythroblast")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    """200 cells, 100 of them called by A."""
    with CaseFile.create(tmp_path / "case.marrow", name="two") as made:
        made.add_field(begun(made), 0, cells_at([(i * 70.0, 0) for i in range(200)]))
        record(made, [first(cell) for cell in range(1, 101)])
        yield made


def first(cell: int) -> Verdict:
    grades = {"e_budding": cell % 4}
    line = LINES[cell % 4]
    return called(cell, (line,), reader="A", dysplastic=cell % 5 == 0, grades=grades)


def second(cell: int, number: int) -> Verdict:
    """As the first, but for every tenth cell, and a grade more for every third."""
    line = LINES[(cell + (number % 10 == 0)) % 4]
    grades = {"e_budding": min(cell % 4 + (number % 3 == 0), 3)}
    return called(cell, (line,), reader="B", dysplastic=cell % 5 == 0, grades=grades)


def read_all(case: CaseFile) -> SecondReading:
    reading = begin_second_reading(case, reader="B", seed=7)
    calls = [second(cell, i) for i, cell in enumerate(reading.cells)]
    case.edit(replace(calling(calls), reading=reading.number))
    return reading


def test_cells_come_in_a_random_order_that_its_seed_brings_back(case: CaseFile) -> None:
    reading = begin_second_reading(case, reader="B", seed=7)
    assert sorted(reading.cells) == list(range(1, 101))
    assert list(reading.cells) != sorted(reading.cells)
    again = begin_second_reading(case, reader="C", seed=7, sample=20)
    assert again.cells == reading.cells[:20]
    assert [one.reader for one in case.second_readings()] == ["B", "C"]
    formal_count(case, target=30, seed=1, reader="A")
    of_count = begin_second_reading(case, reader="D")
    drawn = set(case.formal_count().drawn)
    assert set(of_count.cells) == drawn & set(range(1, 101))


@pytest.mark.parametrize("name", ["A", "a ", " ", "", "J.  MU\u0308LLER"])
def test_nobody_is_the_second_reader_of_one_s_own_calls(
    case: CaseFile, name: str
) -> None:
    record(case, [called(1, ("blast",), reader="J. M\u00fcller")])
    with pytest.raises(MarrowScopeError, match="cannot be the second reader"):
        begin_second_reading(case, reader=name)


def test_what_the_second_reader_says_is_never_in_force(case: CaseFile) -> None:
    before, by_reader = case.verdicts(), case.verdicts_by_reader()
    reading = read_all(case)
    assert case.verdicts() == before
    assert case.verdicts_by_reader() == by_reader
    assert len(case.verdicts(reading=reading.number)) == 100
    assert case.history("B").undo == ""
    assert case.undo("B") is None
    assert case.undo("B", reading=reading.number) is not None
    assert case.verdicts(reading=reading.number) == {}
    assert case.redo("B", reading=reading.number) is not None
    assert len(case.verdicts(reading=reading.number)) == 100
    assert case.history("A").undo


def test_agreement_is_that_of_scikit_learn_and_grades_weigh_by_distance(
    case: CaseFile,
) -> None:
    reading = read_all(case)
    found = compare_readings(case, reading)
    one, other = case.verdicts(), case.verdicts(reading=reading.number)
    lines = [[v[c].lines[0] for c in reading.cells] for v in (one, other)]
    assert found.complete
    assert found.lines.kappa == pytest.approx(cohen_kappa_score(*lines))
    grades = [[v[c].grades["e_budding"] for c in reading.cells] for v in (one, other)]
    linear = cohen_kappa_score(*grades, weights="linear")
    assert found.grades.linear == pytest.approx(linear)
    assert found.differing == 10
    lineage = {entry.lineage: entry.share for entry in found.by_lineage}
    assert sum(share.total for share in lineage.values()) == 100
    # Promyelocyte against band is one lineage; every other step leaves its own.
    assert lineage["granulocytic"].count < lineage["granulocytic"].total


def test_an_adjudicated_call_is_in_force_and_its_kappa_stays(case: CaseFile) -> None:
    reading = read_all(case)
    before = compare_readings(case, reading)
    for one in before.open_[:4]:
        adjudicate(case, reading, one, agreed(one.second, reader="chief"))
    after = compare_readings(case, reading)
    assert len(after.open_) == len(before.open_) - 4
    assert after.lines == before.lines
    for one in before.open_[:4]:
        verdict = case.verdicts()[one.cell]
        assert (verdict.lines, verdict.reader) == (one.second.lines, "chief")
    said = [e.what for e in case.journal()]
    assert f"cell {before.open_[0].cell} called" in said
    case.undo("chief")
    assert len(compare_readings(case, reading).open_) == len(before.open_) - 3
    assert case.verdicts()[before.open_[3].cell].reader == "A"


def test_a_call_changed_after_the_second_reader_answered_agrees_no_better(
    case: CaseFile,
) -> None:
    record(case, [called(1, ("band",), reader="A", grades={"e_budding": 3})])
    reading = read_all(case)
    before = compare_readings(case, reading)
    for one in before.open_[:2]:
        adjudicate(case, reading, one, agreed(one.second, reader="A"))
    agreeing = [
        called(one.cell, one.second.lines, reader="A") for one in before.open_[1:5]
    ]
    record(case, agreeing)
    case.undo("A", at="later")
    case.redo("A", at="later")
    after = compare_readings(case, reading)
    assert replace(after, open_=before.open_) == before
    assert len(after.open_) == len(before.open_) - 5
    assert {case.verdicts()[one.cell].lines for one in before.open_[:5]} == {
        one.second.lines for one in before.open_[:5]
    }
    for _ in range(10):
        case.undo("A", at="later")
    assert compare_readings(case, reading).lines == before.lines


def test_a_grade_that_one_reader_alone_gave_is_held_against_none(
    case: CaseFile,
) -> None:
    """Else readers who see dysplasia in other cells would agree perfectly."""
    own = (range(21, 31), range(26, 36))
    cells = list(range(21, 41))

    def said(cell: int, graded: range, reader: str) -> Verdict:
        grades = {"g_decreased_granules": 2} if cell in graded else {}
        judged = cell in graded
        return called(cell, ("band",), reader=reader, dysplastic=judged, grades=grades)

    neither = [called(50, ("blast",), reader=reader) for reader in "AB"]
    record(case, [*(said(cell, own[0], "A") for cell in cells), neither[0]])
    reading = begin_second_reading(case, reader="B", seed=7)
    calls = [*(said(cell, own[1], "B") for cell in cells), neither[1]]
    case.edit(replace(calling(calls), reading=reading.number))
    grades = [[2 * (cell in graded) for cell in cells] for graded in own]
    found = compare_readings(case, reading)
    linear = cohen_kappa_score(*grades, weights="linear")
    assert found.grades.linear == pytest.approx(linear)
    assert found.grades.cells == 20


def test_a_settled_call_keeps_how_its_cell_was_found_and_what_both_said_of_dysplasia(
    case: CaseFile, criteria: Criteria
) -> None:
    picked = called(3, ("myelocyte",), reader="A", dysplastic=True)
    record(case, [replace(picked, origin=Origin.QUEUE)])
    reading = begin_second_reading(case, reader="B", seed=7)
    other = called(3, ("promyelocyte",), reader="B", dysplastic=True)
    case.edit(replace(calling([other]), reading=reading.number))
    (one,) = compare_readings(case, reading).open_
    third = otherwise(one, ("band",), reader="chief", criteria=criteria)
    adjudicate(case, reading, one, third)
    now = case.verdicts()[3]
    assert (now.lines, now.dysplastic, now.origin) == (("band",), True, Origin.QUEUE)
    blast = otherwise(one, ("blast",), reader="chief", criteria=criteria)
    assert blast.dysplastic is None


def test_the_report_tells_how_the_readers_agree(case: CaseFile, tmp_path: Path) -> None:
    reading = read_all(case)
    said = agreement_told(case)
    assert said[0].startswith("B has called 100 of 100 cells")
    assert said[-1] == "10 cells differed then, 10 are not settled."
    assert any(
        sentence.startswith("Grades, linear weights: kappa") for sentence in said
    )
    assert reading.seed == 7
