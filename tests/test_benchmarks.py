"""`make bench` runs every measurement there is."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import PARTS
from benchmarks.results import Fact, Row

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


def test_whatever_writes_figures_is_run_by_the_bench() -> None:
    writes = {
        path.stem
        for path in FOLDER.glob("*.py")
        if "write_section(" in path.read_text(encoding="utf-8")
    }
    assert writes - {"results"} == {part.module for part in PARTS.values()}


def test_a_goal_is_reached_by_the_ratio_or_by_the_slowest_rounds() -> None:
    assert Row("", [1.0, 1.0], [6.1], ">= 6 x").reached is True
    assert Row("", [1.0, 1.0], [5.9], ">= 6 x").reached is False
    assert Row("", [0.01] * 9 + [0.2], [1.0], "<= 50 ms").reached is False
    assert "**no**" in Fact("memory", "901 MB", "<= 900 MB", reached=False).line()
