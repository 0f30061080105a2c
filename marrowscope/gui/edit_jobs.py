"""What the window asks its workers about a reader's steps: store, undo, do again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.counted import Counted
from marrowscope.domain.review import Edit, History, Step, Verdict
from marrowscope.gui.jobs import Progress
from marrowscope.store.known_cells import KnownCells, changed_rows
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import counted_after, counted_in_case


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """All cells of a case after boxes were drawn, and those of them that count."""

    cells: KnownCells
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class EditRequest:
    """An edit to store; `before`: the calls of its cells, and what could be undone.

    `shown`: the cells that the window has, where they were read from the file.
    """

    case: OpenedCase
    edit: Edit
    before: Mapping[int, Verdict | None]
    history: History
    shown: Redrawn | None = None

    @property
    def cells(self) -> NDArray[np.int64]:
        """(N,) every cell whose call it changes."""
        return np.asarray(list(self.before), np.int64)


@dataclass(frozen=True, slots=True)
class ReverseRequest:
    """Undo what a reader did last, or with `again` redo what was undone last.

    `reading`: in that second reading, whose calls are kept apart.
    """

    case: OpenedCase
    reader: str
    again: bool = False
    reading: int | None = None
    shown: Redrawn | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What an edit, undo or redo left in the file.

    `calls`: of the cells it was about, None where nobody says anything now. `redrawn`:
    None unless boxes were drawn or taken back.
    """

    step: Step | None
    calls: Mapping[int, Verdict | None]
    history: History
    redrawn: Redrawn | None


def store_edit(request: EditRequest, progress: Progress) -> Stored:
    """Make an edit durable; its calls are those it asked for."""
    edit = request.edit
    step = request.case.file.edit(edit)
    now = History(edit.name)
    if not step.drew:
        return Stored(step, {}, now, None)
    return Stored(step, _calls(request.case, step), now, _redrawn(request))


def reverse(request: ReverseRequest, progress: Progress) -> Stored:
    """Undo or redo one step; nothing at all when there is none."""
    file = request.case.file
    turn = file.redo if request.again else file.undo
    step = turn(request.reader, reading=request.reading)
    history = file.history(request.reader, request.reading)
    if step is None:
        return Stored(None, {}, history, None)
    drawn = _redrawn(request) if step.drew else None
    said = _calls(request.case, step, request.reading)
    return Stored(step, said, history, drawn)


def look_back(request: ReverseRequest, progress: Progress) -> History:
    """What could be undone and done again, from earlier sittings too."""
    return request.case.file.history(request.reader, request.reading)


def _calls(
    case: OpenedCase, step: Step, reading: int | None = None
) -> dict[int, Verdict | None]:
    verdicts = case.file.verdicts(reading)
    return {cell: verdicts.get(cell) for cell in step.cells}


def _redrawn(request: EditRequest | ReverseRequest) -> Redrawn | None:
    """What is shown, with the few rows changed that were drawn."""
    file, shown = request.case.file, request.shown
    cells = file.known_cells(shown.cells if shown else None)
    vocabulary = file.vocabulary()
    if cells is None or vocabulary is None:
        return None
    counted = None
    if shown is not None and shown.counted is not None:
        changed = changed_rows(shown.cells, cells)
        counted = changed and counted_after(file, shown.counted, changed, vocabulary)
    counted = counted or counted_in_case(file, cells.table, vocabulary)
    return Redrawn(cells, counted)
