"""What people drew of cells, laid over a table of what a model found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import SALIENCY_SIZE, CellTable, concatenate
from marrowscope.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """What people drew, by cell id; boxes are level-0 pixels.

    `removed` cells were taken away, `boxes` stand where the model's were, and `missed`
    are those that no model found, slide and box of each, in the order they stand in.
    """

    removed: frozenset[int] = frozenset()
    boxes: Mapping[int, Box] = field(default_factory=dict)
    missed: Mapping[int, tuple[int, Box]] = field(default_factory=dict)

    def differing(self, other: Drawn) -> set[int]:
        """The cells that were drawn otherwise, or in one of the two alone."""
        boxes = self.boxes.items() ^ other.boxes.items()
        missed = self.missed.items() ^ other.missed.items()
        drawn = {cell for cell, _ in boxes} | {cell for cell, _ in missed}
        return drawn | (self.removed ^ other.removed)


def drawn_over(table: CellTable, drawn: Drawn) -> CellTable:
    """What a model found as people drew it; the cells it missed come last."""
    table = _redrawn(table, drawn.boxes)
    gone = np.sort(CellRows(table.id).of(list(drawn.removed)))
    if not len(gone) and not drawn.missed:
        return table
    # Pieces joined, half a million cells are copied once, as fast as memory goes.
    pieces = [
        table.piece(first, end)
        for first, end in zip([0, *gone + 1], [*gone, len(table)], strict=True)
    ]
    return concatenate([*pieces, _missed(table, drawn.missed)])


def drawn_anew(
    table: CellTable, before: Drawn, now: Drawn, *, own: CellTable
) -> CellTable:
    """A table that shows what was drawn `before`, as it is drawn `now`.

    It has no contours, and its cells stand by slide and id. `own`: those of
    `before.differing(now)` that are to stand among them, in the same order and as the
    model found them.
    """
    models = table.piece(0, len(table) - len(before.missed))
    own = drawn_over(own, replace(now, missed={}))
    rows = np.sort(CellRows(models.id).of(list(before.differing(now))))
    still = [*before.missed.items()] == [*now.missed.items()]
    if still and np.array_equal(models.id[rows], own.id):
        return _in_place(table, rows, own)
    gone, places = set(rows.tolist()), _places(models, own)
    pieces: list[CellTable] = []
    first = 0
    for end in sorted(gone.union(places.tolist())):
        here = np.searchsorted(places, [end, end + 1]).tolist()
        pieces += [models.piece(first, end), own.piece(*here)]
        first = end + (end in gone)
    rest = models.piece(first, len(models))
    return concatenate([*pieces, rest, _missed(table, now.missed)])


def _in_place(table: CellTable, rows: NDArray[np.intp], own: CellTable) -> CellTable:
    """The same cells in other boxes: all else is what the model said of them."""
    box, cut = table.box.copy(), table.cut.copy()
    box[rows], cut[rows] = own.box, own.cut
    return replace(table, box=box, cut=cut)


def _places(models: CellTable, own: CellTable) -> NDArray[np.intp]:
    """(N,) the row that each own cell stands at, or would stand before."""
    found = np.zeros(len(own), np.intp)
    for slide in np.unique(own.slide):
        first = int(np.searchsorted(models.slide, slide))
        end = int(np.searchsorted(models.slide, slide, side="right"))
        mine = own.slide == slide
        found[mine] = first + np.searchsorted(models.id[first:end], own.id[mine])
    return found


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
