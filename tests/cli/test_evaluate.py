"""`marrowscope evaluate` on drawn cells and smears: tables, JSON alone, figures."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from subprocess import CompletedProcess

import cv2
import numpy as np
import pytest

from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from marrowscope.phantom.smear import DrawnCell, draw_cell
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.reviewing import called, record
from tests.cli.program import run
from tests.inference.tiny_bundle import tiny_bundle

FOLDERS = {"EN": "EN", "NGS": "segmented", "Lymphocytes": "lymphocyte"}


@pytest.fixture(scope="module")
def drawn() -> dict[str, list[DrawnCell]]:
    """Two cells of each kind."""
    return {
        word: [draw_cell(kind, seed=seed) for seed in (3, 4)]
        for word, kind in FOLDERS.items()
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose model is the tiny one: it runs in a moment, and is not right."""
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    return tmp_path


def evaluate(*words: str | Path, home: Path) -> CompletedProcess[str]:
    done = run("evaluate", *words, home=home)
    assert done.returncode == 0, done.stderr
    return done


def save(pixels: np.ndarray, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels[..., ::-1] if pixels.ndim == 3 else pixels)
    return path


@pytest.fixture
def folders(home: Path, drawn: dict[str, list[DrawnCell]]) -> Path:
    """A folder per class, line and word, and one that means nothing."""
    for word, cells in drawn.items():
        for number, cell in enumerate(cells):
            save(cell.pixels, home / "crops" / word / f"{number}.png")
    save(drawn["EN"][0].pixels, home / "crops" / "holiday" / "a.png")
    return home / "crops"


def test_crops_are_measured_by_class_and_by_line(home: Path, folders: Path) -> None:
    plots = home / "plots"
    done = evaluate(
        "crops", folders, "--mpp", "0.2", "--json", "--plots", plots, home=home
    )
    report = json.loads(done.stdout)
    assert report["images"] == 6
    assert report["left_out"] == {"holiday": 1}
    assert report["not_by_line"] == {"EN": 2}
    assert report["per_class"]["GN"]["n"] == 2
    assert report["lines"]["per_class"]["lymphocyte"]["n"] == 2
    sensitivity = report["per_class"]["GN"]["sensitivity"]
    assert sensitivity["low"] <= sensitivity["value"] <= sensitivity["high"]
    assert {one["source"] for one in report["published"]} == {"Lee 2022", "Wu 2020"}
    assert "holiday (1)" in done.stderr
    names = {path.name for path in plots.iterdir()}
    assert {"roc.png", "roc.svg", "reliability.png", "lines_confusion.png"} <= names


def test_printed_tables_have_intervals_and_the_papers_beside(
    home: Path, folders: Path
) -> None:
    printed = evaluate("crops", folders, "--mpp", "0.2", home=home).stdout
    assert "By line of the differential" in printed
    assert "16–100" in printed  # the exact interval of 2 of 2
    assert "Lee 2022" in printed
    assert "other pictures" in printed


def test_masks_have_means_over_pictures(
    home: Path, drawn: dict[str, list[DrawnCell]]
) -> None:
    for number, cell in enumerate(drawn["EN"]):
        save(cell.pixels, home / "masks" / f"{number}.png")
        truth = np.where(cell.nucleus, 255, np.where(cell.mask, 128, 0))
        save(truth.astype(np.uint8), home / "masks" / f"{number}_mask.png")
    words = ("masks", home / "masks", "--mpp", "0.2")
    plots = home / "plots"
    done = evaluate(*words, "--json", "--plots", plots, home=home)
    report = json.loads(done.stdout)
    assert report["images"] == 2
    for measure in ("dice", "iou"):
        assert set(report[measure]) == {"cell", "nucleus"}
        low, high = report[f"{measure}_interval"]["cell"]
        assert low <= report[measure]["cell"] <= high
    one, other = (picture["dice"]["cell"] for picture in report["per_picture"])
    assert report["dice"]["cell"] == pytest.approx((one + other) / 2)
    assert (plots / "dice.svg").is_file()


@pytest.fixture(scope="module")
def smear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("smear") / "smear.tif"
    return write_slide(SmearPlan(1200, 1200, 14, 11), path, workers=1)


def test_a_drawn_smear_is_found_and_named(home: Path, smear: Path) -> None:
    truth = smear.with_suffix(".json")
    plots = home / "plots"
    words = ("detection", "--truth", truth, "--images", smear, "--plots", plots)
    report = json.loads(evaluate(*words, "--json", home=home).stdout)
    cells = json.loads(truth.read_text("utf-8"))["cells"]
    assert report["cells"] == sum(c["line"] != "platelet" for c in cells)
    assert report["average_precision_interval"] is None  # one picture
    assert report["classes"]["groups"][:2] == ["EN", "GN"]
    agreement = report["class_agreement"]
    assert agreement is None or 0 <= agreement["value"] <= 1
    assert (plots / "detection_pr.png").is_file()


def test_pictures_whose_boxes_name_nothing_are_not_compared_by_class(
    home: Path, drawn: dict[str, list[DrawnCell]]
) -> None:
    entries = []
    for number, cell in enumerate(drawn["NGS"]):
        save(cell.pixels, home / "fields" / f"{number}.png")
        x, y, width, height = cv2.boundingRect(cell.mask.astype(np.uint8))
        box = {"box": [x, y, width, height], "kind": "nucleated"}
        entries.append({"file": f"{number}.png", "cells": [box]})
    truth = home / "truth.json"
    truth.write_text(json.dumps({"images": entries}), encoding="utf-8")
    words = ("detection", "--truth", truth, "--images", home / "fields")
    done = evaluate(*words, "--mpp", "0.2", "--json", home=home)
    report = json.loads(done.stdout)
    assert report["class_agreement"] is None
    assert "no lines" in report["classes"]["why_not"]
    assert report["recall"]["total"] == len(entries), report


def test_grades_are_set_against_a_table(
    home: Path, drawn: dict[str, list[DrawnCell]]
) -> None:
    table = home / "grades.csv"
    rows = []
    for number, cell in enumerate(drawn["NGS"]):
        save(cell.pixels, home / f"{number}.png")
        rows.append(f"{number}.png,{2 * number}")
    table.write_text("path,g_decreased_granules\n" + "\n".join(rows) + "\n")
    words = ("grades", table, "--mpp", "0.2", "--plots", home / "plots")
    (report,) = json.loads(evaluate(*words, "--json", home=home).stdout)
    assert report["cells"] == 2
    assert np.sum(report["confusion"]) == 2
    assert report["any_grade"]["auc"] in (0.0, 0.5, 1.0)
    assert (home / "plots" / "grades_g_decreased_granules.png").is_file()
    assert "Mori 2020" in evaluate(*words, home=home).stdout


def test_cases_are_set_against_a_reference(home: Path) -> None:
    table = home / "cases.csv"
    table.write_text("case,measured,reference\na,1,2\nb,8,7\nc,3,4\nd,30,25\n")
    report = json.loads(evaluate("cases", table, "--json", home=home).stdout)
    assert report["marks"][0]["auc"] == 1.0
    assert {one["measure"] for one in report["published"]} == {"auc", "pearson"}


def test_readers_of_a_table_are_compared_and_their_majority_written(home: Path) -> None:
    table, out = home / "calls.csv", home / "majority.csv"
    rows = ["1,EN,EN,EN,GN", "2,GN,GN,GN,GN", "3,GN,EN,blast,other", "4,EN,EN,EN,EN"]
    table.write_text("cell,model,A,B,C\n" + "\n".join(rows) + "\n")
    done = evaluate("readers", table, "--out", out, home=home)
    assert "0.631  Wu 2020" in done.stdout
    assert "2 of 4 cells are called differently" in done.stdout
    with out.open(encoding="utf-8") as file:
        told = [(row["majority"], row["differs"]) for row in csv.DictReader(file)]
    assert told[2] == ("unidentifiable", "yes")
    assert told[3] == ("EN", "no")


def test_readers_are_compared_straight_from_their_cases(
    home: Path, smear: Path
) -> None:
    """Two copies of one case, each called by another; every third cell otherwise."""
    first = home / "first"
    read = run("analyse", smear, "--out", first, home=home)
    assert read.returncode == 0, read.stderr
    paths = [home / "a.marrow", home / "b.marrow"]
    for path in paths:
        path.write_bytes((first / "case.marrow").read_bytes())
    cells = 0
    for path, odd in zip(paths, ("blast", "band"), strict=True):
        with CaseFile.open(path) as case:
            ids = case.cells().id.tolist()
            cells = len(ids)
            record(
                case,
                (
                    called(
                        cell,
                        (odd,) if place % 3 == 0 else ("lymphocyte",),
                        reader=f"Dr. {path.stem}",
                    )
                    for place, cell in enumerate(ids)
                ),
            )
    report = json.loads(evaluate("readers", *paths, "--json", home=home).stdout)
    (people,) = [p for p in report["pairs"] if "model" not in p["readers"]]
    assert people["readers"] == ["Dr. a", "Dr. b"]
    assert people["cells"] == cells
    apart = len(range(0, cells, 3))
    assert report["majority"] == {"other": cells - apart, "unidentifiable": apart}
    assert len(report["discrepancies"]) >= apart


@pytest.mark.parametrize(
    "words",
    [
        ("crops", "nowhere"),
        ("readers", "nowhere.marrow"),
        ("detection", "--truth", "nowhere.json", "--images", "nowhere"),
    ],
)
def test_what_is_not_there_is_one_sentence_and_exit_2(
    home: Path, words: tuple[str, ...]
) -> None:
    done = run("evaluate", *words, "--json", home=home)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
