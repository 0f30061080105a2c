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
MICRO = "m_micromegakaryocyte"  # the feature that is graded


@dataclass(frozen=True, slots=True)
class Megakaryocyte:
    """One cell of the list; `box` in level-0 pixels of slide number `slide`.

    `dysplastic`: as a person judged where `confirmed` (None: not judged), else as the
    model says; so is `micro`, a micromegakaryocyte, which low power does not show.
    `sought`: found at low power and not in a field that was read.
    """

    cell: int
    slide: int
    box: Box
    dysplastic: bool | None
    sought: bool
    confirmed: bool
    micro: bool = False


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
            one = _confirmed(one, verdict)
        result[one.cell] = one
    return result


def _confirmed(one: Megakaryocyte, verdict: Verdict) -> Megakaryocyte:
    """As a person judged; grades that nobody gave do not say what the cell is not."""
    micro = one.micro and verdict.dysplastic is not False
    if verdict.grades:
        micro = verdict.grades.get(MICRO, 0) > 0
    ill = verdict.dysplastic
    return replace(one, dysplastic=ill, confirmed=True, micro=micro)


def _micro(
    table: CellTable, rows: NDArray[np.intp], vocabulary: ModelVocabulary
) -> NDArray[np.bool_]:
    """(N,) where the model grades a cell as a micromegakaryocyte."""
    known = [feature.id for feature in vocabulary.features]
    if MICRO not in known:
        return np.zeros(len(rows), np.bool_)
    return table.grades[rows, known.index(MICRO)] >= 0.5  # as grades are rounded


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
    micro = _micro(table, rows, vocabulary) & dysplastic
    return {
        cell: Megakaryocyte(cell, slide, Box(*box), ill, sought, False, small)
        for cell, slide, box, sought, ill, small in zip(
            *told, dysplastic.tolist(), micro.tolist(), strict=True
        )
    }
