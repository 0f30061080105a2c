"""Regions and cells as QuPath writes and reads them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.domain.regions import (
    Region,
    RegionKind,
    UnusableRegion,
    outlined,
    rectangle,
)
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.interchange.geojson import (
    cell_features,
    read_regions,
    region_features,
    write_features,
)
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.regions import import_regions
from tests.store.case_parts import VOCABULARY, cells_at

IN, OUT = RegionKind.INCLUDE, RegionKind.EXCLUDE
# As QuPath 0.5 writes them: MultiPolygon with a hole, class of parts, a detection.
QUPATH = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "id": "7f0c2d60-8f0f-4b52-9a5b-2d1c9c8f0a11", "geometry": {
 "type": "Polygon", "coordinates": [[[100, 200], [300, 200], [300, 400], [100, 400],
 [100, 200]]]}, "properties": {"objectType": "annotation", "isLocked": true}},
{"type": "Feature", "id": "PathAnnotationObject", "geometry": {"type": "MultiPolygon",
 "coordinates": [[[[0, 0], [90, 0], [90, 90], [0, 90], [0, 0]],
 [[10, 10], [10, 20], [20, 20], [20, 10], [10, 10]]], [[[500, 0], [510, 0], [510, 10],
 [500, 0]]]]}, "properties": {"name": "Fett", "color": [1, 2, 3], "classification":
 {"name": "Ignore*", "colorRGB": -4934476}, "measurements": []}},
{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [9, 0],
 [9, 9], [0, 0]]]}, "properties": {"classification": {"names": ["Tumor", "Stroma"]}}},
{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [9, 0],
 [9, 9], [0, 0]]]}, "properties": {"objectType": "detection"}},
{"type": "Feature", "geometry": {"type": "Point", "coordinates": [3, 4]},
 "properties": {"objectType": "annotation"}}]}"""


LEFT_OUT = {"name": "Ignore*", "color": [180, 180, 180]}


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return places.load_taxonomy()


def written(path: Path, features: Any) -> Path:
    write_features(features, path)
    return path


def test_what_qupath_wrote_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(QUPATH, encoding="utf-8")
    (square, fat, mixed), others = read_regions(path, slide=4)
    assert others == 2  # a cell and a point
    assert square.id == "7f0c2d60-8f0f-4b52-9a5b-2d1c9c8f0a11"
    assert (square.slide, square.name, square.kind) == (4, "", IN)
    assert square.box == Box(100, 200, 200, 200)
    assert (fat.name, fat.kind, fat.shape.area) == ("Fett", OUT, 90**2 - 100 + 50)
    assert UUID(fat.id).version == 4
    assert mixed.name == "Tumor: Stroma"
    assert (square.classed, fat.classed) == (None, None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, {"name": "Tumor", "color": [200, 0, 0]}),
        ("Left part", {"names": ["Immune cells", "CD3+"], "color": [1, 2, 3]}),
        ("Fold", {"name": "Ignore folds"}),
    ],
)
def test_a_class_of_qupath_goes_back_as_it_came(
    tmp_path: Path, name: str | None, said: dict[str, Any]
) -> None:
    properties = {"objectType": "annotation", "classification": said}
    properties |= {} if name is None else {"name": name}
    geometry = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]]}
    came = {"type": "Feature", "geometry": geometry, "properties": properties}
    path = written(tmp_path / "a.geojson", [came])
    slide = SlideIdentity("abc", "a.svs", 900, 700, 0.25)
    with CaseFile.create(tmp_path / "a.marrow", name="a") as case:
        number = case.add_slide(slide, Path("a.svs"))
        taken = import_regions(path, slide=number, size=(900, 700), known=[])
        case.change_regions(taken.regions, who="A")
        regions = case.regions()
    (back,) = region_features(regions)
    back["properties"].pop("isLocked")
    assert back["properties"] == properties
    (turned,) = region_features([replace(regions[0], kind=OUT)])
    left_out = turned["properties"]["classification"]
    assert left_out == (said if name == "Fold" else LEFT_OUT)


def test_a_bare_list_and_a_single_feature_are_read_too(tmp_path: Path) -> None:
    features = json.loads(QUPATH)["features"]
    for number, said in enumerate((features, features[0])):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(said), encoding="utf-8-sig")
        assert read_regions(path, slide=1).regions[0].box == Box(100, 200, 200, 200)


outlines = st.lists(
    st.tuples(*[st.integers(-9_999, 99_999)] * 2), min_size=3, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(outlines, st.text(min_size=1), st.sampled_from([IN, OUT]))))
def test_regions_come_back_as_they_went(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[list[tuple[int, int]], str, RegionKind]],
) -> None:
    regions = []
    for points, name, kind in drawn:
        try:
            shown = name.encode("utf-8", "replace").decode().strip() or "x"
            regions.append(Region(2, shown, kind, outlined(points)))
        except UnusableRegion:
            continue
    path = tmp_path_factory.mktemp("trip") / "a.geojson"
    written(path, region_features(regions))
    if not regions:
        with pytest.raises(UnreadableInput, match="no region"):
            read_regions(path, slide=2)
        return
    assert read_regions(path, slide=2).regions == tuple(regions)
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        assert shape(feature["geometry"]).is_valid


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"type": "FeatureCollection"}', "[" * 100_000, "\0"]
)
def test_a_file_without_regions_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.geojson"
    path.write_text(text)
    with pytest.raises(UnreadableInput, match=r"odd\.geojson"):
        read_regions(path, slide=1)
    with pytest.raises(UnreadableInput, match=r"gone\.geojson"):
        read_regions(tmp_path / "gone.geojson", slide=1)


def test_cells_are_detections_with_class_colour_and_measurements(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    table = cells_at([(0, 0), (100, 0), (200, 0)]).numbered(7)
    verdict = Verdict(8, ("blast",), True, "Dr A", "2026-11-21T05:00:00+00:00")
    features = cell_features(
        table,
        VOCABULARY,
        {8: verdict},
        taxonomy=taxonomy,
        colours={"erythroid": (213, 94, 0), "blast": (204, 121, 167)},
    )
    region = Region(1, "Thin", IN, rectangle(Box(0, 0, 99, 99)))
    path = written(tmp_path / "a.geojson", [*region_features([region]), *features])
    thin, first, second, bare = json.loads(path.read_text("utf-8"))["features"]
    assert thin["properties"] == {
        "objectType": "annotation",
        "name": "Thin",
        "classification": {"name": "Region*", "color": [0, 0, 180]},
        "isLocked": False,
    }
    assert {f["properties"]["objectType"] for f in (first, second, bare)} == {
        "detection"
    }
    UUID(first["id"])
    assert first["properties"]["classification"]["color"] == [213, 94, 0]
    assert first["properties"]["metadata"] == {"source": "model"}
    assert second["properties"]["classification"] == {
        "name": taxonomy.name_of(("blast",)),
        "color": [204, 121, 167],
    }
    assert second["properties"]["metadata"] == {
        "source": "confirmed",
        "dysplastic": "yes",
    }
    measured = first["properties"]["measurements"]
    assert measured["Class score"] == pytest.approx(0.5)
    assert measured["Grade: Nuclear budding"] == 1.0
    assert "Strangeness" not in measured
    assert shape(first["geometry"]).equals(shapely.Polygon([(0, 0), (60, 0), (0, 60)]))
    assert shape(bare["geometry"]).equals(shapely.box(200, 0, 260, 60))
    assert [r.name for r in read_regions(path, slide=1).regions] == ["Thin"]


def test_a_region_that_the_case_has_is_taken_for_the_same(tmp_path: Path) -> None:
    known = Region(1, "Thin", IN, rectangle(Box(0, 0, 99, 99)))
    path = written(tmp_path / "a.geojson", region_features([known]))
    size = 400, 300
    same = import_regions(path, slide=1, size=size, known=[known])
    assert same.regions == (known,)
    other = import_regions(path, slide=2, size=size, known=[known])
    assert other.regions[0].id != known.id


def test_regions_of_another_slide_are_not_taken_unsaid(tmp_path: Path) -> None:
    near, far = (rectangle(Box(x, 0, 99, 99)) for x in (350, 400))
    regions = [Region(1, "Near", IN, near), Region(1, "Far", IN, far)]
    path = written(tmp_path / "a.geojson", region_features(regions))
    taken = import_regions(path, slide=1, size=(400, 300), known=[])
    assert ([r.name for r in taken.regions], taken.off_slide) == (["Near"], 1)
    with pytest.raises(UnreadableInput, match="lies on this slide"):
        import_regions(path, slide=1, size=(300, 300), known=[])
