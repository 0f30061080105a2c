"""A reading that ends at a target: best fields first, and the report says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from marrowscope.store.case_file import CaseFile
from tests.cli.program import run
from tests.inference.tiny_bundle import tiny_bundle


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    return tmp_path


def test_the_run_ends_when_enough_cells_are_met_and_names_the_zone(home: Path) -> None:
    slide = write_slide(SmearPlan(2400, 2200, 60, 12), home / "smear.tif")
    every, some = home / "every", home / "some"
    assert run("analyse", slide, "--out", every, home=home).returncode == 0
    done = run("analyse", slide, "--out", some, "--target", "10", home=home)
    assert done.returncode == 0, done.stderr
    said = json.loads((some / "differential.json").read_text("utf-8"))
    (entry,) = said["slides"]
    assert entry["target"] == 10
    assert entry["target_met"]
    assert entry["cells"] >= 10
    assert entry["fields_read"] < entry["fields"]
    assert "best fields were read first" in " ".join(said["notices"])
    assert not any("not read to the end" in notice for notice in said["notices"])
    (whole,) = json.loads((every / "differential.json").read_text("utf-8"))["slides"]
    assert "target" not in whole
    assert whole["zones"] == entry["zones"]
    with CaseFile.open(some / "case.marrow", read_only=True) as case:
        zones = case.zone_map(1)
    assert zones is not None
    assert zones.zones.shape == (9, 10)
    again = run("analyse", slide, "--out", some, "--target", "10", home=home)
    assert again.returncode == 0
    assert json.loads((some / "differential.json").read_text("utf-8"))["slides"] == [
        entry
    ]
