"""Cells counted beside a microscope: steps like any other, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.differential import confirmed_differential
from marrowscope.domain.review import Edit, Verdict
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.places import load_taxonomy
from tests.store.case_parts import begun, cells_at

A, B, AT = "Dr. A", "Dr. B", "2026-11-21T17:00:00.000+00:00"


def keying(cell: int, line: str, *, smear: str = "smear 1", who: str = A) -> Edit:
    verdict = Verdict(cell, (line,), None, who, AT)
    return Edit(f"1 {line} keyed", who, AT, verdicts=(verdict,), keyed={cell: smear})


def graded(cell: int, line: str) -> Edit:
    verdict = Verdict(cell, (line,), True, A, AT, {"whole_cell": 2})
    return Edit("graded", A, AT, verdicts=(verdict,))


def test_a_case_without_slides_keeps_what_was_keyed(tmp_path: Path) -> None:
    path = tmp_path / "scope.marrow"
    with CaseFile.create(path, name="At the microscope") as case:
        case.edit(keying(-1, "blast"))
        case.edit(keying(-2, "myelocyte", smear="smear 2"))
        case.edit(graded(-2, "myelocyte"))
    with CaseFile.open(path) as case:
        assert case.keyed() == {-1: "smear 1", -2: "smear 2"}
        assert case.verdicts()[-2].grades == {"whole_cell": 2}
        assert case.undo(A) is not None
        assert case.verdicts()[-2].dysplastic is None
        case.undo(A)
        assert case.keyed() == {-1: "smear 1"}
        assert list(case.verdicts()) == [-1]
        assert case.last_keyed() == -2  # an undone number is not given again
        case.redo(A)
        assert list(case.verdicts()) == [-1, -2]


def test_a_number_is_given_once(case: CaseFile) -> None:
    case.edit(keying(-1, "blast"))
    case.undo(A)
    for cell in (-1, 0, 7):
        with pytest.raises(KeyError):
            case.edit(keying(cell, "blast"))
    with pytest.raises(KeyError):
        case.edit(graded(-2, "blast"))


def test_keyed_and_detected_cells_are_counted_together_and_told_apart(
    case: CaseFile,
) -> None:
    case.add_field(begun(case), 0, cells_at([(0, 0), (100, 0)]))
    said = tuple(Verdict(cell, ("blast",), None, A, AT) for cell in (1, 2))
    case.edit(Edit("2 cells to blast", A, AT, verdicts=said))
    case.edit(keying(-1, "blast"))
    case.edit(keying(-2, "lymphocyte", who=B))
    taxonomy = load_taxonomy()
    counted = confirmed_differential(call_tally(case.verdicts().values()), taxonomy)
    blasts = next(row for row in counted.rows if row.lines == ("blast",))
    assert (blasts.share.count, blasts.keyed) == (3, 1)
    assert (counted.total, counted.keyed) == (4, 2)
    assert case.unmatched_verdicts() == []
