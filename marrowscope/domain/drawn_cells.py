"""What people drew of cells, laid over a table of what a model found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import SALIENCY_SIZE, CellTable, concatenate
from marrowscope.domain.geometry import Box


def without(table: CellTable, cells: Collection[int]) -> CellTable:
    """The table without these cells."""
    if not cells:
        return table
    return table.select(~np.isin(table.id, list(cells)))


def redrawn(table: CellTable, boxes: Mapping[int, Box]) -> CellTable:
    """The table with a person's boxes, by cell, where the model's were.

    The model's outline goes with its box; what it said of the cell stays.
    """
    known = CellRows(table.id)
    rows = {
        row: box for cell, box in boxes.items() if (row := known.row(cell)) is not None
    }
    if not rows:
        return table
    placed, outline, cut = table.box.copy(), list(table.outline), table.cut.copy()
    for row, box in rows.items():
        placed[row], cut[row], outline[row] = _numbers(box), False, None
    return replace(table, box=placed, outline=tuple(outline), cut=cut)


def with_missed(table: CellTable, found: Mapping[int, tuple[int, Box]]) -> CellTable:
    """The table with cells no model found under it; `found`: slide and box by id."""
    if not found:
        return table
    count = len(found)
    slides = [slide for slide, _ in found.values()]
    boxes = [_numbers(box) for _, box in found.values()]
    missed = replace(
        CellTable.empty(table.classes, table.features),
        id=np.fromiter(found, np.int64, count),
        slide=np.asarray(slides, np.int32),
        box=np.asarray(boxes, np.float32),
        probabilities=np.zeros((count, len(table.classes)), np.float32),
        grades=np.zeros((count, len(table.features)), np.float32),
        detection_score=np.zeros(count, np.float32),
        cut=np.zeros(count, np.bool_),
        saliency=np.zeros((count, SALIENCY_SIZE, SALIENCY_SIZE), np.uint8),
        fine=np.zeros((count, table.fine.shape[1]), np.float32),
        strangeness=np.full(count, np.nan, np.float32),
        sought=np.zeros(count, np.bool_),
        drawn=np.ones(count, np.bool_),
        outline=(None,) * count,
    )
    return concatenate([table, missed])


def _numbers(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height
