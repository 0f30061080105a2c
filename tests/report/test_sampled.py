"""Fields drawn at random: what the report and the JSON say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marrowscope.report.content import compose
from marrowscope.report.json import differential
from marrowscope.report.sources import ReportSources


@pytest.fixture
def sampled(full: ReportSources) -> ReportSources:
    plan = {"sample": {"fields": 20, "seed": 7}}
    return replace(full, runs=(replace(full.runs[0], plan=plan),))


def test_the_notice_names_the_draw_and_the_blasts(sampled: ReportSources) -> None:
    said = " ".join(compose(sampled).notices)
    assert "Only 20 fields of each slide, drawn at random (seed 7), were read." in said
    assert "suggested blasts (marks at 5 %, 10 % and 20 %)" in said


def test_cells_not_identified_are_left_out_of_the_percentages(
    sampled: ReportSources,
) -> None:
    entry: Any = differential(compose(sampled))["sampled"]
    assert entry["draws"] == [{"fields": 20, "seed": 7}]
    assert all("unidentifiable" not in row["lines"] for row in entry["rows"])
    assert sum(row["count"] for row in entry["rows"]) == entry["total"] > 0
    assert sum(row["percent"] for row in entry["rows"]) == pytest.approx(100)
    blasts = entry["blasts"]
    assert [mark["percent"] for mark in blasts["marks"]] == [5, 10, 20]
    for mark in blasts["marks"]:
        assert mark["reached"] == (blasts["percent"] >= mark["percent"])


def test_a_reading_of_all_fields_says_nothing_of_a_draw(full: ReportSources) -> None:
    assert "sampled" not in differential(compose(full))
    assert not any("at random" in notice for notice in compose(full).notices)
