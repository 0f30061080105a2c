"""What a model can say: classes, named features, and when a cell is dysplastic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable


@dataclass(frozen=True, slots=True)
class ModelClass:
    """One class of a model and the taxonomy lines it stands for.

    A class that stands for several lines cannot tell them apart.
    """

    id: str
    name: str
    lines: tuple[str, ...]
    lineage: str
    dysplastic: bool


UNSEEN = ModelClass("", "Drawn by hand", (), "none", False)


@dataclass(frozen=True, slots=True)
class Feature:
    """A named morphological feature a model grades from 0 to 3."""

    id: str
    name: str
    lineage: str


@dataclass(frozen=True, slots=True)
class FineClass:
    """A finer output under one class: the probabilities under a class add up to its.

    Mostly one taxonomy line; several where the model tells no stage (a dysplastic
    granulocyte, say).
    """

    id: str
    name: str
    class_id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelVocabulary:
    """Classes and features of one bundle, and its rule for "dysplastic" in words."""

    classes: tuple[ModelClass, ...]
    features: tuple[Feature, ...]
    dysplasia_rule: str
    fine: tuple[FineClass, ...] = ()

    @property
    def class_ids(self) -> tuple[str, ...]:
        return tuple(c.id for c in self.classes)

    @property
    def feature_ids(self) -> tuple[str, ...]:
        return tuple(f.id for f in self.features)

    @property
    def answers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The narrowest answers there are: class id and lines of each.

        Finer outputs in their order, then the classes that have none beneath them.
        """
        split = {f.class_id for f in self.fine}
        whole = [(c.id, c.lines) for c in self.classes if c.id not in split]
        return (*((f.class_id, f.lines) for f in self.fine), *whole)

    def told_by(self, table: CellTable) -> ModelVocabulary:
        """This vocabulary as far as the cells of a table bear it out.

        Cells kept from before there were finer outputs tell their class alone.
        """
        return replace(self, fine=()) if self.fine and not table.fine.size else self

    def answer_rows(self, table: CellTable) -> NDArray[np.intp]:
        """(N,) which of `answers` each cell got: the likeliest under its class.

        The table must hold the finer outputs: see `told_by`.
        """
        best = table.class_index
        if not self.fine:
            return best
        found = np.zeros(len(table), np.intp)
        owners = [class_id for class_id, _ in self.answers]
        for index, class_id in enumerate(self.class_ids):
            rows = np.flatnonzero(best == index)
            own = np.asarray([k for k, owner in enumerate(owners) if owner == class_id])
            if len(own) == 1:
                found[rows] = own[0]
            elif len(rows):
                fine = table.fine.take(rows, axis=0).take(own, axis=1)
                found[rows] = own[fine.argmax(axis=1)]
        return found

    def of(self, class_id: str) -> ModelClass:
        """The class of that id; of "", the cells that no model saw. Else KeyError."""
        if not class_id:
            return UNSEEN
        for known in self.classes:
            if known.id == class_id:
                return known
        raise KeyError(class_id)

    def grade(self, table: CellTable) -> NDArray[np.int8]:
        """(N,) 0 for cells not called dysplastic, else the highest grade, at least 1.

        Only features of the cell's own lineage count.
        """
        best = table.class_index
        found = np.zeros(len(table), np.int8)
        for index, known in enumerate(self.classes):
            if known.dysplastic:
                rows = np.flatnonzero(best == index)
                found[rows] = self._grades_within(table, rows, known.lineage)
        return found

    def _grades_within(
        self, table: CellTable, rows: NDArray[np.intp], lineage: str
    ) -> NDArray[np.int8]:
        own = np.asarray(
            [i for i, f in enumerate(self.features) if f.lineage == lineage], np.intp
        )
        highest = table.grades.take(rows, axis=0).take(own, axis=1).max(1, initial=0)
        return np.clip(np.rint(highest), 1, 3).astype(np.int8)
