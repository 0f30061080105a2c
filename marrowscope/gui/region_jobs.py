"""What the window asks its workers about regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, count_in_regions
from marrowscope.domain.regions import Region
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.jobs import Progress
from marrowscope.gui.messages import Message
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import RegionsTaken, import_regions, write_geojson
from marrowscope.workflow.running import everything_read


@dataclass(frozen=True, slots=True)
class StoreRequest:
    """Regions to put into the case, and ids of those to drop.

    `before`: all that there were, in case they cannot be stored.
    """

    case: OpenedCase
    put: tuple[Region, ...]
    removed: tuple[str, ...]
    before: tuple[Region, ...]
    who: str


def store_regions(request: StoreRequest, progress: Progress) -> bool:
    """Make a change durable; True when all that is to be counted has been read."""
    file = request.case.file
    file.change_regions(request.put, request.removed, who=request.who)
    return everything_read(file)


@dataclass(frozen=True, slots=True)
class CountRequest:
    """Count the cells of a table in these regions; `mpp` by slide number."""

    table: CellTable
    vocabulary: ModelVocabulary
    regions: tuple[Region, ...]
    mpp: Mapping[int, float | None]


def count_again(request: CountRequest, progress: Progress) -> Counted:
    """The cells that count now."""
    return count_in_regions(
        request.table, request.vocabulary, request.regions, request.mpp
    )


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Take regions for a slide of a case from a GeoJSON file."""

    case: OpenedCase
    path: Path
    slide: int
    size: tuple[int, int]
    known: tuple[Region, ...]


def take_regions(request: ImportRequest, progress: Progress) -> RegionsTaken:
    """The regions of the file. Raises UnreadableInput when it holds none."""
    return import_regions(
        request.path, slide=request.slide, size=request.size, known=request.known
    )


def taken_in_words(taken: RegionsTaken, name: str) -> Message:
    """How many regions came from the file of that name, and what did not."""
    count = len(taken.regions)
    said = f"{count} region{'' if count == 1 else 's'} taken from {name}."
    left = []
    if taken.off_slide:
        left.append(f"{taken.off_slide:,} more lie off this slide.")
    if taken.passed_over:
        left.append(f"Cells, lines and points are not taken: {taken.passed_over:,}.")
    return Message(said, " ".join(left))


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Write regions and cells of one slide as GeoJSON."""

    case: OpenedCase
    path: Path
    slide: int
    regions: tuple[Region, ...]
    verdicts: Mapping[int, Verdict]


def give_regions(request: ExportRequest, progress: Progress) -> Path:
    """The file written. Raises MarrowScopeError when it cannot be."""
    file = request.case.file  # it alone holds the cells' outlines
    table, vocabulary = file.cells(request.slide), file.vocabulary()
    write_geojson(request.path, request.regions, table, vocabulary, request.verdicts)
    return request.path
