"""The slides of the case under each other."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from marrowscope.domain.cell_table import CellTable
from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.model import SlideFigures, cards
from marrowscope.gui.slides_panel.painting import CARD
from marrowscope.gui.slides_panel.slide_list import SlideList
from marrowscope.gui.theme import Appearance

CARDS_IN_SIGHT = 2.4  # a cut third card says that there are more


class SlidesPanel(QWidget):
    """Follows the session's slides and run."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.list = SlideList(session, appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self._counted: tuple[CellTable | None, SlideFigures] | None = None
        session.changed.connect(self._on_changed)
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.COLOURS:
            self.list.viewport().update()
        wanted = Changes.CASE | Changes.SLIDE | Changes.THUMBNAILS | Changes.CELLS
        if changes & (wanted | Changes.RUN | Changes.CALIBRATION):
            self._refresh()

    def _figures(self, table: CellTable | None) -> SlideFigures:
        """Counted once for each table."""
        if self._counted is None or self._counted[0] is not table:
            self._counted = table, SlideFigures.of(table)
        return self._counted[1]

    def _refresh(self) -> None:
        session = self._session
        shown = session.slide
        self.list.show_cards(
            cards(
                session.slides,
                current=shown.number if shown else None,
                run=session.run,
                figures=self._figures(session.table),
            )
        )
        seen = min(max(len(self.list.cards), 1), CARDS_IN_SIGHT)
        self.setMinimumHeight(int(CARD * seen))
