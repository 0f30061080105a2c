from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.training.datasets.labelled_sets import (
    crops_of,
    folder_crops,
    label_of,
    with_split,
)
from marrowscope.training.reading.labelled import Label, LabelledCrop

pytestmark = pytest.mark.training


def folder(data: Path, name: str, pictures: int) -> None:
    (data / name).mkdir()
    for number in range(pictures):
        path = data / name / f"{number}.png"
        cv2.imwrite(str(path), np.full((8, 8, 3), 200, np.uint8))


def test_folders_named_after_classes_lines_or_source_words_are_read(tmp_path) -> None:
    for name in ("Dysplastic erythroid (erythroblast)", "segmented", "LYT", "holiday"):
        folder(tmp_path, name, 2)
    found = {(c.path.parent.name, c.label.class_id) for c in folder_crops(tmp_path)}
    assert found == {
        ("Dysplastic erythroid (erythroblast)", "ED"),
        ("segmented", "GN"),
        ("LYT", "other"),
    }


def test_every_picture_is_in_one_split_and_always_in_the_same(tmp_path) -> None:
    folder(tmp_path, "blast", 60)
    parts = [{c.path.name for c in crops_of(tmp_path, s)} for s in ("train", "val")]
    assert not parts[0] & parts[1]
    assert len(parts[0]) + len(parts[1]) == 60
    assert 2 <= len(parts[1]) <= 20


def test_a_patient_is_never_on_both_sides() -> None:
    crops = [
        LabelledCrop(Path(f"{i}.png"), Label("LY"), "ours", patient=f"P{i % 4}")
        for i in range(40)
    ]
    sides: dict[str | None, set[str | None]] = {}
    for crop in with_split(crops):
        sides.setdefault(crop.patient, set()).add(crop.split)
    assert all(len(side) == 1 for side in sides.values())


def test_a_folder_that_names_nothing_is_refused(tmp_path) -> None:
    folder(tmp_path, "holiday", 1)
    with pytest.raises(UnreadableInput):
        crops_of(tmp_path, "train")


def test_a_word_that_is_a_line_keeps_it_as_its_word() -> None:
    assert label_of("plasma_cell") == Label("plasma_cell", class_id="other")


def test_a_manifest_of_ones_own_may_tell_line_patient_and_scale(tmp_path) -> None:
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells" / "manifest.csv").write_text(
        "path,dataset,source_label,line,mds8_class,split,patient,mpp\n"
        "/far/a.png,ours,Seg,segmented,,train,P1,0.2\n"
        "b.png,mll_marrow,LYT,,other,train,,\n"
        "c.png,ours,???,,,train,,\n"
    )
    first, second = crops_of(tmp_path, "train")
    assert (first.path, first.mpp, first.patient) == (Path("/far/a.png"), 0.2, "P1")
    assert first.label.line == "segmented"
    assert (second.path, second.mpp) == (tmp_path / "cells" / "b.png", 0.09)
