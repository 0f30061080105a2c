"""Boxed pictures: Pascal VOC, COCO, YOLO, QuPath's GeoJSON, and MarrowScope's own."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.evaluation.truth import PictureTruth, Truth, load_truth, load_yolo
from marrowscope.imaging.opening import is_photo_name
from marrowscope.training.reading.labelled import (
    Label,
    LabelledBox,
    LabelledData,
    LabelledField,
    Problem,
)
from marrowscope.training.reading.words import meaning_of

NOT_OF_INTEREST = ("red cell", "platelet", "artefact", "smudge cell", "smudged")
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError)


def boxed_cell(box: Box, word: str) -> LabelledBox | Problem:
    """A box by its word; what is no cell is not of interest. A Problem has no path."""
    meaning = meaning_of(word)
    if meaning is None:
        return Problem(Path(), f"“{word}” is no class that is known.")
    return LabelledBox(box, meaning.label(word), of_interest=not meaning.ignored)


def field_of(
    picture: Path, cells: Iterable[tuple[Box, str]], *, source: str, split: str | None
) -> tuple[LabelledField, list[Problem]]:
    """One picture's boxes, and each word in it that nobody knows, once."""
    answers = [boxed_cell(box, word) for box, word in cells]
    known = tuple(a for a in answers if isinstance(a, LabelledBox))
    unknown = dict.fromkeys(a.what for a in answers if isinstance(a, Problem))
    problems = [Problem(picture, what) for what in unknown]
    return LabelledField(picture, known, source, split=split), problems


def joined(
    parts: Iterable[tuple[LabelledField, list[Problem]]], more: Sequence[Problem] = ()
) -> LabelledData:
    """Fields and everything wrong with them."""
    pairs = list(parts)
    problems = [*more, *(p for _, found in pairs for p in found)]
    return LabelledData(fields=tuple(f for f, _ in pairs), problems=tuple(problems))


def read_voc(folder: Path) -> LabelledData:
    """Pascal VOC: an XML beside each picture, or pictures under ``JPEGImages``."""
    parts, problems = [], []
    for path in sorted(folder.rglob("*.xml")):
        try:
            root = ElementTree.parse(path).getroot()
            name = (root.findtext("filename") or path.stem).strip()
            cells = [_voc_cell(entry) for entry in root.iter("object")]
        except (*_BROKEN, ElementTree.ParseError) as error:
            problems.append(Problem(path, f"This annotation cannot be read ({error})."))
            continue
        picture = _picture_named(name, (path.parent, folder / "JPEGImages", folder))
        parts.append(field_of(picture, cells, source=folder.name, split=None))
    return joined(parts, problems)


def _voc_cell(entry: ElementTree.Element) -> tuple[Box, str]:
    corners = entry.find("bndbox")
    if corners is None:
        raise ValueError("an object has no box")
    left, top, right, bottom = (
        float(corners.findtext(name) or "nan")
        for name in ("xmin", "ymin", "xmax", "ymax")
    )
    # VOC counts pixels from 1 and names the last one inside.
    box = Box(left - 1, top - 1, right - left + 1, bottom - top + 1)
    return box, (entry.findtext("name") or "").strip()


def _picture_named(name: str, folders: Sequence[Path]) -> Path:
    """Where the picture lies; the first folder when it is nowhere."""
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    for folder in folders:
        found = [p for p in folder.glob(f"{Path(name).stem}.*") if is_photo_name(p)]
        if found:
            return found[0]
    return folders[0] / name


def read_coco(path: Path) -> LabelledData:
    """COCO: one JSON of images, annotations and categories."""
    data = json.loads(path.read_text(encoding="utf-8"))
    names = {entry["id"]: str(entry["name"]) for entry in data["categories"]}
    cells: dict[Any, list[tuple[Box, str]]] = {}
    for entry in data["annotations"]:
        box = Box(*(float(v) for v in entry["bbox"]))
        word = names.get(entry["category_id"], f"category {entry['category_id']}")
        cells.setdefault(entry["image_id"], []).append((box, word))
    places = (path.parent, path.parent / "images")
    return joined(
        field_of(
            _picture_named(image["file_name"], places),
            cells.get(image["id"], ()),
            source=path.stem,
            split=None,
        )
        for image in data["images"]
    )


def read_truth(path: Path, *, splits: Sequence[str] = ("train",)) -> LabelledData:
    """YOLO folders, and the JSON of drawn smears and of fields boxed by hand."""
    parts, problems = [], []
    root = path if path.is_dir() else path.parent
    for split in splits:
        try:
            truth = _truth_of(path, split)
        except MarrowScopeError as error:
            problems.append(Problem(path, error.what))
            continue
        known = split if path.is_dir() else None
        parts += [_truth_field(root, one, split=known) for one in truth.pictures]
    return joined(parts, problems)


def _truth_of(path: Path, split: str) -> Truth:
    """YOLO with its red cells and platelets: to a detector they are not of interest."""
    if path.is_dir() or path.suffix in (".yaml", ".yml"):
        folder = path if path.is_dir() else path.parent
        return load_yolo(folder, split=split, leave_out=())
    return load_truth(path, split=split)


def _truth_field(
    root: Path, truth: PictureTruth, *, split: str | None
) -> tuple[LabelledField, list[Problem]]:
    places = (root, root / "images", root / "images" / (split or ""))
    picture = _picture_named(truth.file, places)
    cells = [
        (Box(*map(float, box)), word)
        for box, word in zip(truth.boxes, truth.classes, strict=True)
    ]
    field, problems = field_of(picture, cells, source=root.name, split=split)
    hidden = tuple(
        LabelledBox(Box(*map(float, box)), Label("ignored"), ignored=True)
        for box in truth.ignored
    )
    return _with_boxes(field, (*field.boxes, *hidden)), problems


def _with_boxes(field: LabelledField, boxes: tuple[LabelledBox, ...]) -> LabelledField:
    return LabelledField(
        field.path, boxes, field.source, field.patient, field.split, field.mpp
    )


def read_geojson(path: Path) -> LabelledData:
    """QuPath's export of one picture: ``NAME.geojson`` beside ``NAME.*``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    features = data["features"] if isinstance(data, Mapping) else data
    cells = [cell for feature in features if (cell := _geojson_cell(feature))]
    picture = _picture_named(path.stem, (path.parent,))
    return joined([field_of(picture, cells, source=path.parent.name, split=None)])


def _geojson_cell(feature: Mapping[str, Any]) -> tuple[Box, str] | None:
    """A polygon's extent and its classification; None for what has no area."""
    shape, said = feature["geometry"], feature.get("properties", {})
    named = said.get("classification") or {}
    points = list(_points(shape["coordinates"]))
    if shape["type"] not in ("Polygon", "MultiPolygon") or not points:
        return None
    across, down = zip(*points, strict=True)
    box = Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
    # QuPath writes a subclass after a colon; the last part says most.
    words = named.get("names") or [named.get("name") or said.get("objectType") or ""]
    return box, str(words[-1]).split(":")[-1].strip()


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)
