"""Labelled crops as laboratories keep them: one sub-folder per class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.errors import UnreadableInput
from marrowscope.imaging.opening import is_photo_name

# Lee 2022 writes the classes out; words as they occur in folder names.
_SERIES = {"E": ("erythr", "normoblast"), "G": ("granulocyt", "myeloid", "neutrophil")}
_SERIES["M"] = ("megakaryo",)


def pictures_by_folder(folder: Path) -> list[tuple[Path, str]]:
    """(picture, word) for every picture: the word is the name of its sub-folder.

    Raises UnreadableInput when there is no such folder or picture.
    """
    if not folder.is_dir():
        raise UnreadableInput(
            f"{folder.name} is not a folder.",
            "Give a folder with one sub-folder per class.",
        )
    found = [
        (picture, sub.name)
        for sub in sorted(folder.iterdir())
        if sub.is_dir()
        for picture in sorted(sub.rglob("*"))
        if picture.is_file() and is_photo_name(picture)
    ]
    if not found:
        raise no_known_folder(folder, ())
    return found


def labelled_crops(folder: Path, classes: Sequence[str]) -> list[tuple[Path, str]]:
    """(picture, class) for every picture in the sub-folders that name a class.

    Sub-folders whose name is no class are left out. Raises UnreadableInput when none
    is a class or when there are no pictures.
    """
    named = [
        (picture, class_of_folder(word, classes))
        for picture, word in pictures_by_folder(folder)
    ]
    crops = [(picture, name) for picture, name in named if name is not None]
    if not crops:
        raise no_known_folder(folder, classes)
    return crops


def no_known_folder(folder: Path, classes: Sequence[str]) -> UnreadableInput:
    """The error for a folder in which no sub-folder of pictures has a known name."""
    known = f" ({', '.join(classes)})" if classes else ""
    return UnreadableInput(
        f"The folder {folder.name} has no pictures in sub-folders named after "
        f"classes{known}.",
        "Make one sub-folder per class and put its crops there.",
    )


def class_of_folder(name: str, classes: Sequence[str]) -> str | None:
    """The class a folder's name means, in short or in Lee's long form; else None."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    for known in classes:
        if plain == re.sub(r"[^a-z]", "", known.lower()):
            return known
    long_form = _long_form(plain)
    return long_form if long_form in classes else None


def _long_form(plain: str) -> str | None:
    for letter, words in _SERIES.items():
        if any(word in plain for word in words):
            return letter + ("D" if "dyspla" in plain else "N")
    if "blast" in plain:
        return "blast"
    return "other" if plain.startswith("other") else None
