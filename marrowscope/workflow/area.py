"""How far each reported line would vary from field to field of what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np

from marrowscope.domain.area_spread import (
    AreaSpread,
    area_spread,
    fields_of,
    members,
)
from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.dysplasia import GOOD
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.reported_shares import BLAST
from marrowscope.domain.review import Verdict
from marrowscope.domain.sorted_calls import (
    drawn_cells,
    drawn_here,
    every_cell_called,
)
from marrowscope.domain.typed_facts import Quality
from marrowscope.workflow import places


def area_spreads(
    table: CellTable,
    verdicts: Mapping[int, Verdict],
    fields: Mapping[int, Boxes],
    *,
    counted: Counted | None = None,
    formal: FormalCount | None = None,
    quality: Quality = GOOD,
) -> tuple[AreaSpread, ...]:
    """Of blasts and every lineage, from the calls that their shares count.

    `fields`: boxes (F, 4) by slide of the fields read, level-0 pixels. `quality`: what
    the specimen shows. Lines with too few cells or fields are left out, and so are
    cells sought over the whole smear: they were not met in any field. Some milliseconds
    for a thousand calls; not for the window's thread.
    """
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    rows = CellRows(table.id)
    found = []
    least = {BLAST: criteria.blast_minimum}
    least |= {c.lineage: c.minimum_cells for c in criteria.dysplasia}
    for line, minimum in least.items():
        own = cells_met(table, verdicts, counted, formal=formal, line=line)
        hidden = quality.unassessable
        parts = members(line, verdicts, own, taxonomy, criteria, unassessable=hidden)
        if len(parts) < minimum:
            continue
        index = rows.of(list(parts))
        part = np.asarray([parts[int(cell)] for cell in table.id[index]], np.bool_)
        field = fields_of(table.slide[index], table.box[index], fields)
        spread = area_spread(line, part[field >= 0], field[field >= 0])
        if spread is not None:
            found.append(spread)
    return tuple(found)


def cells_met(
    table: CellTable,
    verdicts: Mapping[int, Verdict],
    counted: Counted | None,
    *,
    formal: FormalCount | None = None,
    line: str = BLAST,
) -> Set[int]:
    """Cells of the table whose calls a line counts, but for those sought or left out.

    Of a formal count its own cells, and those on top for a lineage; else all that were
    not picked out, or all where no cell was left.
    """
    if formal is None:
        every = every_cell_called(table, verdicts, counted)
        calls = {cell for cell, said in verdicts.items() if every or not said.chosen}
    else:
        here = drawn_here(table, formal, counted)
        taxonomy = places.load_taxonomy()
        calls = drawn_cells(verdicts, formal, taxonomy, here=here)
        calls = verdicts.keys() & {*calls, *formal.on_top.get(line, ())}
    index = CellRows(table.id).of(list(calls))
    cells = table.id[index[~table.sought[index]]]
    if counted is not None:
        cells = cells[counted.counts(cells.tolist())]
    return set(cells.tolist())
