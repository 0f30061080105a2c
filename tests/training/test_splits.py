"""Folds keep patients together and labels even."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("iterstrat")

from marrowscope.domain.errors import MarrowScopeError  # noqa: E402
from marrowscope.training.reading.labelled import Label, LabelledCrop  # noqa: E402
from marrowscope.training.splits import folds_of, with_fold  # noqa: E402

pytestmark = pytest.mark.training


def crops(count: int, *, patients: int | None = None) -> list[LabelledCrop]:
    return [
        LabelledCrop(
            Path(f"{i}.png"),
            Label("blast" if i % 4 == 0 else "LYT", grades={"g": float(i % 10 == 0)}),
            "lab",
            patient=None if patients is None else f"P{i % patients}",
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("folds", [2, 5, 6, 10])
def test_every_label_is_as_common_in_every_fold(folds):
    some = crops(240)
    numbers = folds_of(some, folds)
    for word in ("blast", "LYT"):
        each = Counter(
            n for n, crop in zip(numbers, some, strict=True) if crop.label.word == word
        )
        assert max(each.values()) - min(each.values()) <= 3


def test_no_patient_is_on_both_sides():
    some = with_fold(crops(120, patients=12), 6, fold=2)
    sides = {crop.patient: set() for crop in some}
    for crop in some:
        sides[crop.patient].add(crop.split)
    assert all(len(side) == 1 for side in sides.values())
    assert Counter(crop.split for crop in some)["val"] > 0


def test_the_same_seed_gives_the_same_folds_and_another_seed_others():
    assert folds_of(crops(60), 5, seed=3) == folds_of(crops(60), 5, seed=3)
    assert folds_of(crops(60), 5, seed=3) != folds_of(crops(60), 5, seed=4)


def test_more_folds_than_patients_is_one_sentence():
    with pytest.raises(MarrowScopeError, match="cannot be split"):
        folds_of(crops(60, patients=3), 5)
