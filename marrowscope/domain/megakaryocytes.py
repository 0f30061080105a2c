"""The list of megakaryocytes: reported by number and morphology, in no percentage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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
    likely = (
        own[table.class_index] & ~table.drawn if len(table) else np.zeros(0, np.bool_)
    )
    called = np.isin(table.id, np.fromiter(verdicts, np.int64, len(verdicts)))
    found = []
    for row in np.flatnonzero(likely | called).tolist():
        verdict = verdicts.get(int(table.id[row]))
        if verdict and taxonomy.lineage_of(verdict.lines) != LINEAGE:
            continue
        known = vocabulary.classes[int(table.probabilities[row].argmax())]
        found.append(
            Megakaryocyte(
                cell=int(table.id[row]),
                slide=int(table.slide[row]),
                box=Box(*map(float, table.box[row])),
                dysplastic=verdict.dysplastic if verdict else known.dysplastic,
                sought=bool(table.sought[row]),
                confirmed=verdict is not None,
            )
        )
    return tuple(sorted(found, key=lambda one: one.cell))
