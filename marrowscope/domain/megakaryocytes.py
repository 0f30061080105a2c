"""The list of megakaryocytes: reported by number and morphology, in no percentage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

LINEAGE = "megakaryocytic"


@dataclass(frozen=True, slots=True)
class Megakaryocyte:
    """One cell of the list; `box` in level-0 pixels of slide number `slide`.

    `dysplastic`: as a person judged where `confirmed` (None: not judged), else as the
    model says. `sought`: found at low power and not in a field that was read.
    """

    cell: int
    slide: int
    box: Box
    dysplastic: bool | None
    sought: bool
    confirmed: bool


def megakaryocytes(
    table: CellTable | None,
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary | None,
    taxonomy: Taxonomy,
) -> tuple[Megakaryocyte, ...]:
    """Every cell that a person, else the model, calls a megakaryocyte, by id."""
    if table is None or vocabulary is None:
        return ()
    own = np.array([c.lineage == LINEAGE for c in vocabulary.classes], np.bool_)
    named = table.class_index
    likely = own[named] & ~table.drawn if len(table) else np.zeros(0, np.bool_)
    called = CellRows(table.id).of(list(verdicts))
    likely[called] = True
    rows = np.flatnonzero(likely)
    columns = (table.id, table.slide, table.box, named, table.sought)
    found = []
    for cell, slide, box, best, sought in zip(
        *(column[rows].tolist() for column in columns), strict=True
    ):
        verdict = verdicts.get(cell)
        if verdict and taxonomy.lineage_of(verdict.lines) != LINEAGE:
            continue
        suggested = vocabulary.classes[best].dysplastic
        found.append(
            Megakaryocyte(
                cell=cell,
                slide=slide,
                box=Box(*box),
                dysplastic=verdict.dysplastic if verdict else suggested,
                sought=sought,
                confirmed=verdict is not None,
            )
        )
    return tuple(sorted(found, key=lambda one: one.cell))
