"""What a model can say: classes, named features, and when a cell is dysplastic."""

from __future__ import annotations

from dataclasses import dataclass

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
        """The narrowest answers there are: class id and lines of each."""
        if self.fine:
            return tuple((f.class_id, f.lines) for f in self.fine)
        return tuple((c.id, c.lines) for c in self.classes)

    def answer_rows(self, table: CellTable) -> NDArray[np.intp]:
        """(N,) which of `answers` each cell got: the likeliest under its class."""
        if not self.fine or not len(table):
            return table.class_index
        owner = np.asarray([self.class_ids.index(f.class_id) for f in self.fine])
        under = owner[None, :] == table.class_index[:, None]
        return np.where(under, table.fine, -1.0).argmax(axis=1)

    def of(self, class_id: str) -> ModelClass:
        """The class of that id; KeyError when there is none."""
        for known in self.classes:
            if known.id == class_id:
                return known
        raise KeyError(class_id)

    def dysplastic_rows(self, table: CellTable) -> NDArray[np.bool_]:
        """(N,) True where the model's class is a dysplastic one."""
        flags = np.asarray([c.dysplastic for c in self.classes], np.bool_)
        return flags[table.class_index]

    def lineage_rows(self, table: CellTable, lineage: str) -> NDArray[np.bool_]:
        """(N,) True where the model's class belongs to the lineage."""
        flags = np.asarray([c.lineage == lineage for c in self.classes], np.bool_)
        return flags[table.class_index]

    def grade(self, table: CellTable) -> NDArray[np.int8]:
        """(N,) 0 for cells not called dysplastic, else the highest grade, at least 1.

        Only features of the cell's own lineage count.
        """
        highest = np.zeros(len(table), np.float32)
        for lineage in {f.lineage for f in self.features}:
            columns = [i for i, f in enumerate(self.features) if f.lineage == lineage]
            rows = self.lineage_rows(table, lineage)
            highest[rows] = table.grades[rows][:, columns].max(axis=1, initial=0)
        graded = np.clip(np.rint(highest), 1, 3).astype(np.int8)
        return np.where(self.dysplastic_rows(table), graded, np.int8(0))
