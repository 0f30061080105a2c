"""Reading from a terminal: what it writes, what it says, how it ends and goes on."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from tests.cli.program import run
from tests.inference.tiny_bundle import tiny_bundle
from tests.workflow.called_cases import case_with

WRITTEN = ("case.marrow", "report.pdf", "report.html", "cells.csv", "differential.json")


@pytest.fixture(scope="module")
def smear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn slide of 400 x 400 µm with 25 cells."""
    path = tmp_path_factory.mktemp("slides") / "Präparat 骨髄.tif"
    return write_slide(SmearPlan(1600, 1600, 25, 11), path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose model is the tiny one: it runs in a moment."""
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    return tmp_path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    pixels = np.full((400, 500, 3), 230, np.uint8)
    cv2.circle(pixels, (200, 200), 40, (120, 40, 75), -1)
    assert cv2.imwrite(str(path), pixels)
    return path


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "cells.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_smear_becomes_a_case_a_report_and_tables(smear: Path, home: Path) -> None:
    out = home / "out"
    done = run("analyse", smear, "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    assert all((out / name).stat().st_size > 0 for name in WRITTEN)
    cells = rows(out)
    assert cells
    assert list(cells[0])[:5] == ["id", "x", "y", "width", "height"]
    for column in ("class", "line", "class_score", "detection_score", "dysplastic"):
        assert column in cells[0]
    assert "e_budding" in cells[0]
    assert all(0 <= float(c["x"]) <= 1600 for c in cells)


def test_suggested_and_confirmed_stay_apart_in_the_json(
    smear: Path, home: Path
) -> None:
    out = home / "out"
    run("analyse", smear, "--out", out, home=home)
    answer = json.loads((out / "differential.json").read_text("utf-8"))
    suggested = answer["suggested"]
    assert sum(r["count"] for r in suggested["rows"] + suggested["outside"]) > 0
    assert answer["confirmed"]["total"] == 0
    assert "interval" not in json.dumps(suggested)


def test_a_blank_picture_has_a_table_without_cells(home: Path) -> None:
    path = home / "blank.png"
    cv2.imwrite(str(path), np.full((300, 300, 3), 245, np.uint8))
    out = home / "out"
    done = run("analyse", path, "--mpp", "0.2", "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    assert rows(out) == []
    assert (out / "cells.csv").read_text("utf-8").startswith("id,x,y,width,height")


def test_a_photo_without_a_scale_is_read_and_said_to_be_uncalibrated(
    photo: Path, home: Path
) -> None:
    done = run("analyse", photo, "--out", home / "out", home=home)
    assert done.returncode == 0, done.stderr
    assert "uncalibrated" in done.stderr
    done = run("analyse", photo, "--mpp", "0.2", "--out", home / "b", home=home)
    assert "uncalibrated" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.svs", b""),
        ("words.tif", b"this is a letter, not a slide\n" * 50),
        ("half.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_exit_2(
    home: Path, name: str, content: bytes
) -> None:
    path = home / name
    path.write_bytes(content)
    done = run("analyse", path, "--out", home / "out", home=home)
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3


def test_nothing_there_and_nothing_inside_are_exit_2(home: Path) -> None:
    (home / "folder").mkdir()
    for path in (home / "folder", home / "nowhere.svs"):
        done = run("analyse", path, "--out", home / "out", home=home)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_one_bad_photo_of_two_is_named_and_exit_3(photo: Path, home: Path) -> None:
    bad = home / "bad.png"
    bad.write_bytes(b"")
    out = home / "out"
    done = run("analyse", photo, bad, "--mpp", "0.2", "--out", out, home=home)
    assert done.returncode == 3
    assert "bad.png" in done.stderr
    assert (out / "report.pdf").is_file()


def test_a_truncated_slide_is_read_as_far_as_it_goes(smear: Path, home: Path) -> None:
    path = home / "short.tif"
    content = smear.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    done = run("analyse", path, "--out", home / "out", home=home)
    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr


def test_another_slide_in_the_same_folder_is_refused_unless_it_shall_be_added(
    smear: Path, photo: Path, home: Path
) -> None:
    out = home / "out"
    run("analyse", smear, "--out", out, home=home)
    before = (out / "cells.csv").read_bytes()
    done = run("analyse", photo, "--out", out, home=home)
    assert done.returncode == 2
    assert f"holds {smear.name}, and none of the slides given" in done.stderr
    assert (out / "cells.csv").read_bytes() == before
    done = run("analyse", photo, "--add", "--mpp", "0.2", "--out", out, home=home)
    assert f"holds {smear.name} as well" in done.stderr
    assert "choose another --out" in done.stderr


def test_what_is_said_of_the_specimen_stands_in_the_report(
    photo: Path, home: Path
) -> None:
    out = home / "out"
    call = ("analyse", photo, "--mpp", "0.2", "--out", out)
    done = run(*call, "--specimen", "site=Sternum 胸骨", home=home)
    assert done.returncode == 0
    assert "Sternum 胸骨" in (out / "report.html").read_text("utf-8")
    done = run(*call, "--specimen", "colour=red", home=home)
    assert done.returncode == 2
    assert "is no field of the report" in done.stderr


def test_what_a_case_says_of_its_specimen_is_told_and_written(
    tmp_path: Path, home: Path
) -> None:
    case = case_with(tmp_path / "a.marrow", 9, words={"site": "sternum"})
    done = run("specimen", case, "aspirated=19 Nov 2026", "site=", "--json", home=home)
    assert json.loads(done.stdout) == {"aspirated": "2026-11-19"}
    done = run("specimen", case, "aspirated=3/4/2026", home=home)
    assert done.returncode == 2
    assert "Write a day such as 2026-11-19" in done.stderr
    assert "2026-11-19" in run("specimen", case, home=home).stdout


def test_a_region_nobody_can_understand_is_said(smear: Path, home: Path) -> None:
    out = home / "out"
    done = run("analyse", smear, "--region", "much", "--out", out, home=home)
    assert done.returncode == 2
    assert "x,y,w,h" in done.stderr


def test_only_the_region_is_read(smear: Path, home: Path) -> None:
    out = home / "out"
    done = run("analyse", smear, "--region", "0,0,500,400", "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    for cell in rows(out):
        assert float(cell["x"]) + float(cell["width"]) / 2 <= 520
        assert float(cell["y"]) + float(cell["height"]) / 2 <= 420


def test_an_altered_model_is_refused(smear: Path, home: Path) -> None:
    model = home / "marrowscope home" / "models" / "lee" / "classifier.onnx"
    with model.open("ab") as file:
        file.write(b"!")
    done = run("analyse", smear, "--out", home / "out", home=home)
    assert done.returncode == 2
    assert "classifier.onnx" in done.stderr


def test_reading_again_brings_the_same_case_back(smear: Path, home: Path) -> None:
    out = home / "out"
    run("analyse", smear, "--out", out, home=home)
    first = rows(out)
    moved = home / "moved.tif"
    shutil.copy(smear, moved)
    done = run("analyse", moved, "--out", out, home=home)
    assert done.returncode == 0, done.stderr
    assert rows(out) == first


def test_killed_in_mid_run_it_goes_on_and_ends_alike(smear: Path, home: Path) -> None:
    whole = home / "whole"
    run("analyse", smear, "--out", whole, home=home)
    out = home / "killed"
    environment = {**os.environ, "MARROWSCOPE_HOME": str(home / "marrowscope home")}
    words = [sys.executable, "-m", "marrowscope.cli.main", "analyse", str(smear)]
    process = subprocess.Popen(
        [*words, "--out", str(out)], env=environment, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and fields_read(out / "case.marrow") < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = run("analyse", smear, "--out", out, home=home)
    assert done.returncode == 0, done.stderr

    def places(folder: Path) -> list[tuple[str, ...]]:
        return sorted((c["x"], c["y"], c["class"]) for c in rows(folder))

    assert places(out) == places(whole)


def fields_read(case: Path) -> int:
    """How many fields a case being written holds so far."""
    if not case.is_file():
        return 0
    try:
        connection = sqlite3.connect(f"file:{case}?mode=ro", uri=True)
        query = "SELECT count(*) FROM fields WHERE state = 'read'"
        count = connection.execute(query).fetchone()[0]
        connection.close()
    except sqlite3.OperationalError:
        return 0
    return count


def test_a_folder_that_cannot_be_made_is_said(smear: Path, home: Path) -> None:
    (home / "file").write_text("in the way")
    done = run("analyse", smear, "--out", home / "file" / "out", home=home)
    assert done.returncode == 2
    assert "cannot be made" in done.stderr


def test_the_report_of_a_case_can_be_written_again(smear: Path, home: Path) -> None:
    out, again = home / "out", home / "again"
    run("analyse", smear, "--out", out, home=home)
    done = run("report", out / "case.marrow", "--out", again, home=home)
    assert done.returncode == 0, done.stderr
    assert rows(again) == rows(out)
    assert (again / "report.pdf").is_file()


def test_no_name_of_a_file_reaches_the_log(home: Path) -> None:
    path = home / "Mueller Anna 1950.svs"
    path.write_bytes(b"nothing")
    run("analyse", path, "--out", home / "out", home=home)
    logs = list((home / "marrowscope home").rglob("*.log"))
    assert logs
    assert "Mueller" not in "".join(p.read_text("utf-8") for p in logs)


def test_crops_are_named_in_the_order_given(photo: Path, home: Path) -> None:
    bad = home / "bad.png"
    bad.write_bytes(b"")
    done = run("classify", photo, bad, photo, "--mpp", "0.2", "--json", home=home)
    assert done.returncode == 3
    first, second, third = json.loads(done.stdout)
    assert list(first["probabilities"]) == [
        *("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")
    ]
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert first["class"] in first["probabilities"]
    assert set(second) == {"path", "error"}
    assert third == first


def test_detection_is_evaluated_against_a_drawn_truth(smear: Path, home: Path) -> None:
    done = run(
        *("evaluate", "detection", "--truth", smear.with_suffix(".json")),
        *("--images", smear, "--json"),
        home=home,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["cells"] == 25
    assert 0 <= report["recall"]["value"] <= 1
