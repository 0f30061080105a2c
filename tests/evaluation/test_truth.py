"""Every format of truth, and what does not count in it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from marrowscope.domain.errors import UnreadableInput
from marrowscope.evaluation.truth import boxed_fields, load_truth


def test_doubtful_boxes_and_cells_in_ignored_rectangles_are_not_to_be_found():
    entry = {
        "file": "f.jpg",
        "cells": [
            {"box": [0, 0, 10, 10], "kind": "nucleated"},
            {"box": [50, 50, 10, 10], "kind": "plasma"},
            {"box": [80, 0, 4, 20], "kind": "doubtful"},
        ],
        "ignore": [[48, 48, 20, 20]],
    }
    picture = boxed_fields({"images": [entry]}).pictures[0]
    assert picture.classes == ("nucleated",)
    assert len(picture.ignored) == 3


def test_the_truth_of_a_drawn_smear_leaves_platelets_out(tmp_path):
    path = tmp_path / "slide.json"
    cells = [
        {"box": [1, 2, 3, 4], "class": "EN", "line": "proerythroblast"},
        {"box": [9, 9, 2, 2], "class": "other", "line": "platelet"},
    ]
    doubtful = [{"box": [5, 5, 5, 5], "why": "smudged"}]
    path.write_text(json.dumps({"mpp": 0.25, "cells": cells, "doubtful": doubtful}))
    truth = load_truth(path)
    assert truth.named
    assert truth.pictures[0].file == "slide.tif"
    assert truth.pictures[0].classes == ("EN",)
    assert truth.pictures[0].ignored.tolist() == [[5, 5, 5, 5]]


def test_a_yolo_set_gives_boxes_in_pixels_of_white_cells_only(tmp_path):
    for part in ("images/val", "labels/val"):
        (tmp_path / part).mkdir(parents=True)
    Image.fromarray(np.zeros((100, 200, 3), np.uint8)).save(
        tmp_path / "images/val/a.png"
    )
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "images/val/b.png")
    (tmp_path / "labels/val/a.txt").write_text(
        "0 0.5 0.5 0.1 0.2\n1 0.1 0.1 0.1 0.1\n\n"
    )
    (tmp_path / "data.yaml").write_text("nc: 3\nnames: ['WBC', 'RBC','Platelets']")
    truth = load_truth(tmp_path / "data.yaml", split="val")
    assert truth.pictures[0].boxes.tolist() == [[90, 40, 20, 20]]
    assert truth.pictures[0].classes == ("WBC",)
    assert len(truth.pictures[1].boxes) == 0


@pytest.mark.parametrize("text", ["", "[1, 2]", "{}", '{"images": [{}]}', "\x00\x01"])
def test_a_file_that_is_no_truth_gets_one_sentence(tmp_path, text):
    path = tmp_path / "truth.json"
    path.write_text(text)
    with pytest.raises(UnreadableInput, match="no truth"):
        load_truth(path)


@pytest.mark.shared
def test_the_marrow_fields_are_read_with_their_doubts(shared_dir):
    truth = load_truth(shared_dir / "data/marrow_fields/marrow_fields.json")
    assert len(truth.pictures) == 28
    assert truth.cells > 200


@pytest.mark.shared
def test_the_blood_set_is_read(shared_dir):
    truth = load_truth(shared_dir / "data/txl_pbc", split="test")
    assert len(truth.pictures) == 144
    assert set(truth.pictures[0].classes) == {"WBC"}
