"""The formal count: fixed, random, from every smear, and changed by no top-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.formal_count import (
    FormalCount,
    Frame,
    cells_on_top,
    cells_to_draw,
    random_order,
    shares,
    surplus_cells,
)
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.statistics import Share
from marrowscope.gui.case_state import RunState
from marrowscope.gui.formal_count.model import notes
from marrowscope.report.formal import leaning
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.counting import Counts, count
from marrowscope.workflow.formal_count import formal_count
from marrowscope.workflow.regions import counted_in_case
from marrowscope.workflow.reviewing import called, record
from tests.store.case_parts import SLIDE, VOCABULARY, cells_at, provenance, strip


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    """Two smears, one with 300 cells and one with 40."""
    made = CaseFile.create(tmp_path / "case.marrow", name="two smears")
    for content, cells in (("a", 300), ("b", 40)):
        slide = made.add_slide(replace(SLIDE, content=content), Path(content))
        run = made.begin_run(slide, provenance(), VOCABULARY, strip(1))
        made.add_field(run, 0, cells_at([(i * 70.0, 0) for i in range(cells)]))
    yield made
    made.close()


def call_all(case: CaseFile, cells, line: str) -> None:
    record(case, [called(cell, (line,), reader="A") for cell in cells])


def test_a_count_is_drawn_evenly_and_the_same_again(case: CaseFile) -> None:
    state = formal_count(case, target=100, seed=7, reader="A")
    assert len(set(state.cells)) == 100
    assert [s.drawn for s in state.smears] == [60, 40]
    assert state.cells[:60] == tuple(random_order(range(1, 301), 7, 1)[:60])
    assert (state.to_read, state.counted, state.missing) == (100, 0, 0)
    assert formal_count(case, reader="B") == state


def test_a_count_once_fixed_is_not_another(case: CaseFile) -> None:
    formal_count(case, target=100, seed=7, reader="A")
    with pytest.raises(MarrowScopeError, match="fixed at 100 cells with seed 7"):
        formal_count(case, target=101, reader="A")
    with pytest.raises(MarrowScopeError, match="go on with this one"):
        formal_count(case, seed=8, reader="A")


def test_cells_that_are_none_are_replaced_and_tops_change_no_percentage(
    case: CaseFile,
) -> None:
    state = formal_count(case, target=100, seed=7, reader="A")
    assert set(state.on_top) == {"erythroid"}
    assert len(state.on_top["erythroid"]) == 100
    assert not set(state.on_top["erythroid"]) & set(state.cells)
    call_all(case, state.cells[:10], "not_a_cell")
    call_all(case, state.cells[10:], "blast")
    call_all(case, state.on_top["erythroid"], "proerythroblast")
    after = formal_count(case, reader="A")
    assert after.lines == {"blast": 90}
    assert (after.counted, after.to_read, after.replaced) == (90, 10, 10)
    assert len(after.cells) == 110
    assert {s.name: s.lines for s in after.smears} == {
        s.name: {"blast": s.counted} for s in after.smears
    }
    erythroid = after.lineages[0]
    assert (erythroid.called, erythroid.minimum) == (100, 200)
    assert len(after.on_top["erythroid"]) == 190


def test_a_call_taken_back_after_its_cell_was_replaced_leaves_the_target_as_it_is(
    case: CaseFile,
) -> None:
    state = formal_count(case, target=100, seed=7, reader="A")
    call_all(case, state.cells, "blast")
    call_all(case, state.cells[:1], "not_a_cell")
    replaced = formal_count(case, reader="A")
    (fresh,) = set(replaced.cells) - set(state.cells)
    call_all(case, [fresh], "monocyte")
    assert counted(case).confirmed_blasts == Share(99, 100)
    call_all(case, state.cells[:1], "blast")
    after = formal_count(case, reader="A")
    assert (after.counted, after.to_read, after.missing) == (100, 0, 0)
    assert after.lines["blast"] >= 99
    counts = counted(case)
    assert counts.confirmed.total == 100
    assert counts.confirmed_blasts == Share(after.lines["blast"], 100)
    assert sum(row.share.count for row in counts.apart) == 1


def test_what_is_counted_again_sets_aside_the_cells_that_were_drawn_for_it() -> None:
    """Definitions tried and taken back; one smear gave more cells than the other."""
    frame = Frame({1: np.arange(300), 2: np.arange(300, 600)}, {})
    first = drawn_on(FormalCount(100, 7, "A", "now"), frame, set())
    gone = set(first.cells[1][:5])
    before = drawn_on(first, frame, gone)
    assert {s: len(set(c) - gone) for s, c in before.cells.items()} == {1: 48, 2: 52}
    out = set(before.cells[1][5:25])
    after = drawn_on(before, frame, gone | out)
    assert not surplus_cells(after, gone | out)
    assert set(after.drawn) - surplus_cells(after, gone) == set(before.drawn)


def drawn_on(count: FormalCount, frame: Frame, void: set[int]) -> FormalCount:
    return count.with_cells(cells_to_draw(count, frame, void), {})


def test_a_drawn_cell_that_regions_leave_out_is_replaced_and_costs_no_other_its_place(
    case: CaseFile,
) -> None:
    state = formal_count(case, target=20, seed=3, reader="A")
    call_all(case, state.cells, "blast")
    part = Region(1, "R", RegionKind.INCLUDE, rectangle(Box(0, 0, 3000, 100)))
    case.change_regions([part], who="A")
    after = formal_count(case, reader="A")
    call_all(case, set(after.cells) - set(state.cells), "blast")
    last = formal_count(case, reader="A")
    assert last.counted == 20
    assert last.replaced > 0
    assert counted(case).confirmed.total == 20


def test_only_what_regions_leave_is_drawn(case: CaseFile) -> None:
    part = Region(1, "R", RegionKind.INCLUDE, rectangle(Box(0, 0, 700, 100)))
    case.change_regions([part], who="A")
    state = formal_count(case, target=500, seed=1, reader="A")
    assert sorted(state.cells) == [*range(1, 11), *range(301, 341)]
    assert state.missing == 450


def test_a_new_run_takes_the_drawn_cells_along(case: CaseFile) -> None:
    state = formal_count(case, target=20, seed=3, reader="A")
    call_all(case, state.cells, "blast")
    run = case.begin_run(1, provenance(), VOCABULARY, strip(1))
    case.add_field(run, 0, cells_at([(i * 70.0 + 2, 1) for i in range(300)]))
    after = formal_count(case, reader="A")
    assert (after.counted, after.to_read, after.lines) == (20, 0, {"blast": 20})
    assert set(after.cells[:10]) == {c + 340 for c in state.cells[:10]}


def test_what_was_sought_is_never_drawn_and_judges_its_lineage(case: CaseFile) -> None:
    sought = case.add_sought(case.runs()[0], cells_at([(0, 200), (70, 200)]))
    state = formal_count(case, target=500, seed=1, reader="A")
    assert len(state.cells) == 340
    assert not set(state.cells) & set(sought.id.tolist())
    call_all(case, [*sought.id.tolist(), state.cells[0]], "megakaryocyte")
    giants = formal_count(case, reader="A").lineages[-1]
    assert (giants.lineage, giants.called) == ("megakaryocytic", 3)


def test_photos_are_drawn_from_as_one_smear(case: CaseFile) -> None:
    case.set_photo_overlaps([], photos=[1, 2])
    state = formal_count(case, target=100, seed=7, reader="A")
    (smear,) = state.smears
    assert (smear.name, smear.drawn) == ("field photos", 100)


def test_an_order_hangs_on_seed_and_smear_and_not_on_how_cells_come() -> None:
    order = random_order(range(100), 7, 1).tolist()
    assert random_order(range(99, -1, -1), 7, 1).tolist() == order
    others = [random_order(range(100), *of).tolist() for of in ((7, 2), (8, 1))]
    assert order not in others


def test_a_drawn_cell_that_a_newer_run_lacks_is_replaced(case: CaseFile) -> None:
    state = formal_count(case, target=20, seed=3, reader="A")
    gone = next(cell for cell in state.cells if cell <= 300)
    run = case.begin_run(1, provenance(), VOCABULARY, strip(1))
    found = [(i * 70.0, 0) for i in range(300) if i + 1 != gone]
    case.add_field(run, 0, cells_at(found))
    after = formal_count(case, reader="A")
    assert (after.replaced, after.to_read, len(after.cells)) == (1, 20, 21)


def test_nobody_is_asked_again_of_a_cell_that_is_called(case: CaseFile) -> None:
    call_all(case, range(1, 341), "proerythroblast")
    state = formal_count(case, target=100, seed=7, reader="A")
    assert state.to_read == 0
    assert [one.to_read for one in state.lineages] == [0, 0, 0]


def test_a_count_read_in_part_says_which_of_its_cells_were_picked_out(
    case: CaseFile,
) -> None:
    drawn = formal_count(case, target=100, seed=7, reader="A").cells
    said = [called(cell, ("blast",), reader="A") for cell in drawn]
    record(case, [replace(one, origin=Origin.SORTED) for one in said[:3]])
    record(case, said[3:10])
    state = formal_count(case, target=100, seed=7, reader="A")
    assert (state.counted, state.picked) == (10, 3)
    assert leaning(state).startswith("3 of 10 were not read in turn but picked out")
    assert leaning(state) in notes(state, RunState(), None)
    record(case, said[10:])
    state = formal_count(case, target=100, seed=7, reader="A")
    assert state.picked == 3
    assert leaning(state) not in notes(state, RunState(), None)


def test_what_was_called_before_is_drawn_on_top_like_any_other_cell(
    criteria: Criteria,
) -> None:
    """Cells called in review are the dysplastic ones: left out, none would be left."""
    frame = Frame({1: np.arange(900)}, {"erythroid": np.arange(900)})
    fixed = FormalCount(100, 7, "A", "now").with_cells({1: range(100)}, {})
    stage = ("basophilic_erythroblast",)
    seen = {c: Verdict(c, stage, True, "A", "now") for c in range(100, 500)}
    gone = {c: Verdict(c, ("blast",), None, "A", "now") for c in range(500, 600)}
    top = cells_on_top(fixed, frame, seen | gone, criteria)["erythroid"]
    assert len(top) == 100
    assert 40 <= len(seen.keys() & set(top)) <= 75
    assert not gone.keys() & set(top)


def test_megakaryocytes_picked_for_review_judge_nothing_and_the_others_are_not_apart(
    case: CaseFile,
) -> None:
    state = formal_count(case, target=100, seed=7, reader="A")
    used = {*state.cells, *(c for some in state.on_top.values() for c in some)}
    outside = sorted(set(range(1, 341)) - used)
    giants = [
        called(cell, ("megakaryocyte",), reader="A", dysplastic=dysplastic)
        for cell, dysplastic in zip(outside[:5], [True] * 2 + [False] * 3, strict=True)
    ]
    picked = [replace(one, origin=Origin.QUEUE) for one in giants[:2]]
    record(case, [*picked, *giants[2:]])
    counts = counted(case)
    assert counts.confirmed_dysplasia[2].share == Share(0, 3)
    assert [row.share.count for row in counts.apart] == [2]
    assert formal_count(case, reader="A").lineages[2].called == 3


def test_a_lineage_is_topped_up_by_what_it_lacks_itself(criteria: Criteria) -> None:
    """A hundred cells are drawn, all said to be granulocytic; one is called a blast."""
    cells = np.arange(900)
    said = {"granulocytic": cells[:501], "erythroid": cells[501:]}
    frame = Frame({1: cells}, said)
    fixed = FormalCount(100, 7, "A", "now").with_cells({1: range(100)}, {})
    blast = {3: Verdict(3, ("blast",), None, "A", "now")}
    top = cells_on_top(fixed, frame, blast, criteria)
    least = {one.lineage: one.minimum_cells for one in criteria.dysplasia}
    assert {lineage: len(cells) for lineage, cells in top.items()} == {
        "erythroid": least["erythroid"],
        "granulocytic": least["granulocytic"] - 99,
    }
    assert set(top["erythroid"]) <= set(said["erythroid"].tolist())


@given(st.integers(0, 600), st.dictionaries(st.integers(0, 9), st.integers(0, 300)))
def test_smears_share_evenly_and_give_no_more_than_they_have(
    target: int, available: dict[int, int]
) -> None:
    given_ = shares(target, available)
    assert sum(given_.values()) == min(target, sum(available.values()))
    assert all(given_[s] <= available[s] for s in available)
    short = [n for s, n in given_.items() if n < available[s]]
    assert not short or max(given_.values()) - min(short) <= 1


def test_every_cell_has_the_same_chance() -> None:
    drawn = np.zeros(40)
    for seed in range(2000):
        drawn[random_order(range(40), seed, 1)[:10]] += 1
    expected, spread = 500, np.sqrt(2000 * 0.25 * 0.75)
    assert np.abs(drawn - expected).max() < 5 * spread


def test_only_drawn_cells_are_the_differential_and_what_is_on_top_judges_dysplasia(
    case: CaseFile,
) -> None:
    state = formal_count(case, target=100, seed=7, reader="A")
    top = state.on_top["erythroid"]
    outside = sorted(set(range(1, 341)) - {*state.cells, *top})
    call_all(case, state.cells, "blast")
    cells = [called(c, ("proerythroblast",), reader="A", dysplastic=True) for c in top]
    record(case, cells)
    call_all(case, outside[:7], "myelocyte")
    counts = counted(case)
    assert (counts.confirmed.total, counts.target) == (100, 100)
    assert counts.confirmed_blasts == Share(100, 100)
    assert counts.confirmed_dysplasia[0].share == Share(100, 100)
    assert [(row.lines, row.share.count) for row in counts.apart] == [
        (("myelocyte",), 7)
    ]


def counted(case: CaseFile) -> Counts:
    table, vocabulary = case.cells(), case.vocabulary()
    assert vocabulary is not None
    return count(
        *(table, case.verdicts(), vocabulary),
        *(places.load_taxonomy(), places.load_criteria()),
        counted=counted_in_case(case, table, vocabulary),
        formal=case.formal_count(),
    )
