"""The area of a count: which calls tell what other fields would have given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marrowscope.domain.area_spread import members
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.typed_facts import Quality
from marrowscope.report.area import spread_text
from marrowscope.workflow.area import area_spreads, cells_met
from marrowscope.workflow.counting import calls_counted
from marrowscope.workflow.places import load_criteria, load_taxonomy

FIELDS = {
    1: np.array([[100 * i, 0, 100, 100] for i in range(25)], np.float32),
}
LAWS = (load_taxonomy(), load_criteria())
MARKS = (load_criteria().dysplasia_threshold,)


def case(cells: int) -> tuple[CellTable, dict[int, Verdict]]:
    """Erythroblasts over all fields, every tenth dysplastic."""
    table = CellTable.empty(("EN",), (), rows=cells)
    box = np.zeros((cells, 4), np.float32)
    box[:, 0] = 100 * (np.arange(cells) * 7 % 25) + 40
    box[:, 2:] = 20
    table = replace(
        table, id=np.arange(1, cells + 1), slide=np.ones(cells, np.int32), box=box
    )
    stage = ("polychromatic_erythroblast",)
    calls = {i: Verdict(i, stage, i % 10 == 0, "R", "now") for i in table.id.tolist()}
    return table, calls


def test_a_line_with_enough_cells_tells_what_other_fields_would_give() -> None:
    table, calls = case(250)
    spreads = area_spreads(table, calls, FIELDS)
    assert [s.line for s in spreads] == ["erythroid"]
    assert spreads[0].interval.low < 0.1 < spreads[0].interval.high
    said = spread_text("erythroid", spreads, MARKS)
    assert said.startswith("other fields of this zone would give ")
    assert said.endswith(" % (25 fields)")
    assert spread_text("granulocytic", spreads, MARKS) == ""


def test_too_few_cells_and_cells_picked_for_review_tell_nothing() -> None:
    table, calls = case(250)
    picked = {c: replace(v, origin=Origin.QUEUE) for c, v in calls.items()}
    assert area_spreads(table, picked, FIELDS) == ()
    assert area_spreads(*case(150), FIELDS) == ()


def test_cells_sorted_in_the_gallery_count_once_none_is_left_without_a_call() -> None:
    table, calls = case(250)
    picked = {c: replace(v, origin=Origin.SORTED) for c, v in calls.items()}
    assert cells_met(table, picked, None) == set(calls)
    told = calls_counted(table, picked, LAWS[0], counted=None, formal=None)
    assert sum(told.met.values()) == 250
    assert not told.apart
    last = picked.pop(7)
    assert cells_met(table, picked, None) == set()
    told = calls_counted(table, picked, LAWS[0], counted=None, formal=None)
    assert not told.met
    assert sum(told.apart.values()) == 249
    mixed = {**picked, 7: replace(last, origin=Origin.QUEUE)}
    assert cells_met(table, mixed, None) == set(calls)


def drawn(target: int, cells: range) -> FormalCount:
    return FormalCount(target, 1, "R", "now").with_cells({1: cells}, {})


def test_of_a_formal_count_its_own_cells_alone_tell() -> None:
    table, calls = case(500)
    count = drawn(500, range(1, 241))
    with_all = area_spreads(table, calls, FIELDS)
    assert area_spreads(table, calls, FIELDS, formal=count) != with_all
    few = drawn(500, range(1, 101))
    assert area_spreads(table, calls, FIELDS, formal=few) == ()


def test_on_a_pale_stain_the_same_cells_are_drawn_again_as_the_share_counts() -> None:
    table, calls = case(300)
    own = ("g_decreased_granules",)
    pale = {
        cell: replace(
            verdict,
            lines=("myelocyte",),
            grades=dict.fromkeys(own, 2) if verdict.dysplastic else {},
        )
        for cell, verdict in calls.items()
    }
    assert area_spreads(table, pale, FIELDS)
    hidden = Quality(unassessable=frozenset(own))
    assert area_spreads(table, pale, FIELDS, quality=hidden) == ()
    judged = members("granulocytic", pale, set(pale), *LAWS, unassessable=own)
    assert len(judged) == 270


def test_cells_beyond_the_target_are_on_no_map_and_in_no_spread() -> None:
    table, calls = case(300)
    count = drawn(240, range(1, 251))
    assert cells_met(table, calls, None, formal=count) == set(range(1, 241))
    picked = {c: replace(v, origin=Origin.QUEUE) for c, v in calls.items()}
    assert len(cells_met(table, picked, None, formal=count)) == 240
