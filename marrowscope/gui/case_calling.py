"""What a person says of cells: calls made, taken back and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import Slot

from marrowscope.domain.cells import Cell
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, Origin, Verdict
from marrowscope.gui.case_looking import CaseLooking
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import confirmations
from marrowscope.gui.messages import Message, not_seen, problem
from marrowscope.workflow.correcting import (
    UnusableBox,
    adding,
    merging,
    redrawing,
    removing,
    splitting,
)
from marrowscope.workflow.reviewing import NOT_A_CELL, all_called
from marrowscope.workflow.step_names import cells_said

NOT_READ = Message(
    "This smear has not been read yet, so no cell was missed.", "Read it first."
)
STILL_READING = Message(
    "A model is reading, and its cells are still coming.", "Draw when it has ended."
)


class CaseCalling(CaseLooking):
    """The part of `CaseSession` that a reader's calls go through."""

    def confirm(self, cells: Iterable[int] | None = None) -> None:
        """Agree with the model about these cells; by default about those selected."""
        agreed = self._agreements(self._chosen(cells))
        named = f"{cells_said(len(agreed))} confirmed"
        self.put(agreed, name=named)

    def _with_origin(self, calls: Iterable[Verdict]) -> list[Verdict]:
        """Calls say how their cells were found, whatever is read now.

        A cell that was picked out once is no sample when it is called once more.
        """
        made = list(calls)
        cells = [v.cell for v in made]
        chosen = np.isin(np.asarray(cells, np.int64), self.selection).tolist()
        here = [self._found if mine else Origin.MET for mine in chosen]
        found = self.reading.origins(cells, self._calls.verdicts, here=here)
        return [
            v if v.origin is origin else replace(v, origin=origin)
            for v, origin in zip(made, found, strict=True)
        ]

    def _agreements(self, cells: Sequence[int]) -> list[Verdict]:
        """What the model says of these cells as calls, found class by class."""
        table, known = self._table, self._vocabulary
        if table is None or known is None:
            return []
        rows = self._rows.of([c for c in cells if not self.hides_answer(c)])
        rows = rows[~table.drawn[rows]]
        named = table.probabilities[rows].argmax(axis=1)
        agreed: list[Verdict] = []
        for best in np.unique(named):
            mine = rows[named == best]
            one = table.cell(int(mine[0]))
            first = confirmations(one, known, self.taxonomy, self.criteria)[0]
            agreed += all_called(
                table.id[mine].tolist(),
                first.lines,
                reader=self._calls.reader,
                dysplastic=first.dysplastic,
            )
        return agreed

    def call(
        self,
        lines: Sequence[str],
        *,
        dysplastic: bool | None = None,
        grades: Mapping[str, int] | None = None,
        cells: Iterable[int] | None = None,
        going_on: bool = False,
    ) -> None:
        """Say what cells are, in taxonomy lines; by default those selected.

        `going_on`: then the next cell is selected.
        """
        calls = all_called(
            self._chosen(cells),
            lines,
            reader=self._calls.reader,
            dysplastic=dysplastic,
            grades=grades,
        )
        said = self._with_origin(calls)
        if going_on and said:  # first: panels turn to another cell once, not twice
            self.go_on()
        self._calls.call(said)

    def put(self, verdicts: Iterable[Verdict], *, name: str = "") -> None:
        """Put these calls in force as one step; `name` completes "Undo: …"."""
        self._calls.call(self._with_origin(verdicts), name=name)

    @property
    def aside(self) -> bool:
        """True while a second reader reads, whose calls are not in force."""
        return self._calls.aside is not None

    def store_step(self, edit: Edit) -> None:
        """Store a step as it is; its calls are shown at once."""
        self._calls.edit(edit)

    def read_as(
        self, reader: str, aside: int | None, verdicts: Mapping[int, Verdict]
    ) -> None:
        """From now on `reader` calls, in the second reading `aside` or in force.

        `verdicts`: what was said in it so far.
        """
        book = self._calls
        self.reading.hold(aside is not None)
        either = np.asarray([*book.verdicts, *verdicts], np.int64)
        book.reader = reader
        book.begin(self._door.case, verdicts, aside=aside)
        book.called_last = either
        book.changed.emit()
        # Whoever paints cells by their calls has those of the other reader.
        self.changed.emit(Changes.CELLS)

    def call_not_a_cell(self) -> None:
        """Say that those selected are no cells at all."""
        self.call(NOT_A_CELL)

    def withdraw(self, cells: Iterable[int] | None = None) -> None:
        """Take back what was said of cells; by default of those selected."""
        self._calls.withdraw(self.selection.tolist() if cells is None else cells)

    def correct(self, edit: Edit) -> None:
        """Store a step of this reader's, put together elsewhere."""
        self._calls.edit(edit)

    def remove_cells(self) -> None:
        """Take the selected cells away: two boxes on one cell, say."""
        if len(self.selection):
            chosen = self.selection.tolist()
            self._calls.edit(removing(chosen, reader=self._calls.reader))

    def merge_cells(self) -> None:
        """One cell in place of those selected, which are parts of it."""
        found = [cell for c in self.selection.tolist() if (cell := self.cell(c))]
        self._draw(merging, found)

    def add_cell(self, slide: int, box: Box, lines: Sequence[str] = ()) -> None:
        """A cell that was missed; `lines` when it is called at once."""
        if self._vocabulary is None:
            self.say(NOT_READ)
        else:
            self._draw(partial(adding, slide, box, lines=lines))

    def split_cell(self, cell: Cell, boxes: Sequence[Box]) -> None:
        """Several cells in place of one, each to be called anew."""
        self._draw(splitting, cell, boxes)

    def redraw_cell(self, cell: int, box: Box) -> None:
        """Another box for a cell."""
        self._draw(redrawing, cell, box)

    def _draw(self, change: Callable[..., Edit], *about: object) -> None:
        if self.run.active:
            self.say(STILL_READING)
            return
        try:
            self._calls.edit(change(*about, reader=self._calls.reader))
        except UnusableBox as error:
            self.say(problem(error))

    def undo(self) -> None:
        """Undo the last step and look at its cells again."""
        self._calls.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self._calls.redo()

    @Slot(object)
    def _on_reversed(self, cells: tuple[int, ...]) -> None:
        here = self._rows.held(cells)
        if len(here):
            # What was called by mistake is called again as it was found.
            self.select_cells(here, reveal=True, found=self._found)

    def _chosen(self, cells: Iterable[int] | None) -> list[int]:
        """Those named; else those selected, of several only what the reader has seen.

        One key shall not speak of cells that nobody has looked at.
        """
        if cells is not None:
            return list(cells)
        unseen = self.unseen(self.selection)
        if unseen.any():
            self.say(not_seen(int(unseen.sum()), len(unseen)))
        return self.selection[~unseen].tolist()
