"""The megakaryocytes of the case in hand: listed on a worker, then call by call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.megakaryocytes import Megakaryocyte, suggested, with_calls
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.case_state import MANY_CALLS, Changes
from marrowscope.gui.jobs import Lane, Progress
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.session import CaseSession


@dataclass(frozen=True, slots=True, eq=False)
class ListRequest:
    """The cells of a case, beside what a person says of them."""

    table: CellTable
    vocabulary: ModelVocabulary
    verdicts: Mapping[int, Verdict]
    taxonomy: Taxonomy


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Megakaryocytes by cell; `rows` of all cells of the table they were found in."""

    request: ListRequest
    rows: CellRows
    cells: Mapping[int, Megakaryocyte]

    def with_calls(
        self, cells: NDArray[np.int64], verdicts: Mapping[int, Verdict]
    ) -> Listed:
        """The list anew for these cells; it costs what they cost, not the table."""
        table, known = self.request.table, self.request.vocabulary
        rows, taxonomy = self.rows.of(cells), self.request.taxonomy
        found = with_calls(self.cells, table, rows, verdicts, known, taxonomy)
        return Listed(self.request, self.rows, found)


def list_all(request: ListRequest, progress: Progress) -> Listed:
    """Every megakaryocyte of the table."""
    table = request.table
    found = suggested(table, request.vocabulary)
    listed = Listed(request, CellRows(table.id), found)
    called = np.fromiter(request.verdicts, np.int64)
    return listed.with_calls(called, request.verdicts)


class Listing(QObject):
    """`changed`: other cells are on the list, or regions leave other ones in."""

    changed = Signal()

    def __init__(self, session: CaseSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._job = LatestJob(session.runner, Lane.CELLS, list_all, self)
        self._job.answered.connect(self._on_listed)
        self._listed: Listed | None = None
        self._called: dict[int, None] = {}  # while all are being listed

    @property
    def cells(self) -> tuple[Megakaryocyte, ...]:
        """All of them by id, those too that regions leave out."""
        found = {} if self._listed is None else self._listed.cells
        return tuple(found[cell] for cell in sorted(found))

    def follow(self, changes: Changes) -> None:
        """The session has changed."""
        if changes & Changes.CASE:
            self._job.drop()
            self._listed = None
            self.changed.emit()
        if changes & (Changes.CASE | Changes.CELLS):
            self._list_all()
        elif changes & Changes.VERDICTS:
            self._take_calls(self._session.called_last)
        elif changes & Changes.COUNTS:
            self.changed.emit()

    def _list_all(self) -> None:
        session = self._session
        if session.table is None or session.vocabulary is None:
            return
        self._called.clear()
        verdicts = dict(session.verdicts)
        self._job.ask(
            ListRequest(session.table, session.vocabulary, verdicts, session.taxonomy)
        )

    def _take_calls(self, cells: NDArray[np.int64]) -> None:
        if not self._job.idle:
            self._called.update(dict.fromkeys(cells.tolist()))
        if self._listed is None:
            return
        if len(cells) > MANY_CALLS:  # by the worker
            self._list_all()
            return
        before = self._listed.cells
        self._listed = self._listed.with_calls(cells, self._session.verdicts)
        if self._listed.cells != before:
            self.changed.emit()

    @Slot(object)
    def _on_listed(self, listed: Listed) -> None:
        called = np.fromiter(self._called, np.int64)
        self._listed = listed.with_calls(called, self._session.verdicts)
        self.changed.emit()
