"""What panels read of the session: cells, calls, counts, regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Cell
from marrowscope.domain.counted import Counted
from marrowscope.domain.regions import Region
from marrowscope.domain.review import History, Verdict
from marrowscope.domain.tally import Tally
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.case_in_hand import CaseInHand
from marrowscope.gui.case_state import CellPicture, InView
from marrowscope.gui.edit_jobs import Redrawn
from marrowscope.gui.messages import Message
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.store.known_cells import KnownCells
from marrowscope.workflow.counting import Counts
from marrowscope.workflow.fields_read import FieldsRead


class CaseView(CaseInHand):
    """The readable half of `CaseSession`."""

    @property
    def table(self) -> CellTable | None:
        """The cells of all slides of the case; None before anything was read."""
        return self._table

    @property
    def known_cells(self) -> KnownCells | None:
        """What the table was made from; None where it was not read from the file."""
        return self._calls.shown.cells if self._calls.shown else None

    @property
    def tally(self) -> Tally | None:
        """The cells of the table, counted by the model's answers."""
        return self._counted.tally if self._counted else None

    @property
    def counted(self) -> Counted | None:
        """Which cells of the table regions leave in the count; None before a run."""
        return self._counted

    def in_count(self, cells: Sequence[int]) -> NDArray[np.bool_]:
        """(N,) which of these cells, by id, regions leave in the count."""
        if self._counted is None:
            return np.ones(len(cells), np.bool_)
        return self._counted.counts(cells)

    @property
    def vocabulary(self) -> ModelVocabulary | None:
        """What the table's classes and features mean."""
        return self._vocabulary

    @property
    def fields_read(self) -> FieldsRead:
        """The fields that the table's cells come from, empty ones too, by slide."""
        return self._fields

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """The reader's calls by cell id."""
        return self._calls.verdicts

    @property
    def called_last(self) -> NDArray[np.int64]:
        """(N,) ids of the cells whose call changed last."""
        return self._calls.called_last

    @property
    def counts(self) -> Counts | None:
        """Both layers, counted again after every change; None without a case."""
        return self._counts

    @property
    def selection(self) -> NDArray[np.int64]:
        """(N,) ids of the selected cells; the last one is looked at."""
        return self._focus.cells

    @property
    def selected(self) -> Cell | None:
        """The cell that is looked at."""
        return self.cell(int(self.selection[-1])) if len(self.selection) else None

    @property
    def in_view(self) -> InView:
        """The cells that are seen on the smear now."""
        return self._in_view

    @property
    def picture(self) -> CellPicture | None:
        """The crop of the selected cell; None until it has been read."""
        return self._focus.picture

    @property
    def hidden_classes(self) -> frozenset[str]:
        """Classes whose boxes are not shown; none while no class may be guessed."""
        return frozenset() if self.reading.blind else self._hidden

    @property
    def boxes_shown(self) -> bool:
        return self._boxes_shown

    def colours_of(self, number: int | None) -> DisplayColour:
        """In which colours a slide is shown; models read its untouched pixels."""
        return self._colours.of(number)

    @property
    def saved(self) -> bool:
        """True when everything a person said is on the disk."""
        return self._calls.saved and self._book.saved

    @property
    def can_undo(self) -> bool:
        return bool(self._calls.history.undo) or self._book.last_step > 0

    @property
    def history(self) -> History:
        """What undo and redo would do next, in words; "" for nothing."""
        calls, book = self._calls, self._book
        regions_last = book.last_step > calls.last_step
        regions_next = book.last_undone > calls.last_undone
        return History(
            book.history.undo if regions_last else calls.history.undo,
            book.history.redo if regions_next else calls.history.redo,
        )

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions of all slides of the case, in the order they were drawn in."""
        return self._book.regions

    @property
    def region(self) -> Region | None:
        """The region in hand."""
        chosen = self._book.selected
        return next((r for r in self._book.regions if r.id == chosen), None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be said of what was read: nothing alarming, nothing to dismiss."""
        return self._notices.said.sentences

    @property
    def notices_of_photos(self) -> frozenset[str]:
        """Those notices that tell how the photos of the case lie."""
        return self._notices.said.of_photos

    @property
    def message(self) -> Message | None:
        """The one banner there is."""
        return self._message

    def _hold(self, table: CellTable | None, shown: Redrawn | None = None) -> None:
        self._table, self._calls.shown = table, shown
        self._rows = CellRows(np.zeros(0, np.int64) if table is None else table.id)

    def cell(self, cell_id: int) -> Cell | None:
        """The cell of that id, None when the table does not hold it (any more)."""
        if self._table is None:
            return None
        row = self._rows.row(cell_id)
        return None if row is None else self._table.cell(row)
