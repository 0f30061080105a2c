"""However a laboratory keeps its labels, they are read, and what is wrong is said."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.inference.graded_labels import IDS
from marrowscope.training.__main__ import main
from marrowscope.training.datasets.real_cells import manifest_crops
from marrowscope.training.reading.checking import checked, without_bad
from marrowscope.training.reading.gathering import form_of, gather
from marrowscope.training.reading.handover import write_manifest
from marrowscope.training.reading.labelled import Label, LabelledCrop
from marrowscope.training.reading.tables import graded_label
from marrowscope.training.reading.words import meaning_of


def picture(path: Path, shade: int, *, size: tuple[int, int] = (20, 24)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((*size, 3), shade, np.uint8))
    return path


@pytest.mark.parametrize(
    ("word", "line", "class_id"),
    [
        ("NGS", "segmented", "GN"),
        ("PMO", "promyelocyte", "GN"),
        ("ERB", None, "EN"),
        ("ED", None, "ED"),
        ("Dysplastic granulocytes", None, "GD"),
        ("Megaloblastic erythroblast", None, "ED"),
        ("micromegakaryocyte", None, "MD"),
        ("Small megakaryocyte", None, "MD"),
        ("plasma_cell", "plasma_cell", "other"),
        ("Blasts", None, "blast"),
    ],
)
def test_words_of_every_source_mean_a_line_or_a_class(word, line, class_id):
    meaning = meaning_of(word)
    assert meaning is not None
    assert (meaning.line, meaning.class_id, meaning.ignored) == (line, class_id, False)


def test_what_is_no_cell_is_known_and_ignored_and_nonsense_is_not_known():
    assert meaning_of("RBC").ignored
    assert meaning_of("Platelets").ignored
    assert meaning_of("tissue slides") is None


def test_a_folder_per_class_with_splits_above_it(tmp_path):
    picture(tmp_path / "train" / "BLA" / "1.png", 10)
    picture(tmp_path / "val" / "Segmented neutrophil" / "2.png", 20)
    picture(tmp_path / "train" / "PLATELET" / "3.png", 30)
    picture(tmp_path / "train" / "Katzen" / "4.png", 40)
    data = gather([tmp_path])
    said = {(c.path.name, c.label.class_id, c.split) for c in data.crops}
    assert said == {("1.png", "blast", "train"), ("2.png", "GN", "val")}
    (problem,) = data.problems
    assert "Katzen" in problem.what


def test_moris_table_of_34_grades(tmp_path):
    grades = [0.0] * 34
    grades[IDS.index("g_decreased_granules")] = 2
    picture(tmp_path / "a.png", 1)
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", *IDS])
        rows.writerow(["a.png", *grades])
        rows.writerow(["b.png", *grades[:-1]])
        rows.writerow(["c.png", *[9.0, *grades[1:]]])
    data = gather([tmp_path / "labels.csv"])
    (crop,) = data.crops
    assert crop.label.class_id == "GD"
    assert crop.label.grades["g_decreased_granules"] == 2
    assert len(data.problems) == 2


def test_a_normal_cell_of_moris_table_is_normal_and_a_red_cell_is_none():
    assert graded_label([1.0, *[0.0] * 33]).class_id == "EN"
    red = [0.0] * 34
    red[IDS.index("o_red_cell")] = 1
    assert graded_label(red).class_id is None


def test_what_is_handed_over_is_what_was_read(tmp_path):
    label = Label("GD", None, "GD", {"g_hypersegmentation": 2.0})
    told = LabelledCrop(tmp_path / "a.png", label, "lab", "P1", "val", 0.25)
    blank = LabelledCrop(tmp_path / "b.png", Label("LYT", "lymphocyte"), "lab")
    folder = write_manifest([told, blank], tmp_path / "labels")
    assert manifest_crops(folder)[0] == told
    assert manifest_crops(folder)[1].label.grades == {}


VOC = """<annotation><filename>f.png</filename><object><name>{0}</name><bndbox>
<xmin>3</xmin><ymin>4</ymin><xmax>12</xmax><ymax>18</ymax></bndbox></object>
</annotation>"""


def _voc(folder: Path) -> Path:
    picture(folder / "f.png", 50)
    (folder / "f.xml").write_text(VOC.format("WBC"))
    return folder


def _coco(folder: Path) -> Path:
    picture(folder / "f.png", 50)
    data = {
        "images": [{"id": 7, "file_name": "f.png"}],
        "annotations": [{"image_id": 7, "category_id": 1, "bbox": [2, 3, 10, 15]}],
        "categories": [{"id": 1, "name": "WBC"}],
    }
    (folder / "labels.json").write_text(json.dumps(data))
    return folder / "labels.json"


def _yolo(folder: Path) -> Path:
    picture(folder / "images" / "train" / "f.png", 50, size=(30, 24))
    labels = folder / "labels" / "train"
    labels.mkdir(parents=True)
    (labels / "f.txt").write_text(f"0 {7 / 24} {10.5 / 30} {10 / 24} {15 / 30}\n")
    (folder / "data.yaml").write_text("names: ['WBC']\n")
    return folder


def _geojson(folder: Path) -> Path:
    picture(folder / "f.png", 50)
    ring = [[2, 3], [12, 3], [12, 18], [2, 18], [2, 3]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"classification": {"name": "White: WBC"}},
    }
    path = folder / "f.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.mark.parametrize("make", [_voc, _coco, _yolo, _geojson])
def test_a_boxed_picture_says_the_same_in_every_form(tmp_path, make):
    (field,) = gather([make(tmp_path)]).fields
    (cell,) = field.boxes
    box = cell.box
    assert field.path.name == "f.png"
    assert field.path.is_file()
    found = (box.x, box.y, box.width, box.height)
    assert found == pytest.approx((2, 3, 10, 15), abs=0.01)
    assert cell.of_interest
    assert cell.label.class_id is None


def test_boxes_outside_and_words_unknown_are_said(tmp_path):
    path = _coco(tmp_path)
    data = json.loads(path.read_text())
    data["annotations"].append({"image_id": 7, "category_id": 1, "bbox": [90, 3, 5, 5]})
    data["annotations"].append({"image_id": 7, "category_id": 2, "bbox": [1, 3, 5, 5]})
    data["categories"].append({"id": 2, "name": "zebra"})
    path.write_text(json.dumps(data))
    said = [p.what for p in checked(gather([path])).problems]
    assert any("zebra" in what for what in said)
    assert any("1 of its boxes lie outside" in what for what in said)


def test_broken_double_and_contradicting_pictures_are_all_in_one_list(tmp_path):
    picture(tmp_path / "BLA" / "1.png", 10)
    picture(tmp_path / "BLA" / "again.png", 10)
    picture(tmp_path / "LYT" / "other.png", 10)
    picture(tmp_path / "LYT" / "fine.png", 99)
    (tmp_path / "LYT" / "torn.png").write_bytes(b"\x89PNG broken")
    data = checked(gather([tmp_path]))
    said = {p.path.name: p.what for p in data.problems}
    assert said.keys() == {"again.png", "other.png", "torn.png"}
    assert "called LYT here and BLA there" in said["other.png"]
    assert "cannot be read" in said["torn.png"]
    left = without_bad(data)
    assert {c.path.name for c in left.crops} == {"1.png", "fine.png"}


def test_problems_stop_the_training_before_it_starts(tmp_path, capsys):
    picture(tmp_path / "labels" / "BLA" / "1.png", 10)
    picture(tmp_path / "labels" / "Katzen" / "2.png", 20)
    call = ["lee", "--data", str(tmp_path / "labels"), "--out", str(tmp_path / "b")]
    assert main([*call, "--check"]) == 2
    assert "Katzen" in capsys.readouterr().out
    assert main([*call, "--check", "--skip-bad", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cells"] == {"blast": 1}
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("name", ["nothing", "empty", "text.txt", "odd.csv"])
def test_what_holds_no_labels_is_one_sentence(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("hello")
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableInput):
        gather([tmp_path / name])


@pytest.mark.shared
def test_the_shared_sets_are_recognised_and_wholly_understood(shared_dir):
    data = shared_dir / "data"
    for path, form in (
        (data / "cells", "manifest"),
        (data / "txl_pbc", "yolo"),
        (data / "marrow_fields" / "marrow_fields.json", "truth"),
    ):
        assert form_of(path) == form
        assert gather([path]).problems == ()
