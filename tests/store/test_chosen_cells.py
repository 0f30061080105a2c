"""Calls of cells that were picked out, and unflagged cells drawn to be read blind."""

from __future__ import annotations

from dataclasses import replace

from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, call, cells_at

AT = "2026-11-21T05:00:00.000+00:00"
MET = Verdict(1, ("proerythroblast",), True, "A", AT)
CHOSEN = replace(MET, cell=2, origin=Origin.QUEUE)
CORNERS = [(0.0, 0.0), (100.0, 0.0), (300.0, 300.0)]


def test_a_case_keeps_why_a_cell_was_shown_to_its_reader(case: CaseFile) -> None:
    case.add_field(begun(case), 0, cells_at(CORNERS))
    call(case, [MET, CHOSEN])
    case.close()
    with CaseFile.open(case.path) as again:
        assert again.verdicts() == {1: MET, 2: CHOSEN}
        assert [v.chosen for v in again.verdicts().values()] == [False, True]
        again.undo("A")
        assert again.verdicts() == {}
        again.redo("A")
        assert again.verdicts()[2].origin is Origin.QUEUE


def test_the_newest_draw_of_each_lineage_is_in_force(case: CaseFile) -> None:
    case.add_field(begun(case), 0, cells_at(CORNERS))
    first = UnflaggedCheck("erythroid", 2**40, 3, "A", AT, (3, 1))
    second = replace(first, seed=8, cells=(2, 3))
    other = replace(first, lineage="granulocytic", cells=())
    for check in (first, other, second):
        case.add_check(check)
    case.close()
    with CaseFile.open(case.path) as again:
        assert set(again.checks()) == {second, other}
        assert again.journal()[-1].what == "unflagged erythroid cells drawn"
