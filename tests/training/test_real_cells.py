from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.phantom.smear import SmearPlan, draw_field
from marrowscope.training.datasets.real_cells import (
    class_of,
    fine_word,
    read_cells,
    scale_by_source,
    usable_crops,
)
from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.reading.labelled import Label, LabelledCrop

pytestmark = pytest.mark.training


def picture(folder: Path, name: str, mpp: float) -> Path:
    """A drawn neutrophil among red cells, 220 pixels square."""
    plan = SmearPlan(220, 220, 1, 4, mpp=mpp, mix={"segmented": 1})
    path = folder / name
    cv2.imwrite(str(path), draw_field(plan).pixels[..., ::-1])
    return path


def test_crops_of_any_reader_become_cells(tmp_path) -> None:
    path = picture(tmp_path, "a cell.png", 0.15)
    grades = {"g_decreased_granules": 2.0, "no such feature": 3.0}
    crops = [
        LabelledCrop(path, Label("Neutro", line="segmented"), "ours", mpp=0.15),
        LabelledCrop(path, Label("hypo", class_id="GD", grades=grades), "ours"),
    ]
    cells = read_cells(crops)
    assert [CLASSES[i] for i in cells.label] == ["GN", "GD"]
    assert cells.fine.tolist() == ["segmented", "hypo"]
    assert cells.grades[1, FEATURES.index("g_decreased_granules")] == 2
    assert cells.grades.sum() == 2
    assert (cells.marks & 2).any(axis=(1, 2)).all()


def test_a_source_without_scale_gets_that_of_its_red_cells_or_of_its_cells(
    tmp_path,
) -> None:
    told = [
        LabelledCrop(picture(tmp_path, f"{i}.png", 0.15), Label("LY"), "smear")
        for i in range(3)
    ]
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((100, 80, 3), 240, np.uint8))
    scales = scale_by_source([*told, LabelledCrop(blank, Label("LY"), "bare")])
    assert scales["smear"] == pytest.approx(0.15, rel=0.25)
    assert scales["bare"] == pytest.approx(0.26)


def test_a_label_is_read_from_class_then_line_then_word() -> None:
    assert class_of(Label("x", line="segmented", class_id="GD")) == "GD"
    assert class_of(Label("x", line="polychromatic_erythroblast")) == "EN"
    assert class_of(Label("x", line="mast_cell")) == "other"
    assert class_of(Label("PMO")) == "GN"
    assert fine_word(Label("NGS", line="segmented")) == "segmented"
    assert fine_word(Label("NGS", line="mast_cell")) == "NGS"


def test_a_label_without_class_is_left_out(caplog) -> None:
    crops = [LabelledCrop(Path("a"), Label(w), "s") for w in ("LY", "???")]
    with caplog.at_level("INFO"):
        assert usable_crops(crops) == crops[:1]
    assert "1 pictures" in caplog.text
