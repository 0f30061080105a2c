"""Every cell once: overlapping fields see the same cell, and one of them keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from marrowscope.domain.cells import Finding
from marrowscope.domain.geometry import Box, intersection_areas

SAME_CELL = 0.35  # intersection over union
PART_OF_CELL = 0.8  # of the smaller: a giant that one of two fields saw in part


class Merger:
    """Keeps what each field owns and no cell twice.

    A field offers the cells centred in its core, grown by `slack` (level-0 pixels):
    two fields rarely agree on a centre to the pixel. Of the cells centred in such a
    seam, one that overlaps an accepted one widely, or lies within it, is the same.
    Only seam cells are remembered, so memory stays small.
    """

    def __init__(self, *, slack: float, bin_size: float) -> None:
        self._slack = slack
        self._bin = bin_size
        self._seams: dict[tuple[int, int], list[Box]] = defaultdict(list)

    def own(self, findings: Sequence[Finding], core: Box) -> list[Finding]:
        """The findings that are this field's, in the order given."""
        kept = []
        for finding in findings:
            if not core.grown(self._slack).contains(*finding.box.centre):
                continue
            if self._deep_inside(finding.box, core):
                kept.append(finding)
            elif not self._known(finding.box):
                self._remember(finding.box)
                kept.append(finding)
        return kept

    def remember(self, boxes: Sequence[Box], core: Box) -> None:
        """Cells a field of this core kept in an earlier part of the same run."""
        for box in boxes:
            if not self._deep_inside(box, core):
                self._remember(box)

    def _deep_inside(self, box: Box, core: Box) -> bool:
        # Twice: the neighbour may see the same cell a slack nearer to the seam.
        return core.grown(-2 * self._slack).contains(*box.centre)

    def _known(self, box: Box) -> bool:
        near = [b for cell in self._cells(box, 1) for b in self._seams.get(cell, ())]
        if not near:
            return False
        mine, others = _array([box]), _array(near)
        shared = intersection_areas(mine, others)[0]
        areas = others[:, 2] * others[:, 3]
        union = np.maximum(box.area + areas - shared, 1e-6)
        smaller = np.maximum(np.minimum(box.area, areas), 1e-6)
        same = (shared > SAME_CELL * union) | (shared > PART_OF_CELL * smaller)
        return bool(same.any())

    def _remember(self, box: Box) -> None:
        for cell in self._cells(box, 0):
            self._seams[cell].append(box)

    def _cells(self, box: Box, around: int) -> list[tuple[int, int]]:
        column, row = (int(c // self._bin) for c in box.centre)
        reach = range(-around, around + 1)
        return [(column + dx, row + dy) for dx in reach for dy in reach]


def _array(boxes: Sequence[Box]) -> np.ndarray:
    return np.asarray([(b.x, b.y, b.width, b.height) for b in boxes], np.float32)
