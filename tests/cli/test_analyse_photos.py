"""A folder of field photos of one smear: each cell once, however it came to be."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.store.case_file import CaseFile
from tests.cli.program import run
from tests.fixtures.photographed import write_album
from tests.inference.tiny_bundle import tiny_bundle

SIZE = 640, 480
MIDDLES = [(400, 340), (660, 350), (900, 360), (405, 345)]


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photos in a row, the first one taken twice, and once copied."""
    folder = tmp_path_factory.mktemp("album") / "Ausstrich 7"
    folder.mkdir()
    field = draw_field(SmearPlan(1300, 700, cells=60, seed=19, zone="thin")).pixels
    places = [(middle, 3.0 * i - 4) for i, middle in enumerate(MIDDLES)]
    write_album(folder, field, places, size=SIZE)
    shutil.copy(folder / "2.png", folder / "9 copy.png")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    return tmp_path


def rows(out: Path) -> list[list[str]]:
    """Every counted cell without its id and time of reading."""
    with (out / "cells.csv").open(encoding="utf-8") as file:
        return sorted(row[1:] for row in csv.reader(file))


def said(out: Path) -> dict:
    return json.loads((out / "differential.json").read_text("utf-8"))


def test_cells_of_overlapping_photos_count_once_and_duplicates_are_named(
    album: Path, home: Path
) -> None:
    out = home / "out"
    done = run("analyse", album, "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    answer = said(out)
    photos = answer["photos"]
    assert photos["groups"] == [[1, 2, 3, 4]]
    assert [(p["first"], p["second"]) for p in photos["near_duplicates"]] == [(1, 4)]
    assert photos["copies"] == [{"slide": 2, "name": "9 copy.png"}]
    with CaseFile.open(out / "case.marrow", read_only=True) as case:
        every, counted = case.cells(every=True), case.cells()
        assert len(every) - len(counted) == photos["seen_again"] > 0
        assert set(every.id) - set(counted.id) == set(case.seen_again())
        assert set(case.seen_again().values()) <= set(counted.id)
    notices = " ".join(answer["notices"])
    assert "1.png and 4.png" in notices
    assert "9 copy.png is the same file as 2.png" in notices
    assert len(rows(out)) == len(counted) + 1


def test_photos_added_later_give_the_same_case_as_all_at_once(
    album: Path, home: Path
) -> None:
    once, later = home / "once", home / "later"
    run("analyse", album, "--out", once, "--mpp", "0.25", home=home)
    some = home / "some"
    some.mkdir()
    for name in ("1.png", "2.png"):
        shutil.copy(album / name, some / name)
    run("analyse", some, "--out", later, "--mpp", "0.25", home=home)
    rest = [album / name for name in ("3.png", "4.png")]
    options = ("--out", later, "--add", "--mpp", "0.25")
    assert run("analyse", *rest, *options, home=home).returncode == 0
    assert rows(later) == rows(once)
    assert said(later)["photos"]["groups"] == said(once)["photos"]["groups"]


def test_photos_that_went_away_are_said_not_to_be_compared(
    album: Path, home: Path
) -> None:
    out, some = home / "out", home / "some"
    some.mkdir()
    for name in ("1.png", "2.png"):
        shutil.copy(album / name, some / name)
    run("analyse", some, "--out", out, home=home)
    shutil.rmtree(some)
    run("analyse", album / "3.png", "--out", out, "--add", home=home)
    answer = said(out)
    assert answer["photos"]["not_compared"] == [1, 2]
    assert "1.png, 2.png: not compared" in " ".join(answer["notices"])
