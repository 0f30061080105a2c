"""The labelled crops of a data folder, whatever its form, and their split."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from marrowscope.evaluation.labelled_folders import class_of_folder, labelled_crops
from marrowscope.training.datasets.real_cells import (
    class_of,
    manifest_crops,
    usable_crops,
)
from marrowscope.training.fine_labels import FINE_IDS, WORDS
from marrowscope.training.labels import CLASSES
from marrowscope.training.reading.labelled import Label, LabelledCrop

VALIDATION_PART = 6  # one patient, or one picture where none is known, in so many


def crops_of(data: Path, split: str) -> list[LabelledCrop]:
    """Crops of `split` (train or val): a manifest's own, or one in six of folders.

    Without ``cells/manifest.csv`` the folder has one sub-folder per class: the eight
    and their long forms, a line of the taxonomy, or a word of MLL or Acevedo. Raises
    UnreadableInput when none of them is known.
    """
    listed = (data / "cells" / "manifest.csv").is_file()
    found = manifest_crops(data) if listed else folder_crops(data)
    return [c for c in with_split(usable_crops(found)) if c.split == split]


def folder_crops(data: Path) -> list[LabelledCrop]:
    """One crop per picture in the folders whose name says what is in them."""
    known = (*CLASSES, *(folder.name for folder in data.iterdir() if _known(folder)))
    pairs = labelled_crops(data, known)
    return [LabelledCrop(path, label_of(word), data.name) for path, word in pairs]


def _known(folder: Path) -> bool:
    name = folder.name
    return folder.is_dir() and (name in WORDS or name in FINE_IDS)


def label_of(word: str) -> Label:
    """What a folder's name says of its cells."""
    class_id = class_of(Label(word)) or class_of_folder(word, CLASSES)
    return Label(word, class_id=class_id)


def with_split(crops: Sequence[LabelledCrop]) -> list[LabelledCrop]:
    """`crops` with a split each; all of a patient go to the same one.

    The split follows from the patient's or the picture's name, so it is the same
    whenever it is asked for.
    """
    return [
        crop if crop.split else replace(crop, split=_split(crop.patient, crop.path))
        for crop in crops
    ]


def _split(patient: str | None, path: Path) -> str:
    name = patient or f"{path.parent.name}/{path.name}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    return "train" if number % VALIDATION_PART else "val"
