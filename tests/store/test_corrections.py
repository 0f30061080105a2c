"""What people correct: kept through new runs, undone and done again step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, History, MissedCell, Verdict
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import (
    SLIDE,
    VOCABULARY,
    begun,
    call,
    cells_at,
    provenance,
    strip,
)

AT, A, B = "2026-11-21T15:00:00.000+00:00", "Dr. Ørsted", "Dr. B"
GOLDEN = Path(__file__).parents[1] / "golden" / "case_v8.marrow"
MISSED = Box(200, 200, 50, 40)


@pytest.fixture
def read(case: CaseFile) -> CaseFile:
    case.add_field(begun(case), 0, cells_at([(0, 0), (100, 0), (300, 300)]))
    return case


def read_again(case: CaseFile, corners: list[tuple[float, float]]) -> None:
    run = case.begin_run(1, provenance(), VOCABULARY, strip(1))
    case.add_field(run, 0, cells_at(corners))


def boxes_of(case: CaseFile) -> dict[int, tuple[float, ...]]:
    table = case.cells()
    return {int(i): tuple(b) for i, b in zip(table.id, table.box.tolist(), strict=True)}


def drawing(
    boxes: Mapping[int, Box | None] | None = None, *missed: MissedCell, who: str = A
) -> Edit:
    return Edit("drawn", who, AT, boxes=boxes or {}, missed=missed)


def calling(cell: int, line: str, who: str = A) -> Edit:
    verdict = Verdict(cell, (line,), None, who, AT)
    return Edit(f"1 cell to {line}", who, AT, verdicts=(verdict,))


def test_a_missed_cell_is_there_called_at_once_and_no_models(read: CaseFile) -> None:
    step = read.edit(drawing({}, MissedCell(1, MISSED, ("blast",), True)))
    table = read.cells()
    assert step.added == (4,)
    assert table.drawn.tolist() == [False, False, False, True]
    assert boxes_of(read)[4] == (200, 200, 50, 40)
    assert not table.probabilities[3].any()
    assert read.verdicts()[4].lines == ("blast",)
    assert [e.what for e in read.journal()][-2:] == ["cell 4 added", "cell 4 called"]
    run = read.runs()[0]
    assert read.add_field(run, 1, cells_at([(900, 0)])).id.tolist() == [5]


def test_the_models_answer_stays_under_a_redrawn_box(read: CaseFile) -> None:
    before = read.cells().cell(1)
    read.edit(drawing({2: Box(90, 5, 80, 70)}))
    after = read.cells().cell(1)
    assert (after.box, after.outline) == (Box(90, 5, 80, 70), None)
    assert np.array_equal(after.probabilities, before.probabilities)
    last = read.journal()[-1]
    assert (last.who, last.what) == (A, "cell 2 redrawn")
    assert last.was == "60 × 60 px at x 100, y 0"
    assert last.became == "80 × 70 px at x 90, y 5"
    read.undo(A)
    assert read.cells().cell(1).box == before.box
    assert read.cells().cell(1).outline is not None


def test_no_later_run_undoes_what_a_person_drew(read: CaseFile) -> None:
    call(read, [Verdict(2, ("blast",), None, A, AT)])
    seen, unseen = MissedCell(1, MISSED, ("band",)), MissedCell(1, Box(400, 0, 30, 30))
    read.edit(drawing({1: None, 2: Box(90, 0, 90, 60)}, seen, unseen))
    # The new run finds cell 1 and the first missed cell by itself, and not cell 2.
    read_again(read, [(1, 1), (196, 192), (700, 700)])
    now = {2: (90, 0, 90, 60), 5: (400, 0, 30, 30), 7: (200, 200, 50, 40)}
    assert boxes_of(read) == {**now, 8: (700, 700, 60, 60)}
    assert {cell: v.lines for cell, v in read.verdicts().items()} == {
        2: ("blast",),
        7: ("band",),
    }
    assert read.unmatched_verdicts() == []


def test_a_cell_beside_a_removed_one_is_not_removed_for_it(read: CaseFile) -> None:
    case = read
    run = case.begin_run(1, provenance(), VOCABULARY, strip(1))
    case.add_field(run, 0, cells_at([(0, 0), (20, 0)]))  # two boxes on one cell
    case.edit(drawing({5: None}))
    read_again(case, [(8, 0)])
    assert list(boxes_of(case)) == [6]
    read_again(case, [(1, 0), (19, 0)])
    assert list(boxes_of(case)) == [7]


def test_halves_of_a_cell_do_not_become_the_cell_again(read: CaseFile) -> None:
    halves = MissedCell(1, Box(0, 0, 35, 60)), MissedCell(1, Box(25, 0, 35, 60))
    read.edit(drawing({1: None}, *halves))
    assert 1 not in boxes_of(read)
    assert len(boxes_of(read)) == 4


def test_a_split_cell_stays_split(read: CaseFile) -> None:
    halves = [MissedCell(1, Box(0, 0, 20, 60)), MissedCell(1, Box(18, 0, 42, 60))]
    read.edit(drawing({1: None}, *halves))
    read_again(read, [(0, 0), (100, 0)])
    assert {box for cell, box in boxes_of(read).items() if cell < 6} == {
        (0, 0, 20, 60),
        (18, 0, 42, 60),
    }
    assert len(boxes_of(read)) == 3
    read.undo(A)
    assert boxes_of(read) == {6: (0, 0, 60, 60), 7: (100, 0, 60, 60)}


def test_a_removed_cell_takes_its_call_along_and_brings_it_back(
    read: CaseFile,
) -> None:
    call(read, [Verdict(1, ("blast",), None, B, AT)])
    read.edit(drawing({1: None}))
    assert (read.verdicts(), read.unmatched_verdicts()) == ({}, [])
    read_again(read, [(0, 0)])
    assert (read.verdicts(), read.unmatched_verdicts()) == ({}, [])
    read.undo(A)
    assert read.verdicts()[4].lines == ("blast",)


def test_undo_and_redo_have_names_and_outlive_the_program(
    read: CaseFile, case_path: Path
) -> None:
    for edit in (calling(1, "blast"), calling(1, "band"), drawing({2: None})):
        read.edit(edit)
    assert read.history(A) == History("drawn", "")
    assert read.history(B) == History()
    undone = read.undo(A)
    assert undone is not None
    assert (undone.name, undone.cells) == ("drawn", (2,))
    read.undo(A)
    read.close()
    with CaseFile.open(case_path) as again:
        assert again.verdicts()[1].lines == ("blast",)
        assert again.history(A) == History("1 cell to blast", "1 cell to band")
        again.redo(A)
        again.redo(A)
        assert again.redo(A) is None
        assert again.verdicts()[1].lines == ("band",)
        assert sorted(boxes_of(again)) == [1, 3]
        told = [entry.what for entry in again.journal()][-4:]
    assert told == [
        "undone: drawn",
        "undone: 1 cell to band",
        "done again: 1 cell to band",
        "done again: drawn",
    ]


def test_nobody_undoes_what_another_reader_did(read: CaseFile) -> None:
    read.edit(calling(1, "blast"))
    read.edit(calling(1, "band", B))
    read.undo(A)
    assert read.undo(A) is None
    assert {v.lines for v in read.verdicts().values()} == {("band",)}
    read.undo(B)
    assert read.verdicts() == {}
    read.redo(A)
    assert read.verdicts()[1].reader == A


def test_a_slide_or_cell_that_is_not_there_leaves_nothing(read: CaseFile) -> None:
    for edit in (
        drawing({99: None}),
        drawing({1: None}, MissedCell(2, MISSED)),
        calling(99, "blast"),
        Edit("", A, AT, withdrawn=(99,)),
    ):
        with pytest.raises(KeyError):
            read.edit(edit)
    assert sorted(boxes_of(read)) == [1, 2, 3]
    assert read.history(A) == History()


def test_a_cell_drawn_before_any_run_waits_for_one(case: CaseFile) -> None:
    case.add_slide(SLIDE, Path("a.svs"))
    case.edit(drawing({}, MissedCell(1, MISSED)))
    assert len(case.cells()) == 0
    case.add_field(begun(case), 0, cells_at([(0, 0)]))
    assert sorted(boxes_of(case)) == [1, 2]


def test_a_step_names_its_cells_as_the_newest_run_does(read: CaseFile) -> None:
    read.edit(calling(1, "blast"))
    read_again(read, [(1, 1)])
    for step in (read.undo(A), read.redo(A)):
        assert step is not None
        assert step.cells == (4,)


def test_a_cell_drawn_on_one_slide_is_on_no_other(read: CaseFile) -> None:
    other = read.add_slide(replace(SLIDE, content="sha256:bb"), Path("b.svs"))
    read.edit(drawing({}, MissedCell(other, MISSED)))
    assert read.cells(1).id.tolist() == [1, 2, 3]
    assert read.cells(other).id.tolist() == [4]
    assert read.cells().id.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("read_only", [True, False])
def test_a_case_of_version_8_knows_its_steps_and_its_count(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        first, last = (0, 5, 60, 60), (300, 5, 40, 50)
        assert boxes_of(case) == {1: first, 2: (70, 5, 60, 60), 4: last}
        said = {cell: v.lines for cell, v in case.verdicts().items()}
        assert said == {1: ("blast",), 4: ("band",)}
        assert case.history(A) == History("split", "1 box redrawn")
        count = case.formal_count()
        assert count is not None
        assert (count.target, count.seed) == (2, 12345678901234567890)
        assert (count.cells, count.on_top) == ({1: (2, 4)}, {"erythroid": (1,)})


@pytest.mark.parametrize("read_only", [True, False])
def test_a_case_of_version_7_knows_its_steps(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v7.marrow").read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        first, last = (0, 5, 60, 60), (300, 5, 40, 50)
        assert boxes_of(case) == {1: first, 2: (70, 5, 60, 60), 4: last}
        said = {cell: v.lines for cell, v in case.verdicts().items()}
        assert said == {1: ("blast",), 4: ("band",)}
        assert case.history(A) == History("1 missed cell added", "1 box redrawn")
        assert case.history("Dr. 李") == History("1 cell removed", "")
        assert case.formal_count() is None


def test_a_case_of_version_1_keeps_its_calls_and_takes_steps(tmp_path: Path) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v1.marrow").read_bytes())
    with CaseFile.open(path) as case:
        before = case.verdicts()
        assert sorted(before) == [1, 2]
        assert case.undo(A) is None
        case.edit(calling(1, "band"))
        assert case.verdicts()[1].lines == ("band",)
        case.undo(A)
        assert case.verdicts() == before


def test_what_was_taken_back_before_version_7_stays_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v1.marrow").read_bytes())
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "INSERT INTO verdicts (cell, lines, grades, reader, at, withdrawn)"
            " VALUES (3, '[\"blast\"]', '{}', ?, ?, ?)",
            (A, AT, AT),
        )
    with CaseFile.open(path) as case:
        assert sorted(case.verdicts()) == [1, 2]
