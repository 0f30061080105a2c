"""Cells by the hundred thousand, as columns.

One object each would cost 3 s and 300 MB for a whole slide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cells import Cell, Finding
from marrowscope.domain.geometry import Box, Boxes, Outline

SALIENCY_SIZE = 8
COLUMNS = (
    "id",
    "slide",
    "box",
    "probabilities",
    "grades",
    "detection_score",
    "cut",
    "saliency",
    "fine",
    "strangeness",
    "sought",
    "drawn",
)


@dataclass(frozen=True, slots=True)
class CellTable:
    """N cells of one reader; row i of every column belongs to the same cell.

    `classes` (C names) and `features` (F names) give the meaning of `probabilities` and
    `grades`. Boxes are level-0 pixels of the slide whose number is in `slide`. `fine`
    holds the reader's finer outputs; K is 0 for a reader without any. `strangeness`
    above 1 marks a picture unlike all that the reader was trained on (see Finding).
    `sought` cells were looked for at low power, one by one: no share of cells may count
    them, since nobody looked for their neighbours. `drawn` cells were found by a person
    alone: no model has answered, and every probability is 0.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    id: NDArray[np.int64]  # (N,) unique in the case; -1 until stored
    slide: NDArray[np.int32]  # (N,) number of the slide in the case
    box: Boxes  # (N, 4)
    probabilities: NDArray[np.float32]  # (N, C)
    grades: NDArray[np.float32]  # (N, F) 0 to 3
    detection_score: NDArray[np.float32]  # (N,)
    cut: NDArray[np.bool_]  # (N,)
    saliency: NDArray[np.uint8]  # (N, 8, 8)
    fine: NDArray[np.float32]  # (N, K)
    strangeness: NDArray[np.float32]  # (N,) NaN where not measured
    sought: NDArray[np.bool_]  # (N,)
    drawn: NDArray[np.bool_]  # (N,)
    outline: tuple[Outline | None, ...]  # N contours, level-0 pixels; None: not known
    _best: NDArray[np.integer] | None = field(default=None, init=False, repr=False)

    @classmethod
    def empty(
        cls,
        classes: Sequence[str],
        features: Sequence[str],
        *,
        fine: int = 0,
        rows: int = 0,
    ) -> CellTable:
        """No cells yet, of a reader with these classes, features and finer outputs.

        `rows`: room for so many cells, all zeros, to be filled in.
        """
        return cls(
            classes=tuple(classes),
            features=tuple(features),
            id=np.zeros(rows, np.int64),
            slide=np.zeros(rows, np.int32),
            box=np.zeros((rows, 4), np.float32),
            probabilities=np.zeros((rows, len(classes)), np.float32),
            grades=np.zeros((rows, len(features)), np.float32),
            detection_score=np.zeros(rows, np.float32),
            cut=np.zeros(rows, np.bool_),
            saliency=np.zeros((rows, SALIENCY_SIZE, SALIENCY_SIZE), np.uint8),
            fine=np.zeros((rows, fine), np.float32),
            strangeness=np.zeros(rows, np.float32),
            sought=np.zeros(rows, np.bool_),
            drawn=np.zeros(rows, np.bool_),
            outline=(None,) * rows,
        )

    @classmethod
    def of_findings(
        cls,
        findings: Sequence[Finding],
        *,
        slide: int,
        classes: Sequence[str],
        features: Sequence[str],
        fine: int = 0,
        sought: bool = False,
    ) -> CellTable:
        """Findings already in level-0 pixels, as a table without ids."""
        if not findings:
            return cls.empty(classes, features, fine=fine)
        unknown = np.zeros(fine, np.float32)
        blank = np.zeros((SALIENCY_SIZE, SALIENCY_SIZE), np.uint8)
        known = [f.identity for f in findings]
        maps = [blank if i.saliency is None else i.saliency for i in known]
        boxes = [(f.box.x, f.box.y, f.box.width, f.box.height) for f in findings]
        return cls(
            classes=tuple(classes),
            features=tuple(features),
            id=np.full(len(findings), -1, np.int64),
            slide=np.full(len(findings), slide, np.int32),
            box=np.asarray(boxes, np.float32),
            probabilities=np.stack([i.probabilities for i in known]).astype(np.float32),
            grades=np.stack([i.grades for i in known]).astype(np.float32),
            detection_score=np.asarray([f.score for f in findings], np.float32),
            cut=np.asarray([f.cut for f in findings], np.bool_),
            saliency=np.stack(maps),
            fine=np.stack([unknown if i.fine is None else i.fine for i in known]),
            strangeness=np.asarray([f.strangeness for f in findings], np.float32),
            sought=np.full(len(findings), sought),
            drawn=np.zeros(len(findings), np.bool_),
            outline=tuple(f.outline for f in findings),
        )

    def __len__(self) -> int:
        return len(self.id)

    def __iter__(self) -> Iterator[Cell]:
        return (self.cell(row) for row in range(len(self)))

    @property
    def class_index(self) -> NDArray[np.intp]:
        """(N,) the most probable class of each cell; sought once, and kept small."""
        if not len(self):
            return np.zeros(0, np.intp)
        best = self._best
        if best is None:
            kind = np.min_scalar_type(len(self.classes))
            best = self.probabilities.argmax(axis=1).astype(kind)
            object.__setattr__(self, "_best", best)
        return best.astype(np.intp)

    @property
    def class_score(self) -> NDArray[np.float32]:
        """(N,) probability of that class."""
        if not len(self):
            return np.zeros(0, np.float32)
        rows, classes = self.probabilities.shape
        # Half the time of take_along_axis.
        return self.probabilities.take(np.arange(rows) * classes + self.class_index)

    def cell(self, row: int) -> Cell:
        """Row `row` as one value."""
        best = int(self.probabilities[row].argmax())
        return Cell(
            id=int(self.id[row]),
            slide=int(self.slide[row]),
            box=Box(*map(float, self.box[row])),
            class_id="" if self.drawn[row] else self.classes[best],
            class_score=float(self.probabilities[row, best]),
            detection_score=float(self.detection_score[row]),
            probabilities=self.probabilities[row],
            grades=self.grades[row],
            cut=bool(self.cut[row]),
            outline=self.outline[row],
            saliency=self.saliency[row],
            fine=self.fine[row],
            strangeness=float(self.strangeness[row]),
            drawn=bool(self.drawn[row]),
        )

    def select(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> CellTable:
        """The rows of a boolean mask (N,) or of an index array."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        columns = {name: getattr(self, name).take(index, axis=0) for name in COLUMNS}
        outline = tuple(map(self.outline.__getitem__, index.tolist()))
        return replace(self, **columns, outline=outline)

    def piece(self, first: int, end: int) -> CellTable:
        """The rows from `first` to before `end`; nothing of them is copied."""
        columns = {name: getattr(self, name)[first:end] for name in COLUMNS}
        return replace(self, **columns, outline=self.outline[first:end])

    def same_reader(self, other: CellTable) -> bool:
        """True when both have the same classes, features and finer outputs."""
        return (self.classes, self.features, self.fine.shape[1]) == (
            other.classes,
            other.features,
            other.fine.shape[1],
        )

    def numbered(self, first: int) -> CellTable:
        """The same cells with the ids first, first + 1, …"""
        ids = np.arange(first, first + len(self), dtype=np.int64)
        return replace(self, id=ids)


def concatenate(tables: Iterable[CellTable]) -> CellTable:
    """Tables of one reader, one under the other.

    Raises ValueError for no table, or for tables of different readers.
    """
    parts = list(tables)
    if not parts:
        raise ValueError("concatenate needs at least one table")
    if not all(parts[0].same_reader(t) for t in parts):
        raise ValueError("tables of different readers cannot be joined")
    columns = {n: np.concatenate([getattr(t, n) for t in parts]) for n in COLUMNS}
    outline = tuple(chain.from_iterable(t.outline for t in parts))
    return replace(parts[0], **columns, outline=outline)
