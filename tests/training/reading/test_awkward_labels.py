"""What laboratories really have: synonyms, doubles, gaps, grades, and red cells."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.inference.graded_labels import IDS, LABELS
from marrowscope.training.__main__ import main
from marrowscope.training.datasets.real_cells import (
    manifest_crops,
    read_cells,
    usable_crops,
)
from marrowscope.training.reading.checking import checked, contradict
from marrowscope.training.reading.gathering import gather
from marrowscope.training.reading.handover import write_manifest
from marrowscope.training.reading.labelled import Label
from marrowscope.training.reading.words import meaning_of
from tests.training.reading.test_reading import picture


def labelled(word: str) -> Label:
    meaning = meaning_of(word)
    assert meaning is not None
    return meaning.label(word)


def cell_picture(path: Path, *, seed: int) -> None:
    """A dark disc on light ground, speckled so that no two are the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((160, 160, 3), 225, np.uint8)
    cv2.circle(pixels, (80, 80), 38, (150, 60, 110), -1)
    speck = np.random.default_rng(seed).integers(-6, 7, pixels.shape)
    cv2.imwrite(str(path), np.clip(pixels + speck, 0, 255).astype(np.uint8))


def moris_rows() -> dict[str, list[float]]:
    """Four cells whose grades between them use every one of the 34 columns."""
    rows = {name: [0.0] * 34 for name in ("ed.png", "gd.png", "md.png", "red.png")}
    for place, label in enumerate(LABELS):
        name = {"e": "ed", "g": "gd", "m": "md", "o": "red"}[label.group] + ".png"
        rows[name][place] = float(1 + place % label.maximum)
    return rows


def test_all_34_of_moris_columns_reach_the_trainer_of_mori(tmp_path):
    pytest.importorskip("torch")
    from marrowscope.training.mori.label_rows import label_rows  # noqa: PLC0415

    rows = moris_rows()
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", *IDS])
        for seed, (name, grades) in enumerate(rows.items()):
            cell_picture(tmp_path / name, seed=seed)
            table.writerow([name, *grades])
    data = checked(gather([tmp_path / "labels.csv"]))
    assert data.problems == ()
    folder = write_manifest(data.crops, tmp_path / "handed over")
    handed = usable_crops(manifest_crops(folder))
    assert [crop.path.name for crop in handed] == list(rows)
    targets, known = label_rows(read_cells(handed))
    assert known.all()
    assert targets.tolist() == list(rows.values())


def test_a_red_cell_and_a_platelet_of_moris_table_are_learned_as_such(tmp_path):
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        for name in ("o_red_cell", "o_platelet"):
            cell_picture(tmp_path / f"{name}.png", seed=len(name))
            said = [float(label == name) for label in IDS]
            csv.writer(file).writerow([f"{name}.png", *said])
    crops = gather([tmp_path / "labels.csv"]).crops
    assert [crop.label.line for crop in crops] == ["red_cell", "platelet"]
    assert len(usable_crops(crops)) == 2


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("NGS", "SNE", False),
        ("NGS", "segmented neutrophil", False),
        ("NEUTROPHIL", "NGS", False),
        ("IG", "myelocyte", False),
        ("NGS", "NGB", True),
        ("NGS", "BLA", True),
        ("EN", "ED", True),
    ],
)
def test_only_another_meaning_is_a_contradiction(one, other, wrong):
    assert contradict(labelled(one), labelled(other)) is wrong
    assert contradict(labelled(other), labelled(one)) is wrong


def test_two_words_of_one_label_are_a_double_and_no_contradiction(tmp_path):
    picture(tmp_path / "NGS" / "1.png", 10)
    picture(tmp_path / "Segmented neutrophil" / "2.png", 10)
    (problem,) = checked(gather([tmp_path])).problems
    assert problem.what == "The same picture as 1.png."


def test_grades_that_differ_are_a_contradiction():
    one, other = (Label("GD", None, "GD", {"g_projections": g}) for g in (1.0, 2.0))
    assert contradict(one, other)
    assert not contradict(one, Label("GD", None, "GD", {"g_chromatin": 2.0}))


def boxed(folder: Path, name: str, shade: int, *, x: int = 3) -> None:
    picture(folder / f"{name}.png", shade, size=(60, 60))
    (folder / f"{name}.xml").write_text(
        f"<annotation><filename>{name}.png</filename><object><name>WBC</name><bndbox>"
        f"<xmin>{x}</xmin><ymin>4</ymin><xmax>30</xmax><ymax>38</ymax></bndbox>"
        "</object></annotation>"
    )


def test_the_same_field_photo_twice_is_said(tmp_path):
    boxed(tmp_path, "a", 50)
    boxed(tmp_path, "b", 50)
    boxed(tmp_path, "c", 50, x=9)
    boxed(tmp_path, "d", 60)
    said = {p.path.name: p.what for p in checked(gather([tmp_path])).problems}
    assert said == {
        "b.png": "The same photo as a.png.",
        "c.png": "The same photo as a.png, but its boxes are not the same.",
    }


def test_classes_of_which_there_is_no_picture_are_listed(tmp_path, capsys):
    for shade, name in enumerate(("EN", "GN", "blast", "LYT", "ED")):
        picture(tmp_path / "labels" / name / "1.png", 10 + shade)
    (tmp_path / "labels" / "MN").mkdir()
    call = ["lee", "--data", str(tmp_path / "labels"), "--out", "b", "--check"]
    assert main(call) == 0
    assert "No picture of: MN, GD, MD." in capsys.readouterr().out
    assert main([*call, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["without_pictures"] == ["MN", "GD", "MD"]


def yolo(folder: Path) -> Path:
    """A photo of a white cell, a red cell and a platelet, as BCCD keeps them."""
    picture(folder / "images" / "train" / "f.png", 200, size=(200, 200))
    labels = folder / "labels" / "train"
    labels.mkdir(parents=True)
    rows = ("0 0.3 0.3 0.25 0.25", "1 0.7 0.7 0.15 0.15", "2 0.2 0.8 0.05 0.05")
    (labels / "f.txt").write_text("\n".join(rows) + "\n")
    (folder / "data.yaml").write_text("names: ['WBC', 'RBC', 'Platelets']\n")
    return folder


def test_yolo_keeps_red_cells_as_cells_not_of_interest(tmp_path):
    (field,) = gather([yolo(tmp_path)]).fields
    said = [(box.label.word, box.of_interest) for box in field.boxes]
    assert said == [("WBC", True), ("RBC", False), ("Platelets", False)]


def test_red_cells_reach_the_detector_of_mori(tmp_path):
    pytest.importorskip("torch")
    from marrowscope.training.bmsnet.laboratory import kind_of  # noqa: PLC0415
    from marrowscope.training.mori.boxed_field import REST  # noqa: PLC0415

    (field,) = gather([yolo(tmp_path)]).fields
    assert [kind_of(box) == REST for box in field.boxes] == [False, True, True]
