"""What a reader says of the cells selected on the wall: one step for all of them.

Nothing is said of several cells by one key before each of them was seen: those that
were not stay selected, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.review import Verdict
from marrowscope.gui.cell_inspector.calls import confirmations, kept_judgement
from marrowscope.gui.gallery.arranging import Grouping
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.wall_cells import NOBODY, Lines, WallCells
from marrowscope.workflow.reviewing import CANNOT_CLASSIFY, NOT_A_CELL, all_called
from marrowscope.workflow.step_names import cells_said

HIDDEN = "The suggestion is hidden: say yourself what the cell is."


class GalleryCalls(QObject):
    """`said` carries a sentence for the reader, "" when there is nothing to say.

    `left`: cells that were not seen yet are selected now, and shall be shown.
    """

    said = Signal(str)
    left = Signal()

    def __init__(self, desk: GalleryDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._session = desk, desk.session

    @Slot()
    def confirm(self) -> None:
        """Agree with what is suggested of the selected cells nobody has called."""
        cells = self._desk.cells
        if cells is None:
            return
        if self._desk.blind:
            self.said.emit(HIDDEN)
            return
        rows = cells.rows.of(self._session.selection)
        free = rows[(cells.called[rows] == NOBODY) & (cells.suggested[rows] > 0)]
        ids = self._seen(cells.table.id[free])
        agreed = list(self._agreements(cells, cells.rows.of(ids)))
        if agreed:
            name = f"{cells_said(len(agreed))} confirmed"
            self._session.put(agreed, name=name)
        self._go_on(len(ids), len(free))

    def call(self, lines: Sequence[str], *, dysplastic: bool | None = None) -> None:
        """Say what the selected cells are, in taxonomy lines."""
        chosen = self._session.selection
        ids = self._seen(chosen)
        named = tuple(lines)
        by_judgement: dict[bool | None, list[int]] = {}
        for cell in ids.tolist():
            judged = self._judged(cell, named, dysplastic)
            by_judgement.setdefault(judged, []).append(cell)
        self._session.put(
            verdict
            for judged, cells in by_judgement.items()
            for verdict in all_called(
                cells, named, reader=self._session.reader, dysplastic=judged
            )
        )
        self._go_on(len(ids), len(chosen))

    def _judged(self, cell: int, lines: Lines, said: bool | None) -> bool | None:
        """What is said now, else the judgement that this call does not undo."""
        if said is not None:
            return said
        session = self._session
        return kept_judgement(session.verdicts.get(cell), lines, session.criteria)

    @Slot()
    def not_a_cell(self) -> None:
        self.call(NOT_A_CELL)

    @Slot()
    def cannot_classify(self) -> None:
        self.call(CANNOT_CLASSIFY)

    @Slot()
    def withdraw(self) -> None:
        """Take back what was said of the selected cells."""
        self._session.withdraw()
        self.said.emit("")

    # What was seen ---------------------------------------------------------------

    def _seen(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of these cells that were in sight; of one cell alone, that cell."""
        return ids[~self._session.unseen(ids)]

    def _go_on(self, done: int, wanted: int) -> None:
        if done < wanted:
            self._show_unseen(done, wanted)
            return
        self.said.emit("")
        self._advance()

    def _show_unseen(self, done: int, wanted: int) -> None:
        session = self._session
        ids = session.selection
        unseen = ids[session.unseen(ids)]
        places = [self._desk.place_of(cell) for cell in unseen[:1].tolist()]
        lead = f"{cells_said(done)} called. " if done else ""
        rest = f"{wanted - done:,} more" if done else f"{wanted:,} of these cells"
        were = "was" if wanted - done == 1 else "were"
        self.said.emit(f"{lead}{rest} {were} not in sight yet: scroll past them first.")
        # The first of them is looked at, so that the reader scrolls on from there.
        ids = np.concatenate([unseen[1:], unseen[:1]])
        session.select_cells(ids, found=self._desk.origin)
        if places:
            self.left.emit()

    def _advance(self) -> None:
        """Look at the next cell nobody has called."""
        session, desk = self._session, self._desk
        if session.reading.active:
            session.go_on()
            return
        places = desk.places_selected()
        if not len(places):
            return
        cell = desk.next_uncalled(int(places[-1]))
        if cell is not None:
            session.select_cells([cell], found=desk.origin)

    # Agreement -------------------------------------------------------------------

    def _agreements(
        self, cells: WallCells, rows: NDArray[np.intp]
    ) -> Iterable[Verdict]:
        """Enter agrees with the heading, else with what the model can tell for sure.

        Cells that it says the same of are called together.
        """
        best = cells.table.probabilities[rows].argmax(axis=1)
        said = np.stack([best, cells.suggested[rows]], axis=1)
        kinds, which = np.unique(said, axis=0, return_inverse=True)
        for number, (index, kind) in enumerate(kinds.tolist()):
            mine = rows[which.reshape(-1) == number]
            by_class = self._desk.grouping is Grouping.CLASS
            yield from all_called(
                cells.table.id[mine].tolist(),
                cells.kinds[kind] if by_class else self._wide(cells, int(mine[0])),
                reader=self._session.reader,
                dysplastic=self._judgement(cells, index),
            )

    def _judgement(self, cells: WallCells, index: int) -> bool | None:
        """Dysplastic as the model says; None in a lineage it never says so of."""
        known = cells.vocabulary.classes[index]
        kin = (c for c in cells.vocabulary.classes if c.lineage == known.lineage)
        return known.dysplastic if any(c.dysplastic for c in kin) else None

    def _wide(self, cells: WallCells, row: int) -> Lines:
        session = self._session
        cell = cells.table.cell(row)
        offered = confirmations(
            cell, cells.vocabulary, session.taxonomy, session.criteria
        )
        return offered[0].lines
