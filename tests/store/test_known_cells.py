"""Cells brought up to date row by row: the same as those that are read anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marrowscope.domain.cell_table import COLUMNS, CellTable
from marrowscope.domain.counted import count_in_regions
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.review import Edit, MissedCell
from marrowscope.store.case_file import CaseFile
from marrowscope.store.known_cells import changed_rows
from tests.store.case_parts import SLIDE, VOCABULARY, cells_at, provenance, strip
from tests.store.test_corrections import A, B, drawing

SIDE = 12  # cells along a field


def same(one: CellTable, other: CellTable) -> bool:
    return all(
        np.array_equal(getattr(one, n), getattr(other, n), equal_nan=n != "id")
        for n in COLUMNS
    )


@pytest.fixture
def read(case: CaseFile) -> CaseFile:
    """Two slides, read field by field in turn; a look at a cell of the other."""
    case.add_slide(SLIDE, Path("a.svs"))
    other = case.add_slide(replace(SLIDE, content="sha256:bb"), Path("b.svs"))
    runs = [case.begin_run(n, provenance(), VOCABULARY, strip(3)) for n in (1, other)]
    for field in range(3):
        for run in runs:
            places = [
                (90.0 * i, 700.0 * field + 90 * j)
                for i in range(SIDE)
                for j in range(3)
            ]
            case.add_field(run, field, cells_at(places))
    case.set_seen_again({50: 4, 51: 5})
    return case


def one_step(case: CaseFile, rng: np.random.Generator) -> None:
    """Whatever a reader may do to the cells there are."""
    table, who = case.cells(), (A, B)[int(rng.integers(2))]
    some = [int(c) for c in rng.choice(table.id, 3, replace=False)]
    x, y = rng.uniform(0, 1200), rng.uniform(0, 2200)
    box, beside = Box(x, y, 50, 40), Box(x + 60, y, 30, 40)
    slide = int(rng.integers(1, 3))
    missed = (MissedCell(slide, box), MissedCell(slide, beside))
    deed = int(rng.integers(8))
    if deed >= 5:
        case.undo(who) if deed < 7 else case.redo(who)
        return
    edits: list[Edit] = [
        drawing({}, missed[0], who=who),
        drawing({some[0]: None}, *missed, who=who),
        drawing({some[0]: box}, who=who),
        drawing({some[0]: beside, some[1]: None, some[2]: None}, who=who),
        drawing(dict.fromkeys(some), who=who),
    ]
    case.edit(edits[deed])


@pytest.mark.parametrize("seed", range(4))
def test_cells_brought_up_to_date_are_those_of_the_file_after_any_steps(
    read: CaseFile, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    regions = (
        Region(1, "in", RegionKind.INCLUDE, rectangle(Box(0, 0, 800, 1500))),
        Region(1, "out", RegionKind.EXCLUDE, rectangle(Box(300, 300, 400, 900))),
    )
    scales = {1: 0.25, 2: 0.25}
    first = known = read.known_cells()
    assert known is not None
    counted = count_in_regions(known.table, VOCABULARY, regions, scales)
    for _ in range(60):
        one_step(read, rng)
        anew = read.cells(outlines=False)
        before, known = known, read.known_cells(known)
        late = read.known_cells(first)
        assert known is not None
        assert late is not None
        changed = changed_rows(before, known)
        assert changed is not None
        counted = counted.with_changes(*changed, VOCABULARY)
        whole = count_in_regions(anew, VOCABULARY, regions, scales)
        assert np.array_equal(counted.outside, whole.outside)
        assert counted.extent == whole.extent
        assert np.array_equal(counted.tally.grades, whole.tally.grades)
        assert np.array_equal(counted.tally.answers, whole.tally.answers)
        assert same(known.table, anew)
        assert same(late.table, anew)
    assert known.drawn.removed
    assert known.drawn.missed


def test_a_cell_brought_back_beside_one_that_is_removed_stands_in_its_place(
    read: CaseFile,
) -> None:
    read.edit(drawing({10: None}))
    known = read.known_cells()
    read.undo(A)
    read.edit(drawing({11: None}))
    now = read.known_cells(known)
    assert now is not None
    assert same(now.table, read.cells(outlines=False))


def test_cells_are_read_anew_once_another_look_at_them_is_known(
    read: CaseFile,
) -> None:
    known = read.known_cells()
    read.set_seen_again({50: 4, 51: 5, 60: 6})
    now = read.known_cells(known)
    assert known is not None
    assert now is not None
    assert changed_rows(known, now) is None
    assert same(now.table, read.cells(outlines=False))


def test_a_look_at_a_cell_stays_counted_once_when_its_box_is_taken_back(
    read: CaseFile,
) -> None:
    read.set_seen_again({})
    read.edit(drawing({50: Box(5, 5, 40, 40)}))
    read.set_seen_again({50: 4})
    known = read.known_cells()
    read.undo(A)
    now = read.known_cells(known)
    assert now is not None
    assert 50 not in now.table.id
    assert same(now.table, read.cells(outlines=False))


def test_cells_are_read_anew_once_another_run_counts_and_while_it_finds_more(
    read: CaseFile,
) -> None:
    known = read.known_cells()
    run = read.begin_run(1, provenance("a" * 64), VOCABULARY, strip(3))
    for field, places in enumerate(([], [(70.0, 700.0)], [(70.0, 1400.0)])):
        read.add_field(run, field, cells_at(places))
        before, known = known, read.known_cells(known)
        assert before is not None
        assert known is not None
        assert changed_rows(before, known) is None
        assert same(known.table, read.cells(outlines=False))
