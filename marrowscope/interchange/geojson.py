"""Regions in and out, cells out, as GeoJSON that QuPath reads and writes.

A FeatureCollection, or a bare list of Features (RFC 7946), in level-0 pixels from the
top left corner. QuPath (qupath.lib.io.PathObjectTypeAdapters, 0.4 and newer) adds to a
Feature an `id` that is a UUID, and `properties` with `objectType` ("annotation",
"detection" …), `name`, `classification` {name, color [r, g, b]}, `isLocked` and
`measurements`. Its own classes "Region*" and "Ignore*" say included and excluded; any
other class is kept with the region and given back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.regions import (
    ForeignClass,
    Region,
    RegionKind,
    UnusableRegion,
    of_geometry,
    to_geometry,
)
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

Feature = dict[str, Any]
Colour = tuple[int, int, int]
_CLASSES: Mapping[RegionKind, tuple[str, Colour]] = {
    RegionKind.INCLUDE: ("Region*", (0, 0, 180)),
    RegionKind.EXCLUDE: ("Ignore*", (180, 180, 180)),
}
_LEFT_OUT = ("ignore", "exclude")
_NO_REGIONS = ("detection", "cell", "tile", "tmaCore", "root")
_GREY: Colour = (120, 120, 120)


def region_features(regions: Iterable[Region]) -> Iterator[Feature]:
    """An annotation for every region."""
    for region in regions:
        classed = _classed(region)
        # What has no name there is called by its class here.
        bare = region.classed is not None and region.name == classed.name
        named = {} if bare else {"name": region.name}
        yield {
            "type": "Feature",
            "id": region.id,
            "geometry": to_geometry(region.shape),
            "properties": {
                "objectType": "annotation",
                **named,
                "classification": _classification(classed),
                "isLocked": False,
            },
        }


def _classed(region: Region) -> ForeignClass:
    """Its own class, unless the region is counted otherwise than that class says."""
    own = region.classed
    if own is not None and _kind(own.name) is region.kind:
        return own
    return ForeignClass(*_CLASSES[region.kind])


def _classification(classed: ForeignClass) -> dict[str, Any]:
    names = classed.name.split(": ")
    said = {"names": names} if len(names) > 1 else {"name": classed.name}
    return said if classed.colour is None else {**said, "color": list(classed.colour)}


def cell_features(
    table: CellTable,
    vocabulary: ModelVocabulary,
    verdicts: Mapping[int, Verdict],
    *,
    taxonomy: Taxonomy,
    colours: Mapping[str, Colour],
) -> Iterator[Feature]:
    """A detection for every cell: its outline, or its box where it has none.

    `colours` by lineage. The classification is the taxonomy line a person confirmed,
    else the one the model suggests, and none for a cell that a person drew and nobody
    called; `metadata` says which.
    """
    told = vocabulary.told_by(table)
    answers, rows = told.answers, told.answer_rows(table)
    for row in range(len(table)):
        cell = int(table.id[row])
        verdict = verdicts.get(cell)
        drawn = bool(table.drawn[row])
        lines = () if drawn else answers[rows[row]][1]
        lines = lines if verdict is None else verdict.lines
        source = "drawn" if drawn else "model"
        colour = colours.get(taxonomy.lineage_of(lines), _GREY)
        yield {
            "type": "Feature",
            "id": str(uuid5(NAMESPACE_URL, f"marrowscope:cell:{cell}")),
            "geometry": {"type": "Polygon", "coordinates": [_outline(table, row)]},
            "properties": {
                "objectType": "detection",
                "name": f"Cell {cell}",
                "classification": {
                    "name": taxonomy.name_of(lines),
                    "color": list(colour),
                },
                "measurements": {} if drawn else _measured(table, vocabulary, row),
                "metadata": _who_said({"source": source}, verdict),
            },
        }


def _who_said(otherwise: dict[str, str], verdict: Verdict | None) -> dict[str, str]:
    """A person's judgement of dysplasia: the measurements say the model's."""
    if verdict is None:
        return otherwise
    judged = {True: "yes", False: "no", None: "not judged"}[verdict.dysplastic]
    return {"source": "confirmed", "dysplastic": judged}


def _outline(table: CellTable, row: int) -> list[list[float]]:
    points = table.outline[row]
    if points is None or len(points) < 3:
        x, y, width, height = table.box[row].astype(float)
        corners = [(0, 0), (width, 0), (width, height), (0, height)]
        points = np.asarray(corners) + (x, y)
    ring = np.round(points.astype(float), 2).tolist()
    return [*ring, ring[0]]


def _measured(
    table: CellTable, vocabulary: ModelVocabulary, row: int
) -> dict[str, float]:
    probabilities = table.probabilities[row]
    known = vocabulary.classes[int(probabilities.argmax())]
    grades = zip(vocabulary.features, table.grades[row], strict=True)
    measured = {
        "Detection score": table.detection_score[row],
        "Class score": probabilities.max(),
        "Called dysplastic": float(known.dysplastic),
        "Cut by the edge": float(table.cut[row]),
        "Strangeness": table.strangeness[row],
        **{f"Grade: {feature.name}": grade for feature, grade in grades},
    }
    return {k: round(float(v), 4) for k, v in measured.items() if np.isfinite(v)}


def write_features(features: Iterable[Feature], path: Path) -> None:
    """A FeatureCollection, one Feature a line, without holding them all."""
    with path.open("w", encoding="utf-8", errors="replace") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for number, feature in enumerate(features):
            file.write(",\n" if number else "")
            file.write(json.dumps(feature, ensure_ascii=False))
        file.write("\n]}\n")


class RegionsRead(NamedTuple):
    """Regions of a file, and how many other things it holds: cells, lines, points."""

    regions: tuple[Region, ...]
    passed_over: int


def read_regions(path: Path, *, slide: int) -> RegionsRead:
    """The regions a file holds, for slide number `slide`.

    Every outline counts that is not marked as a cell; points and lines are passed over.
    A region keeps its UUID where it has one. Raises UnreadableInput for a file that is
    no GeoJSON or holds no outline at all.
    """
    features = _features(path)
    found = [r for f in features if (r := _region(f, slide)) is not None]
    if not found:
        raise UnreadableInput(
            f"{path.name} holds no region: no outline that encloses anything.",
            "Export annotations as GeoJSON, in pixels of the full slide.",
        )
    return RegionsRead(tuple(found), len(features) - len(found))


def _features(path: Path) -> Sequence[object]:
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableInput(
            f"{path.name} cannot be read ({error.strerror}).",
            "See that it lies there and may be opened.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _no_geojson(path) from error
    match said:
        case {"type": "FeatureCollection", "features": list(features)}:
            return features
        case {"type": "Feature"}:
            return [said]
        case list(features):
            return features
        case _:
            raise _no_geojson(path)


def _no_geojson(path: Path) -> UnreadableInput:
    return UnreadableInput(
        f"{path.name} is no GeoJSON file of regions.",
        "In QuPath, write one with File > Export objects as GeoJSON.",
    )


def _region(feature: object, slide: int) -> Region | None:
    if not isinstance(feature, dict):
        return None
    match feature.get("geometry"):
        case {"type": "Polygon" | "MultiPolygon"} as geometry:
            said = feature.get("properties")
        case _:
            return None
    properties = said if isinstance(said, dict) else {}
    if properties.get("objectType") in _NO_REGIONS:
        return None
    with suppress(UnusableRegion):
        classed = _foreign_class(properties)
        kind = _kind(classed.name if classed else "")
        shape, name = of_geometry(geometry), properties.get("name")
        if classed is not None and classed.name == _CLASSES[kind][0]:
            classed = None
        if not isinstance(name, str) or not name.strip():
            name = classed.name if classed else ""
        return Region(slide, name, kind, shape, _id(feature.get("id")), classed)
    return None


def _foreign_class(properties: Mapping[str, Any]) -> ForeignClass | None:
    name, said = _class_name(properties), properties.get("classification")
    match said:
        case {"color": [int(red), int(green), int(blue)]}:
            colour = red & 255, green & 255, blue & 255
        case {"colorRGB": int(packed)}:  # before QuPath 0.4
            colour = packed >> 16 & 255, packed >> 8 & 255, packed & 255
        case _:
            colour = None
    return ForeignClass(name, colour) if name else None


def _class_name(properties: Mapping[str, Any]) -> str:
    match properties.get("classification"):
        case {"name": str(name)}:
            return name
        case {"names": [*names]}:
            return ": ".join(map(str, names))
        case _:
            return ""


def _kind(class_name: str) -> RegionKind:
    name = class_name.casefold()
    left_out = any(word in name for word in _LEFT_OUT)
    return RegionKind.EXCLUDE if left_out else RegionKind.INCLUDE


def _id(said: object) -> str:
    with suppress(ValueError):
        return str(UUID(str(said)))
    return str(uuid4())
