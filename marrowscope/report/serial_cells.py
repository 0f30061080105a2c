"""A few cells of each line that differs between two marrows, then and now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.domain.serial import Comparison, Part, SerialLine
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.pictures import jpeg

# Microns across: as wide as a crop that is classified; megakaryocytes are larger.
SIDE_UM, GIANT_SIDE_UM = 25.6, 64.0
SIDE = 96  # pixels
CELLS_HEADING = "Cells of the lines that differ"


@dataclass(frozen=True, slots=True)
class SerialCells:
    """JPEGs of one line's cells, all of them `width` across ("25.6 µm")."""

    name: str
    width: str
    then: tuple[bytes, ...]
    now: tuple[bytes, ...]


def side_um(line: SerialLine, taxonomy: Taxonomy) -> float:
    """How wide every picture of a line is in microns, in both marrows alike."""
    lineage = line.key
    if line.part is Part.DIFFERENTIAL:
        lineage = taxonomy.lineage_of(line.key.split("/"))
    return GIANT_SIDE_UM if lineage == LINEAGE else SIDE_UM


def serial_cells(
    comparison: Comparison,
    names: Mapping[str, str],
    now: Mapping[str, tuple[Pixels, ...]],
    taxonomy: Taxonomy,
) -> Iterator[SerialCells]:
    """Of every line that differs and of which any cell can be shown."""
    for line in comparison.lines:
        before = comparison.then.pictures.get(line.id, ())
        after = tuple(map(jpeg, now.get(line.id, ())))
        if line.differs and (before or after):
            width = f"{side_um(line, taxonomy):g} µm"
            yield SerialCells(names[line.id], width, before, after)
