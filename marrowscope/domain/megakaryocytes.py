"""The list of megakaryocytes: reported by number and morphology, in no percentage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    rows = np.flatnonzero(_own(vocabulary)[table.class_index] & ~table.drawn)
    return {one.cell: one for one, _ in _listed(table, rows, vocabulary)}


def with_calls(
    found: Mapping[int, Megakaryocyte],
    table: CellTable,
    rows: NDArray[np.intp],
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
) -> dict[int, Megakaryocyte]:
    """The list anew for the cells in these rows of the table (N,)."""
    result = dict(found)
    for one, likely in _listed(table, rows, vocabulary):
        verdict = verdicts.get(one.cell)
        if verdict is not None:
            likely = taxonomy.lineage_of(verdict.lines) == LINEAGE
            one = replace(one, dysplastic=verdict.dysplastic, confirmed=True)
        if likely:
            result[one.cell] = one
        else:
            result.pop(one.cell, None)
    return result


def _own(vocabulary: ModelVocabulary) -> NDArray[np.bool_]:
    """(C,) which classes of a model are megakaryocytes."""
    return np.array([c.lineage == LINEAGE for c in vocabulary.classes], np.bool_)


def _listed(
    table: CellTable, rows: NDArray[np.intp], vocabulary: ModelVocabulary
) -> Iterator[tuple[Megakaryocyte, bool]]:
    """These cells as the model sees them, and whether it calls them megakaryocytes."""
    named = table.probabilities[rows].argmax(axis=1)
    likely = _own(vocabulary)[named] & ~table.drawn[rows]
    columns = (table.id, table.slide, table.box, table.sought)
    told = (column[rows].tolist() for column in columns)
    for cell, slide, box, sought, best, own in zip(
        *told, named.tolist(), likely.tolist(), strict=True
    ):
        dysplastic = vocabulary.classes[best].dysplastic
        one = Megakaryocyte(cell, slide, Box(*box), dysplastic, sought, confirmed=False)
        yield one, own
