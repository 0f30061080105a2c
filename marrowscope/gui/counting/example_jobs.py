"""What the window asks a worker for: pictures of cells of one class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.jobs import Progress
from marrowscope.workflow.cell_pictures import SlideAtScale, picture_of_row

MOST = 8


@dataclass(frozen=True, slots=True)
class ExamplesRequest:
    """Cells of these lines: first those called so (`called`, by id), then those that
    the model suggests, unless its answers shall not be seen."""

    target: str
    lines: tuple[str, ...]
    table: CellTable
    vocabulary: ModelVocabulary | None
    called: tuple[int, ...]
    slides: Mapping[int, SlideAtScale]


@dataclass(frozen=True, slots=True)
class Example:
    """A picture (h, w, 3) and whether a person called the cell so."""

    pixels: Pixels
    confirmed: bool


def find_examples(request: ExamplesRequest, progress: Progress) -> tuple[Example, ...]:
    """At most MOST pictures."""
    found: list[Example] = []
    for row, confirmed in _rows(request):
        if len(found) == MOST or progress.token.cancelled:
            break
        pixels = picture_of_row(request.table, row, request.slides)
        if pixels is not None:
            found.append(Example(pixels, confirmed))
    return tuple(found)


def _rows(request: ExamplesRequest) -> Iterator[tuple[int, bool]]:
    known = CellRows(request.table.id)
    for cell in request.called:
        row = known.row(cell)
        if row is not None:
            yield row, True
    if request.vocabulary is None:
        return
    told = request.vocabulary.told_by(request.table)
    same = [i for i, (_, lines) in enumerate(told.answers) if lines == request.lines]
    table = request.table
    alike = np.isin(told.answer_rows(table), same) & ~table.cut & ~table.drawn
    rows = np.flatnonzero(alike)
    surest = rows[np.argsort(-table.class_score[rows], kind="stable")]
    taken = set(request.called)
    for row in surest[: MOST + len(taken)].tolist():
        if int(table.id[row]) not in taken:
            yield row, False
