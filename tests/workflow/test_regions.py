"""What a case counts in its regions, brought up to date by what a reader drew."""

from __future__ import annotations

from pathlib import Path

import pytest

from marrowscope.domain.counted import Counted
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.review import MissedCell
from marrowscope.store.case_file import CaseFile
from marrowscope.store.known_cells import KnownCells, changed_rows
from marrowscope.workflow.regions import counted_after, counted_in_case
from tests.store.case_parts import VOCABULARY, begun, cells_at
from tests.store.test_corrections import drawing

LEFT = Region(1, "left", RegionKind.INCLUDE, rectangle(Box(0, 0, 300, 100)))
RIGHT = Region(1, "right", RegionKind.INCLUDE, rectangle(Box(300, 0, 400, 100)))


@pytest.fixture
def case(tmp_path: Path):
    with CaseFile.create(tmp_path / "a.marrow", name="a") as file:
        file.add_field(begun(file), 0, cells_at([(i * 70.0, 0) for i in range(9)]))
        file.change_regions([LEFT], who="A")
        yield file


def drawn_after(case: CaseFile, known: KnownCells, before: Counted) -> Counted | None:
    """One cell removed, one added: the count as it follows from the one before."""
    case.edit(drawing({2: None}, MissedCell(1, Box(200, 20, 50, 50))))
    now = case.known_cells(known)
    assert now is not None
    changed = changed_rows(known, now)
    assert changed is not None
    return counted_after(case, before, changed, VOCABULARY)


@pytest.fixture
def shown(case: CaseFile) -> tuple[KnownCells, Counted]:
    known = case.known_cells()
    assert known is not None
    return known, counted_in_case(case, known.table, VOCABULARY)


def test_what_was_counted_in_other_regions_is_not_carried_on(
    case: CaseFile, shown: tuple[KnownCells, Counted]
) -> None:
    case.change_regions([RIGHT], who="A", removed=[LEFT.id])
    assert drawn_after(case, *shown) is None


def test_a_count_carried_on_is_that_of_all_cells_at_the_scale_of_now(
    case: CaseFile, shown: tuple[KnownCells, Counted]
) -> None:
    case.calibrate(1, 0.5, "typed")
    after = drawn_after(case, *shown)
    whole = counted_in_case(case, case.cells(outlines=False), VOCABULARY)
    assert after is not None
    assert after.extent == whole.extent
    assert after.extent != shown[1].extent
    assert after.outside.tolist() == whole.outside.tolist()
    assert after.tally.answers.tolist() == whole.tally.answers.tolist()
