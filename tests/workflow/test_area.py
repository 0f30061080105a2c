"""The area of a count: which calls tell what other fields would have given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import Origin, Verdict
from marrowscope.report.area import spread_text
from marrowscope.workflow.area import area_spreads
from marrowscope.workflow.places import load_criteria

FIELDS = {
    1: np.array([[100 * i, 0, 100, 100] for i in range(25)], np.float32),
}
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


def test_of_a_formal_count_its_own_cells_alone_tell() -> None:
    table, calls = case(500)
    count = FormalCount(500, 1, "R", "now", {1: tuple(range(1, 241))})
    with_all = area_spreads(table, calls, FIELDS)
    assert area_spreads(table, calls, FIELDS, formal=count) != with_all
    few = FormalCount(500, 1, "R", "now", {1: tuple(range(1, 101))})
    assert area_spreads(table, calls, FIELDS, formal=few) == ()
