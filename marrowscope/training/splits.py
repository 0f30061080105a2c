"""Folds by patient where patients are known, alike in every label and grade.

Sechidis, Tsoumakas & Vlahavas 2011, by the package ``iterative-stratification``; five
folds in Mori 2020, six by patient in Wu 2020, 80 / 10 / 10 in Lee 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold
from numpy.typing import NDArray

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.reading.labelled import LabelledCrop, LabelledField


def folds_of(crops: Sequence[LabelledCrop], folds: int, *, seed: int = 1) -> list[int]:
    """The fold, from 0, of each crop; the same for the same crops and seed.

    All crops of a patient fall into one fold. Raises MarrowScopeError when there are
    fewer patients (or crops without one) than folds.
    """
    owners = [c.patient or f"\0{i}" for i, c in enumerate(crops)]
    units = {owner: number for number, owner in enumerate(dict.fromkeys(owners))}
    if folds < 2 or len(units) < folds:
        raise MarrowScopeError(
            f"{len(units)} patients or pictures cannot be split into {folds} folds.",
            "Ask for at least 2 folds and no more than there are patients.",
        )
    number = np.array([units[owner] for owner in owners])
    told = np.zeros((len(units), labels_of(crops).shape[1]), bool)
    np.logical_or.at(told, number, labels_of(crops))
    splitter = MultilabelStratifiedKFold(folds, shuffle=True, random_state=seed)
    fold_of_unit = np.zeros(len(units), int)
    for fold, (_, held_out) in enumerate(splitter.split(told, told.astype(int))):
        fold_of_unit[held_out] = fold
    return fold_of_unit[number].tolist()


def labels_of(crops: Sequence[LabelledCrop]) -> NDArray[np.bool_]:
    """(N, L) all that is said of each crop: source and word, each grade from 1 up."""
    said = [
        {(c.source, c.label.word), *((k, g) for k, g in c.label.grades.items() if g)}
        for c in crops
    ]
    names = sorted({name for one in said for name in one}, key=repr)
    return np.array([[name in one for name in names] for one in said], bool)


def fields_with_fold(
    fields: Sequence[LabelledField], folds: int, *, fold: int, seed: int = 1
) -> list[LabelledField]:
    """The photos with fold `fold` as ``val`` and the others as ``train``.

    By patient, and a patient's photos, alike in the labels of their cells. Raises
    MarrowScopeError when there are fewer patients or photos than folds.
    """
    said = [
        LabelledCrop(f.path, box.label, f.source, f.patient or str(f.path))
        for f in fields
        for box in f.boxes
    ]
    numbers = folds_of(said, folds, seed=seed)
    of = {c.patient: number for c, number in zip(said, numbers, strict=True)}
    return [
        replace(f, split="val" if of.get(f.patient or str(f.path)) == fold else "train")
        for f in fields
    ]


def with_fold(
    crops: Sequence[LabelledCrop], folds: int, *, fold: int, seed: int = 1
) -> list[LabelledCrop]:
    """The crops with fold `fold` as ``val`` and the others as ``train``."""
    numbers = folds_of(crops, folds, seed=seed)
    return [
        replace(crop, split="val" if number == fold else "train")
        for crop, number in zip(crops, numbers, strict=True)
    ]
