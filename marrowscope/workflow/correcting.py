"""What a reader corrects besides calls: cells missed, removed, split, merged, redrawn.

Each function gives one step, to be stored with `CaseFile.edit` and undone as one. The
model's answer stays in the case whatever a person draws.
"""

from __future__ import annotations

from collections.abc import Sequence

from marrowscope.domain.cells import Cell
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, MissedCell
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.step_names import cells_said

SMALLEST_SIDE = 2.0  # level-0 pixels: a click by mistake is no box


class UnusableBox(MarrowScopeError):
    """A box that holds no cell."""


def adding(slide: int, box: Box, *, reader: str, lines: Sequence[str] = ()) -> Edit:
    """A cell that was missed, drawn by hand; `lines` when it is called at once.

    Raises UnusableBox for a box without any area.
    """
    _require_area(box)
    missed = MissedCell(slide, box, tuple(lines))
    return Edit("1 missed cell added", reader, now(), missed=(missed,))


def removing(cells: Sequence[int], *, reader: str) -> Edit:
    """Cells taken away: two boxes on one cell, say. No later run brings them back."""
    name = f"{cells_said(len(cells))} removed"
    return Edit(name, reader, now(), boxes=dict.fromkeys(cells))


def redrawing(cell: int, box: Box, *, reader: str) -> Edit:
    """Another box for a cell, which stays what it was called.

    Raises UnusableBox for a box without any area.
    """
    _require_area(box)
    return Edit("1 box redrawn", reader, now(), boxes={cell: box})


def splitting(cell: Cell, boxes: Sequence[Box], *, reader: str) -> Edit:
    """Several cells in place of one. Each is to be called anew: the model saw one.

    Raises UnusableBox for fewer than two boxes, or one without any area.
    """
    if len(boxes) < 2:
        raise UnusableBox("One box splits nothing.", "Draw a box around every cell.")
    for box in boxes:
        _require_area(box)
    missed = tuple(MissedCell(cell.slide, box) for box in boxes)
    name = f"1 cell split into {len(boxes)}"
    return Edit(name, reader, now(), boxes={cell.id: None}, missed=missed)


def merging(cells: Sequence[Cell], *, reader: str) -> Edit:
    """One cell in place of several: the largest stays, with a box around all of them.

    Raises UnusableBox for fewer than two cells, or cells of different slides.
    """
    if len(cells) < 2 or len({cell.slide for cell in cells}) > 1:
        raise UnusableBox(
            "Only several cells of one slide can be merged.", "Select the parts of it."
        )
    largest = max(cells, key=lambda cell: cell.box.area)
    boxes: dict[int, Box | None] = {c.id: None for c in cells if c is not largest}
    boxes[largest.id] = _around([cell.box for cell in cells])
    name = f"{cells_said(len(cells))} merged into 1"
    return Edit(name, reader, now(), boxes=boxes)


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _require_area(box: Box) -> None:
    if not min(box.width, box.height) >= SMALLEST_SIDE:
        raise UnusableBox("This box is too small for a cell.", "Draw it anew.")
