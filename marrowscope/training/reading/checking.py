"""Everything wrong with a set of labelled pictures, in one list before training."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.imaging.opening import is_photo_name, open_slide
from marrowscope.training.reading.labelled import (
    LabelledCrop,
    LabelledData,
    LabelledField,
    Problem,
)


def checked(data: LabelledData) -> LabelledData:
    """The data with further problems found by looking at every picture.

    Pictures that cannot be read, the same picture twice, with two labels or on both
    sides of a split, and boxes outside their picture.
    """
    contents: dict[str, list[LabelledCrop]] = defaultdict(list)
    problems = list(data.problems)
    for crop in data.crops:
        content = content_of(crop.path)
        if content is None:
            problems.append(Problem(crop.path, "This picture cannot be read."))
        else:
            contents[content].append(crop)
    for same in contents.values():
        problems += _about_same(same)
    for field in data.fields:
        problems += _about_field(field)
    return replace(data, problems=tuple(problems))


def content_of(path: Path) -> str | None:
    """A hash of the file when it decodes as a picture, else None."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    if not stored or cv2.imdecode(np.frombuffer(stored, np.uint8), 1) is None:
        return None
    return hashlib.sha256(stored).hexdigest()


def _about_same(same: Sequence[LabelledCrop]) -> Iterator[Problem]:
    first = same[0]
    for other in same[1:]:
        if other.label.word != first.label.word:
            yield Problem(
                other.path,
                f"The same picture as {first.path.name}, but called "
                f"{other.label.word} here and {first.label.word} there.",
            )
        elif other.split != first.split:
            yield Problem(
                other.path,
                f"The same picture as {first.path.name}, which is on the other side "
                "of the split.",
            )
        else:
            yield Problem(other.path, f"The same picture as {first.path.name}.")


def _about_field(field: LabelledField) -> Iterator[Problem]:
    try:
        width, height = _size_of(field.path)
    except MarrowScopeError as error:
        yield Problem(field.path, error.what)
        return
    outside = sum(
        not (0 <= x < width and 0 <= y < height)
        for x, y in (box.box.centre for box in field.boxes)
    )
    if outside:
        yield Problem(field.path, f"{outside} of its boxes lie outside the picture.")
    flat = sum(min(b.box.width, b.box.height) < 1 for b in field.boxes)
    if flat:
        yield Problem(field.path, f"{flat} of its boxes have no size.")


def _size_of(path: Path) -> tuple[int, int]:
    slide = open_slide(path)
    slide.close()
    return slide.identity.width, slide.identity.height


def without_bad(data: LabelledData) -> LabelledData:
    """The data without every picture that a problem is about."""
    bad = {problem.path for problem in data.problems}
    return LabelledData(
        tuple(c for c in data.crops if c.path not in bad),
        tuple(f for f in data.fields if f.path not in bad),
    )


def pictures_below(folder: Path) -> int:
    """How many pictures a folder holds, at any depth."""
    return sum(is_photo_name(path) for path in folder.rglob("*"))
