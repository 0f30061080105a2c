"""Regions on the command line: read, counted, reported and given to QuPath."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from tests.cli.program import run
from tests.inference.tiny_bundle import tiny_bundle


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    return tmp_path


def differential(out: Path) -> dict[str, Any]:
    return json.loads((out / "differential.json").read_text("utf-8"))


def centres(out: Path) -> list[tuple[float, float]]:
    with (out / "cells.csv").open(encoding="utf-8") as file:
        return [
            (
                float(row["x"]) + float(row["width"]) / 2,
                float(row["y"]) + float(row["height"]) / 2,
            )
            for row in csv.DictReader(file)
        ]


def test_a_smear_is_counted_in_the_regions_of_a_file_and_given_back(home: Path) -> None:
    slide = write_slide(SmearPlan(2400, 2200, 90, 12), home / "smear.tif")
    whole, out = home / "whole", home / "out"
    assert run("analyse", slide, "--out", whole, home=home).returncode == 0
    everywhere = centres(whole)
    regions = home / "smear.geojson"
    corners = [[100, 100], [1300, 100], [1300, 1500], [100, 1500], [100, 100]]
    hole = [[500, 500], [900, 500], [900, 900], [500, 900], [500, 500]]
    said = [
        {"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": about}
        for ring, about in (
            (corners, {"name": "Thin"}),
            (hole, {"name": "Clot", "classification": {"name": "Ignore*"}}),
        )
    ]
    regions.write_text(json.dumps(said))
    done = run("analyse", slide, "--regions", regions, "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    assert "Only “Thin” of smear.tif will be read and counted." in done.stderr
    wanted = [
        (x, y)
        for x, y in everywhere
        if 100 <= x <= 1300
        and 100 <= y <= 1500
        and not (500 <= x <= 900 and 500 <= y <= 900)
    ]
    # A cell may be seen a little otherwise in a field that lies otherwise.
    assert wanted
    assert abs(len(centres(out)) - len(wanted)) <= 1
    (entry,) = differential(out)["slides"]
    (full,) = differential(whole)["slides"]
    assert entry["fields"] < full["fields"]
    thin, clot = entry["regions"]
    mpp = entry["mpp"]
    assert thin["area_mm2"] == pytest.approx(1200 * 1400 * (mpp / 1000) ** 2)
    assert (thin["name"], thin["included"], clot["included"]) == ("Thin", True, False)
    assert thin["cells"] == clot["cells"] + entry["cells"]
    assert entry["cells"] == len(centres(out))
    assert "left out: Clot (" in (out / "report.html").read_text("utf-8")

    # The whole of the smear was read before: the same regions need no reading there.
    done = run("analyse", slide, "--regions", regions, "--out", whole, home=home)
    assert done.returncode == 0, done.stderr
    assert len(centres(whole)) == len(wanted)
    assert differential(whole)["slides"][0]["fields"] == full["fields"]
    done = run("report", whole / "case.marrow", "--geojson", home=home)
    assert done.returncode == 0, done.stderr
    features = json.loads((whole / "smear.geojson").read_text("utf-8"))["features"]
    kinds = [feature["properties"]["objectType"] for feature in features]
    assert kinds.count("annotation") == 2
    assert kinds.count("detection") == len(everywhere)
    done = run("analyse", slide, "--no-regions", "--out", whole, home=home)
    assert centres(whole) == everywhere


def test_regions_that_fit_no_slide_are_said(home: Path) -> None:
    smears = [
        write_slide(SmearPlan(600, 600, 5, seed), home / f"{seed}.tif")
        for seed in (1, 2)
    ]
    path = home / "thin.geojson"
    path.write_text("[]")
    call = ("analyse", *smears, "--out", home / "out", "--regions", path)
    done = run(*call, home=home)
    assert done.returncode == 2
    assert "not clear which slide" in done.stderr
    done = run("analyse", *smears, "--out", home / "o", "--regions", "gone", home=home)
    assert done.returncode == 2
