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
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.reported_shares import BLAST
from marrowscope.domain.review import Verdict
from marrowscope.workflow import places


def area_spreads(
    table: CellTable,
    verdicts: Mapping[int, Verdict],
    fields: Mapping[int, Boxes],
    *,
    counted: Counted | None = None,
    formal: FormalCount | None = None,
) -> tuple[AreaSpread, ...]:
    """Of blasts and every lineage, from the calls that their shares count.

    `fields`: boxes (F, 4) by slide of the fields read, level-0 pixels. Lines with too
    few cells or fields are left out, and so are cells sought over the whole smear:
    they were not met in any field. Some milliseconds for a thousand calls; not for the
    window's thread.
    """
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    met = cells_met(table, verdicts, counted)
    rows = CellRows(table.id)
    found = []
    least = {BLAST: criteria.blast_minimum}
    least |= {c.lineage: c.minimum_cells for c in criteria.dysplasia}
    for line, minimum in least.items():
        own = met if formal is None else met & _drawn(formal, line)
        parts = members(line, verdicts, own, taxonomy, criteria)
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
    table: CellTable, verdicts: Mapping[int, Verdict], counted: Counted | None
) -> Set[int]:
    """Cells of the table that were called and not picked out, sought or left out."""
    calls = [cell for cell, verdict in verdicts.items() if not verdict.chosen]
    index = CellRows(table.id).of(calls)
    cells = table.id[index[~table.sought[index]]]
    if counted is not None:
        cells = cells[counted.counts(cells.tolist())]
    return set(cells.tolist())


def _drawn(formal: FormalCount, line: str) -> Set[int]:
    return {*formal.drawn, *formal.on_top.get(line, ())}
