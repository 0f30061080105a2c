"""Regions of a case: from a reader's hand, from files and to files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, count_in_regions, extent
from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.interchange.geojson import (
    Colour,
    cell_features,
    read_regions,
    region_features,
    write_features,
)
from marrowscope.store.case_file import CaseFile
from marrowscope.store.known_cells import KnownCells
from marrowscope.workflow import places
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.writing import written_whole

SUFFIX = ".geojson"


def next_name(regions: Iterable[Region], slide: int) -> str:
    """What a new region of a slide is called until a reader names it."""
    taken = {region.name for region in regions if region.slide == slide}
    number = 1
    while (name := f"Region {number}") in taken:
        number += 1
    return name


@dataclass(frozen=True, slots=True)
class RegionsTaken:
    """Regions of a file that lie on the slide; how many of its outlines do not, and
    how many other things it holds: cells, lines, points.
    """

    regions: tuple[Region, ...]
    off_slide: int
    passed_over: int


def import_regions(
    path: Path, *, slide: int, size: tuple[int, int], known: Sequence[Region]
) -> RegionsTaken:
    """The regions of a GeoJSON file, each with a name of its own.

    `size`: width and height of the slide in level-0 pixels. A region that the slide has
    already, by its UUID, takes that one's place. Raises UnreadableInput for a file
    without regions, or with none that lies on the slide.
    """
    read = read_regions(path, slide=slide)
    here = [r for r in read.regions if _meets(r.box, size)]
    if not here:
        raise UnreadableInput(
            f"No region of {path.name} lies on this slide.",
            "Take regions that were drawn on it, in pixels of its full size.",
        )
    regions = _apart(here, slide, known)
    return RegionsTaken(regions, len(read.regions) - len(here), read.passed_over)


def _meets(box: Box, size: tuple[int, int]) -> bool:
    across = box.x < size[0] and box.right > 0
    return across and box.y < size[1] and box.bottom > 0


def _apart(
    regions: Iterable[Region], slide: int, known: Sequence[Region]
) -> tuple[Region, ...]:
    """Each with a name and an id of its own."""
    found: list[Region] = []
    elsewhere = {region.id for region in known if region.slide != slide}
    for region in regions:
        taken = region.id in elsewhere or any(r.id == region.id for r in found)
        fresh = str(uuid4()) if taken else region.id
        name = region.name or next_name([*known, *found], slide)
        found.append(replace(region, id=fresh, name=name))
    return tuple(found)


def asked_for(box: Box, slide: int, number: int) -> Region:
    """A rectangle named on the command line, as a region."""
    return Region(slide, f"Region {number}", RegionKind.INCLUDE, rectangle(box))


def set_regions(
    file: CaseFile, regions: Sequence[Region], *, slides: Iterable[int], who: str
) -> None:
    """Let these be all the regions of these slides; what they have alike stays."""
    here = set(slides)
    known = [region for region in file.regions() if region.slide in here]
    kept, put = [], []
    for region in regions:
        same = next((old for old in known if _alike(old, region)), None)
        kept.append(same.id if same else region.id)
        put += [] if same else [region]
    removed = [region.id for region in known if region.id not in kept]
    if put or removed:
        file.change_regions(put, removed, who=who)


def _alike(one: Region, other: Region) -> bool:
    return replace(one, id=other.id) == other


def files_by_slide(case: OpenedCase, files: Sequence[Path]) -> dict[int, Path]:
    """Which file holds the regions of which slide: by name, or the only slide's.

    Raises UnreadableInput for a file that fits no slide, or a slide with two files.
    """
    found: dict[int, Path] = {}
    for path in files:
        slides = [s for s in case.slides if _of_one_name(s.path, path)]
        if not slides and len(case.slides) == 1:
            slides = list(case.slides)
        if not slides or slides[0].number in found:
            raise UnreadableInput(
                f"It is not clear which slide the regions of {path.name} belong to.",
                f"Name the file as the slide is named, with {SUFFIX} at its end.",
            )
        found[slides[0].number] = path
    return found


def _of_one_name(slide: Path, regions: Path) -> bool:
    return regions.stem in (slide.stem, slide.name)


def export_geojson(case: OpenedCase, folder: Path) -> tuple[Path, ...]:
    """Regions and all cells of every slide, one file a slide, named as the slide.

    Raises MarrowScopeError when the folder cannot be written to.
    """
    file, written = case.file, []
    table, vocabulary, verdicts = file.cells(), file.vocabulary(), file.verdicts()
    for stored in file.slides():
        regions = [r for r in file.regions() if r.slide == stored.number]
        rows = table.select(table.slide == stored.number)
        path = folder / f"{Path(stored.identity.name).stem}{SUFFIX}"
        if path in written:  # two slides of one name
            path = path.with_stem(f"{path.stem}-{stored.number}")
        write_geojson(path, regions, rows, vocabulary, verdicts)
        written.append(path)
    return tuple(written)


def write_geojson(
    path: Path,
    regions: Iterable[Region],
    table: CellTable | None = None,
    vocabulary: ModelVocabulary | None = None,
    verdicts: Mapping[int, Verdict] | None = None,
) -> None:
    """Regions, and cells where there are any, of one slide; whole or not at all."""

    def write(part: Path) -> None:
        features = [region_features(regions)]
        if table is not None and vocabulary is not None:
            taxonomy, colours = places.load_taxonomy(), lineage_colours()
            features.append(
                cell_features(
                    table,
                    vocabulary,
                    verdicts or {},
                    taxonomy=taxonomy,
                    colours=colours,
                )
            )
        write_features((one for some in features for one in some), part)

    written_whole(path, write)


def lineage_colours() -> dict[str, Colour]:
    """Red, green and blue of every lineage, 0 to 255, as the smear shows it."""
    path = places.resources() / "palettes" / "okabe_ito.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {entry["lineage"]: _rgb(entry["colour"]) for entry in data["lineages"]}


def _rgb(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def scales_of(file: CaseFile) -> dict[int, float | None]:
    """Microns per level-0 pixel of every slide, as set, else as it was read with."""
    read = {run.slide: run.provenance.plan.get("mpp") for run in file.counted_runs()}
    return {
        stored.number: stored.identity.mpp or _number(read.get(stored.number))
        for stored in file.slides()
    }


def _number(said: object) -> float | None:
    return float(said) if isinstance(said, int | float) else None


def counted_in_case(
    file: CaseFile, table: CellTable, vocabulary: ModelVocabulary
) -> Counted:
    """The cells of a case's table that its regions leave in the count."""
    return count_in_regions(table, vocabulary, file.regions(), scales_of(file))


def known_and_counted(
    file: CaseFile,
) -> tuple[KnownCells | None, ModelVocabulary | None, Counted | None]:
    """The cells of a case, what its model tells apart, and which of the cells count.

    None for what there is not, as before anything was read.
    """
    cells, vocabulary = file.known_cells(), file.vocabulary()
    if cells is None or vocabulary is None:
        return cells, vocabulary, None
    return cells, vocabulary, counted_in_case(file, cells.table, vocabulary)


def counted_after(
    file: CaseFile,
    before: Counted,
    changed: tuple[CellTable, CellTable],
    vocabulary: ModelVocabulary,
) -> Counted | None:
    """The same, of what was counted `before`: without the first cells, with the others.

    None where it was counted in other regions.
    """
    regions = file.regions()
    if before.extent.regions != regions:
        return None
    counted = before.with_changes(*changed, vocabulary)
    nothing = changed[0].select(np.zeros(0, np.intp))
    here = extent(nothing, regions, scales_of(file))
    return replace(counted, extent=replace(here, cells=counted.extent.cells))
