"""Some cells called before their reader sees what the model says of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession

CELLS = 25
TITLE = "Before the model's answer"
NOTHING = Message("No cell is left that nobody has called.", "Read a smear first.")


class SelfCheck(QObject):
    """Draws cells at random, shows them blind, then tells how often both agree."""

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.changed.connect(self._on_changed)

    @Slot()
    def begin(self) -> None:
        """Read cells that nobody has called, without the model's answer."""
        cells = self._drawn()
        if not len(cells):
            self._session.say(NOTHING)
            return
        self._session.reading.begin(TITLE, cells, blind=True)
        self._session.select_cell(int(cells[0]), reveal=True)

    def _drawn(self) -> NDArray[np.int64]:
        table, called = self._session.table, self._session.verdicts
        if table is None:
            return np.zeros(0, np.int64)
        own = table.id[~table.sought & ~table.drawn]
        free = own[~np.isin(own, list(called))]
        chance = np.random.default_rng()
        return chance.choice(free, min(CELLS, len(free)), replace=False)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        reading = self._session.reading
        if reading.title != TITLE or not change & Changes.VERDICTS:
            return
        if all(int(cell) in self._session.verdicts for cell in reading.cells):
            self._tell(reading.cells.tolist())
        elif reading.current in self._session.called_last:
            self._session.go_on()

    def _tell(self, cells: list[int]) -> None:
        self._session.reading.end()
        alike = sum(map(self._agrees, cells))
        said = f"You and the model agree about {alike} of {len(cells)} cells."
        self._session.say(Message(said, "The cells that differ are worth a look."))
        differ = [cell for cell in cells if not self._agrees(cell)]
        self._session.select_cells(differ)

    def _agrees(self, number: int) -> bool:
        cell, known = self._session.cell(number), self._session.vocabulary
        if cell is None or known is None:
            return False
        called, own = self._session.verdicts[number], known.of(cell.class_id)
        alike = set(called.lines) <= set(own.lines)
        looked_for = any(
            c.dysplastic for c in known.classes if c.lineage == own.lineage
        )
        judged = looked_for and called.dysplastic is not None
        return alike and (not judged or called.dysplastic == own.dysplastic)
