"""The formal count on the command line: fixed once, told as sentences or as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from marrowscope.store.case_file import CaseFile
from tests.cli.program import run
from tests.store.case_parts import begun, cells_at


def test_a_count_is_fixed_told_and_never_another(tmp_path: Path) -> None:
    path = tmp_path / "case.marrow"
    with CaseFile.create(path, name="count") as case:
        case.add_field(begun(case), 0, cells_at([(i * 70.0, 0) for i in range(30)]))
    drawn = run("count", path, "--target", 20, "--seed", 5, "--json", home=tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    state = json.loads(drawn.stdout)
    assert (state["target"], state["seed"], state["to_read"]) == (20, 5, 20)
    assert len(set(state["cells"])) == 20
    told = run("count", path, home=tmp_path)
    assert told.stdout.startswith("20 cells, seed 5, fixed by ")
    other = run("count", path, "--target", 21, home=tmp_path)
    assert other.returncode == 2
    assert "fixed at 20 cells with seed 5" in other.stderr
