"""What people drew of cells, laid over a table of what a model found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import SALIENCY_SIZE, CellTable, concatenate
from marrowscope.domain.geometry import Box


def drawn_over(
    table: CellTable,
    *,
    removed: Collection[int],
    boxes: Mapping[int, Box],
    missed: Mapping[int, tuple[int, Box]],
) -> CellTable:
    """The table as people drew it.

    Without cells `removed`, with a person's `boxes` where the model's were, and under
    it those that no model found: slide and box of each `missed` one by its id.
    """
    table = _redrawn(table, boxes)
    gone = np.sort(CellRows(table.id).of(list(removed)))
    if not len(gone) and not missed:
        return table
    # Pieces joined, half a million cells are copied once, as fast as memory goes.
    pieces = [
        table.piece(first, end)
        for first, end in zip([0, *gone + 1], [*gone, len(table)], strict=True)
    ]
    return concatenate([*pieces, _missed(table, missed)])


def _redrawn(table: CellTable, boxes: Mapping[int, Box]) -> CellTable:
    """The model's outline goes with its box; what it said of the cell stays."""
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


def _missed(table: CellTable, found: Mapping[int, tuple[int, Box]]) -> CellTable:
    """Cells no model found, as rows to stand under a table."""
    count = len(found)
    slides = [slide for slide, _ in found.values()]
    boxes = [_numbers(box) for _, box in found.values()]
    return replace(
        CellTable.empty(table.classes, table.features),
        id=np.fromiter(found, np.int64, count),
        slide=np.asarray(slides, np.int32),
        box=np.asarray(boxes, np.float32).reshape(-1, 4),
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


def _numbers(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height
