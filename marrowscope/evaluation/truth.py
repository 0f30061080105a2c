"""What is known to be in a picture: cells to find, and places that do not count."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Boxes
from marrowscope.imaging.photo_slide import photo_size

# Platelets and red cells are never among the cells, whoever wrote the truth.
NO_CELLS = ("platelet", "red_cell", "not_a_cell", "RBC", "Platelets")


@dataclass(frozen=True, slots=True)
class PictureTruth:
    """One picture's truth, boxes in its full-size pixels.

    `boxes` (N, 4) must be found; `classes` (N,) are their classes or kinds, `lines`
    (N,) their taxonomy lines where the truth tells them, else empty. `ignored` (M, 4):
    what is found there is neither rewarded nor punished.
    """

    file: str
    boxes: Boxes
    classes: tuple[str, ...]
    ignored: Boxes
    lines: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """(N,) class and line of each cell; the line is empty where not told."""
        lines = self.lines or ("",) * len(self.classes)
        return tuple(zip(self.classes, lines, strict=True))


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of a set of pictures. `named`: its classes are a reader's classes."""

    pictures: tuple[PictureTruth, ...]
    named: bool = False

    @property
    def cells(self) -> int:
        return sum(len(picture.boxes) for picture in self.pictures)


def load_truth(path: Path, *, split: str = "test") -> Truth:
    """The truth in any of the three formats, told apart by content.

    A folder or its `.yaml` is a YOLO set, of which `split` is taken; JSON with `images`
    is a set of boxed fields, JSON with `cells` the truth beside a drawn smear. Raises
    UnreadableInput when it is none of them.
    """
    if path.is_dir() or path.suffix in (".yaml", ".yml"):
        return load_yolo(path if path.is_dir() else path.parent, split=split)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if "images" in data:
            return boxed_fields(data)
        if "cells" in data:
            return drawn_smear(data, file=data.get("file", f"{path.stem}.tif"))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _unusable(path.name) from error
    raise _unusable(path.name)


def boxed_fields(data: Mapping[str, Any]) -> Truth:
    """Truth of fields boxed by hand, as `marrow_fields.json` is written.

    Boxes of kind "doubtful" and `ignore` rectangles do not count, nor do cells centred
    in such a rectangle.
    """
    return Truth(tuple(_boxed_field(entry) for entry in data["images"]))


def drawn_smear(data: Mapping[str, Any], *, file: str) -> Truth:
    """Truth of one drawn slide; its `doubtful` list does not count."""
    cells = [cell for cell in data["cells"] if cell.get("line") not in NO_CELLS]
    picture = PictureTruth(
        file,
        _boxes(cell["box"] for cell in cells),
        tuple(str(cell["class"]) for cell in cells),
        _boxes(entry["box"] for entry in data.get("doubtful", ())),
        tuple(str(cell.get("line", "")) for cell in cells),
    )
    return Truth((picture,), named=True)


def load_yolo(
    folder: Path, *, split: str = "test", leave_out: Sequence[str] = NO_CELLS
) -> Truth:
    """Truth of a YOLO set: `images/<split>/*`, `labels/<split>/*.txt`, `*.yaml`.

    Classes named in `leave_out` carry no truth. Raises UnreadableInput when the set is
    incomplete.
    """
    names = _yolo_names(folder)
    pictures = sorted((folder / "images" / split).glob("*"))
    if not pictures:
        raise UnreadableInput(
            f"{folder.name} has no pictures in images/{split}.",
            "Give the folder that holds images, labels and the .yaml of a YOLO set.",
        )
    kept = {i: name for i, name in enumerate(names) if name not in leave_out}
    labels = folder / "labels" / split
    return Truth(
        tuple(_yolo_picture(p, labels / f"{p.stem}.txt", kept) for p in pictures)
    )


def _boxed_field(entry: Mapping[str, Any]) -> PictureTruth:
    ignore = _boxes(entry.get("ignore", ()))
    boxes = _boxes(cell["box"] for cell in entry["cells"])
    kinds = [str(cell["kind"]) for cell in entry["cells"]]
    doubtful = np.asarray([kind == "doubtful" for kind in kinds], np.bool_)
    doubtful |= centred_inside(boxes, ignore)
    return PictureTruth(
        entry["file"],
        boxes[~doubtful],
        tuple(k for k, unsure in zip(kinds, doubtful, strict=True) if not unsure),
        np.concatenate([boxes[doubtful], ignore]),
    )


def centred_inside(boxes: Boxes, places: Boxes) -> NDArray[np.bool_]:
    """(N,) True where a box's centre lies inside any of the places."""
    centres = boxes[:, None, :2] + boxes[:, None, 2:] / 2  # (N, 1, 2)
    low, high = places[None, :, :2], places[None, :, :2] + places[None, :, 2:]
    inside = np.all((centres >= low) & (centres < high), axis=2)  # (N, M)
    return np.any(inside, axis=1)


def _yolo_names(folder: Path) -> list[str]:
    """The class names of a YOLO set, from its one `.yaml`."""
    for path in sorted(folder.glob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"names:\s*\[(.*?)\]", text, re.DOTALL)
        if found:
            return [name.strip(" '\"\n") for name in found.group(1).split(",")]
    raise UnreadableInput(
        f"{folder.name} has no .yaml that names its classes.",
        "Add a data.yaml with a line such as names: ['WBC', 'RBC', 'Platelets'].",
    )


def _yolo_picture(picture: Path, label: Path, kept: Mapping[int, str]) -> PictureTruth:
    width, height = photo_size(picture)
    text = label.read_text(encoding="utf-8") if label.exists() else ""
    rows = [line.split()[:5] for line in text.splitlines() if line.strip()]
    rows = [row for row in rows if int(row[0]) in kept]
    relative = np.asarray([row[1:] for row in rows], np.float32).reshape(-1, 4)
    boxes = relative * np.asarray([width, height, width, height], np.float32)
    boxes[:, :2] -= boxes[:, 2:] / 2
    classes = tuple(kept[int(row[0])] for row in rows)
    return PictureTruth(picture.name, boxes, classes, np.zeros((0, 4), np.float32))


def _boxes(boxes: Any) -> Boxes:
    return np.asarray(list(boxes), np.float32).reshape(-1, 4)


def _unusable(name: str) -> UnreadableInput:
    return UnreadableInput(
        f"{name} is no truth that MarrowScope knows.",
        "Give a JSON with images or cells as described in the README, or a YOLO set.",
    )
