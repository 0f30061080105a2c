"""The list of megakaryocytes: reported by number and morphology, in no percentage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

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
    found = suggested(table, vocabulary)
    rows = CellRows(table.id).of(list(verdicts))
    found = with_calls(found, table, rows, verdicts, vocabulary, taxonomy)
    return tuple(found[cell] for cell in sorted(found))


def suggested(
    table: CellTable, vocabulary: ModelVocabulary
) -> dict[int, Megakaryocyte]:
    """By id every cell that the model calls a megakaryocyte.

    Takes a hundredth of a second for half a million cells: not for each call.
    """
    likely = _own(vocabulary)[table.class_index] & ~table.drawn
    return _listed(table, np.flatnonzero(likely), vocabulary)


def with_calls(
    found: Mapping[int, Megakaryocyte],
    table: CellTable,
    rows: NDArray[np.intp],
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
) -> dict[int, Megakaryocyte]:
    """The list anew for the cells in these rows of the table (N,)."""
    cells = table.id[rows].tolist()
    said = [verdicts.get(cell) for cell in cells]
    own = {
        lines: taxonomy.lineage_of(lines) == LINEAGE
        for lines in {verdict.lines for verdict in said if verdict is not None}
    }
    named = table.probabilities[rows].argmax(axis=1)
    likely = (_own(vocabulary)[named] & ~table.drawn[rows]).tolist()
    chosen = [
        model if verdict is None else own[verdict.lines]
        for model, verdict in zip(likely, said, strict=True)
    ]
    result = dict(found)
    for cell in cells:
        result.pop(cell, None)
    for one in _listed(table, rows[np.array(chosen, np.bool_)], vocabulary).values():
        verdict = verdicts.get(one.cell)
        if verdict is not None:
            one = replace(one, dysplastic=verdict.dysplastic, confirmed=True)
        result[one.cell] = one
    return result


def _own(vocabulary: ModelVocabulary) -> NDArray[np.bool_]:
    """(C,) which classes of a model are megakaryocytes."""
    return np.array([c.lineage == LINEAGE for c in vocabulary.classes], np.bool_)


def _listed(
    table: CellTable, rows: NDArray[np.intp], vocabulary: ModelVocabulary
) -> dict[int, Megakaryocyte]:
    """These cells by id, as the model sees them."""
    named = table.probabilities[rows].argmax(axis=1)
    dysplastic = np.array([c.dysplastic for c in vocabulary.classes], np.bool_)[named]
    columns = (table.id, table.slide, table.box, table.sought)
    told = [column[rows].tolist() for column in columns]
    return {
        cell: Megakaryocyte(cell, slide, Box(*box), ill, sought, confirmed=False)
        for cell, slide, box, sought, ill in zip(
            *told, dysplastic.tolist(), strict=True
        )
    }
