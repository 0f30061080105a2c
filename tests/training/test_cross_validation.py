"""Every fold is kept out once, photos with all their cells, and judged together."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.domain.errors import MarrowScopeError  # noqa: E402
from marrowscope.domain.geometry import Box  # noqa: E402
from marrowscope.inference.catalogue import load_reader  # noqa: E402
from marrowscope.phantom.smear import SmearPlan, draw_field  # noqa: E402
from marrowscope.training import cross_validation, laboratory  # noqa: E402
from marrowscope.training.__main__ import arguments, main  # noqa: E402
from marrowscope.training.cross_validation import (  # noqa: E402
    Fold,
    found,
    named,
    write_folds,
)
from marrowscope.training.labels import CLASSES  # noqa: E402
from marrowscope.training.loop.demonstration import write_cells  # noqa: E402
from marrowscope.training.reading.gathering import gather  # noqa: E402
from marrowscope.training.reading.labelled import (  # noqa: E402
    Label,
    LabelledBox,
    LabelledData,
    LabelledField,
)
from marrowscope.training.splits import fields_with_fold  # noqa: E402
from marrowscope.workflow.models import find_model  # noqa: E402
from tests.training.reading.test_reading import picture  # noqa: E402

pytestmark = pytest.mark.training


def photo(name: str, *words: str, patient: str | None = None) -> LabelledField:
    boxes = tuple(
        LabelledBox(Box(10.0 * i, 10, 8, 8), Label(word, None, word))
        for i, word in enumerate(words)
    )
    return LabelledField(Path(f"{name}.png"), boxes, "lab", patient)


def test_photos_of_a_patient_fall_on_one_side_and_each_is_kept_out_once():
    fields = [
        photo(f"{patient}{number}", "EN", "GN", patient=patient)
        for patient in "ABCDEF"
        for number in range(3)
    ]
    kept_out = Counter()
    for fold in range(3):
        sided = fields_with_fold(fields, 3, fold=fold)
        sides = {f.patient: f.split for f in sided}
        assert all(f.split == sides[f.patient] for f in sided)
        kept_out.update(f.path.name for f in sided if f.split == "val")
    assert kept_out == Counter(f.path.name for f in fields)


def test_too_few_photos_for_folds_all_train():
    data = LabelledData(fields=(photo("a", "EN"), photo("b", "GN")))
    given = arguments(["bmsnet", "--data", "x", "--out", "y", "--folds", "5"])
    assert laboratory.photos(given, data, split="train") == list(data.fields)
    assert laboratory.kept_out_photos(given, data) == []
    with pytest.raises(MarrowScopeError):
        fields_with_fold(data.fields, 5, fold=0)


def test_folds_are_written_with_mean_spread_and_figures(tmp_path):
    sure = np.eye(8)
    right = Fold(0, CLASSES, sure, CLASSES, photos=2, ap50=0.9)
    half = Fold(1, CLASSES, sure[[1, 1, 3, 3, 4, 5, 7, 7]], CLASSES, 2, 0.7)
    write_folds([right, half], tmp_path)
    with (tmp_path / cross_validation.TABLE).open() as file:
        rows = {row["fold"]: row for row in csv.DictReader(file)}
    assert rows["1"]["accuracy"] == "1.0"
    assert float(rows["2"]["accuracy"]) == 0.625
    assert float(rows["mean"]["ap50"]) == pytest.approx(0.8)
    assert rows["mean"]["cells"] == "16"
    report = json.loads((tmp_path / cross_validation.REPORT).read_text())
    assert report["images"] == 16
    assert (tmp_path / cross_validation.FIGURES / "confusion.svg").is_file()


def test_a_model_is_asked_about_cells_the_way_the_program_asks(tmp_path, few_cells):
    truth = [CLASSES[int(place)] for place in few_cells.label]
    write_cells(few_cells, truth, tmp_path)
    crops = gather([tmp_path]).crops
    reader = load_reader(find_model("lee"), device="cpu", threads=1)
    told = list(named(crops, reader))
    assert [label for label, _ in told] == truth
    answers = [reader.classes[int(chances.argmax())] for _, chances in told]
    assert np.mean([a == t for a, t in zip(answers, truth, strict=True)]) > 0.5


def test_no_photo_is_no_average_precision(tmp_path):
    reader = load_reader(find_model("lee"), device="cpu", threads=1)
    assert found([], reader, tmp_path / "truth.json") is None


def test_a_word_that_is_no_fold_is_refused(tmp_path, capsys):
    picture(tmp_path / "EN" / "1.png", 3)
    with pytest.raises(SystemExit):
        main(["lee", "--data", str(tmp_path), "--out", "b", "--fold", "every"])
    assert "--fold" in capsys.readouterr().err


def test_photos_kept_out_are_read_and_their_cells_found(tmp_path):
    drawn = draw_field(SmearPlan(900, 900, 16, 8))
    cv2.imwrite(str(tmp_path / "f.png"), np.ascontiguousarray(drawn.pixels[..., ::-1]))
    boxes = tuple(
        LabelledBox(Box(*map(float, c["box"])), Label(c["class"], None, c["class"]))
        for c in drawn.truth["cells"]
    )
    told = float(drawn.truth["mpp"])
    field = LabelledField(tmp_path / "f.png", boxes, "drawn", mpp=told)
    reader = load_reader(find_model("bmsnet"), device="cpu", threads=1)
    value = found([field], reader, tmp_path / "truth.json")
    assert value is not None
    assert value > 0.6
