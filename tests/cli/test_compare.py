"""Two marrows on the command line: a table for a reader, or JSON alone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.program import run
from tests.workflow.called_cases import case_with


def test_two_marrows_are_told_as_a_table_or_as_json(tmp_path: Path) -> None:
    then = case_with(tmp_path / "then.marrow", 15)
    now = case_with(tmp_path / "now.marrow", 60)
    told = run("compare", then, now, home=tmp_path)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("Blasts"))
    blasts, below = lines[row : row + 2]
    assert "5.0 % (3–8)" in blasts
    assert "20.0 % (16–25)" in blasts
    assert "more than counting error explains" in blasts
    assert "15 of 300" in below
    asked = run("compare", then, now, "--json", home=tmp_path)
    line = json.loads(asked.stdout)["lines"][0]
    assert (line["then"]["count"], line["now"]["count"]) == (15, 60)
    assert line["p_adjusted"] < 0.001
    itself = run("compare", now, now, home=tmp_path)
    assert itself.returncode == 2
    assert "not an earlier one" in itself.stderr
