"""One sub-folder per class, as Lee, TCIA, Acevedo and Shen keep their cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from marrowscope.imaging.opening import is_photo_name
from marrowscope.training.reading.labelled import LabelledCrop, LabelledData, Problem
from marrowscope.training.reading.words import meaning_of

SPLITS = {"train": "train", "val": "val", "valid": "val", "test": "test"}


def read_folders(root: Path) -> LabelledData:
    """Every picture below a folder whose name is a word; patients are not known here.

    A folder named train, val or test above the class folders gives the split. A folder
    of pictures whose name is no word is a problem, one for the folder.
    """
    crops: list[LabelledCrop] = []
    problems: list[Problem] = []
    for folder, pictures in _folders_with_pictures(root):
        word = _word_of(folder, root)
        meaning = meaning_of(word) if word is not None else None
        if meaning is None:
            problems.append(
                Problem(
                    folder,
                    f"“{folder.name}” is no class that is known ({len(pictures)} "
                    "pictures): rename it, or add the word to label_words.toml.",
                )
            )
        elif not meaning.ignored:
            label, split = meaning.label(word or ""), _split_of(folder, root)
            crops += [LabelledCrop(p, label, root.name, split=split) for p in pictures]
    return LabelledData(tuple(crops), problems=tuple(problems))


def _folders_with_pictures(root: Path) -> Iterator[tuple[Path, list[Path]]]:
    for folder in sorted(p for p in root.rglob("*") if p.is_dir()):
        pictures = sorted(p for p in folder.iterdir() if is_photo_name(p))
        if pictures:
            yield folder, pictures


def _word_of(folder: Path, root: Path) -> str | None:
    """The nearest name that is a word, from the pictures upwards."""
    for part in [folder, *folder.parents]:
        if part == root:
            return None
        if meaning_of(part.name) is not None:
            return part.name
    return None


def _split_of(folder: Path, root: Path) -> str | None:
    parts = folder.relative_to(root).parts
    return next((SPLITS[p.lower()] for p in parts if p.lower() in SPLITS), None)
