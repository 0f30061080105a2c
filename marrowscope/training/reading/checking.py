"""Everything wrong with a set of labelled pictures, in one list before training."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.opening import is_photo_name, open_slide
from marrowscope.training.labels import CLASSES
from marrowscope.training.reading.labelled import (
    Label,
    LabelledCrop,
    LabelledData,
    LabelledField,
    Problem,
)


def checked(data: LabelledData) -> LabelledData:
    """The data with further problems found by looking at every picture.

    Pictures that cannot be read, the same crop or field photo twice, crops with two
    labels or on both sides of a split, and boxes outside their picture.
    """
    contents: dict[str, list[LabelledCrop]] = defaultdict(list)
    photos: dict[str, list[LabelledField]] = defaultdict(list)
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
        try:
            slide = looked_at(field.path)
        except MarrowScopeError as error:
            problems.append(Problem(field.path, error.what))
            continue
        problems += _about_field(field, slide.width, slide.height)
        photos[slide.content].append(field)
    for same_photo in photos.values():
        problems += _about_same_field(same_photo)
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
        if contradict(first.label, other.label):
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


def contradict(one: Label, other: Label) -> bool:
    """True when two labels cannot both be right.

    Two words of one meaning agree, and so do a line and the class that holds it;
    grades contradict where both were given and differ.
    """
    pairs = [(one.line, other.line), (one.class_id, other.class_id)]
    pairs += [(one.grades[n], other.grades[n]) for n in one.grades if n in other.grades]
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _about_same_field(same: Sequence[LabelledField]) -> Iterator[Problem]:
    first = same[0]
    for other in same[1:]:
        what = f"The same photo as {first.path.name}"
        if other.split != first.split:
            what += ", which is on the other side of the split"
        elif _boxes_of(other) != _boxes_of(first):
            what += ", but its boxes are not the same"
        yield Problem(other.path, f"{what}.")


def _boxes_of(field: LabelledField) -> set[tuple[Box, str | None]]:
    return {(box.box, box.label.class_id) for box in field.boxes}


def _about_field(field: LabelledField, width: int, height: int) -> Iterator[Problem]:
    outside = sum(
        not (0 <= x < width and 0 <= y < height)
        for x, y in (box.box.centre for box in field.boxes)
    )
    if outside:
        yield Problem(field.path, f"{outside} of its boxes lie outside the picture.")
    flat = sum(min(b.box.width, b.box.height) < 1 for b in field.boxes)
    if flat:
        yield Problem(field.path, f"{flat} of its boxes have no size.")


def looked_at(path: Path) -> SlideIdentity:
    """What a photo or slide is. Raises MarrowScopeError when it cannot be opened."""
    with closing(open_slide(path)) as slide:
        return slide.identity


def without_pictures(data: LabelledData) -> list[str]:
    """Those of the eight classes of which there is no cell at all."""
    labels = [crop.label for crop in data.crops]
    labels += [box.label for field in data.fields for box in field.boxes]
    told = {label.class_id for label in labels}
    return [name for name in CLASSES if name not in told]


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
