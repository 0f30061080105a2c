"""The panel: how many megakaryocytes there are, and each of them in a row."""

from __future__ import annotations

from itertools import compress

from PySide6.QtCore import QModelIndex, QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.megakaryocytes_panel.listing import Listing
from marrowscope.gui.megakaryocytes_panel.model import (
    CELL,
    MegakaryocyteRows,
    summary,
)
from marrowscope.gui.megakaryocytes_panel.pictures import SHOWN, CellPictures
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import RELATED, SMALL, STEP, font

BLIND = "Cells are read blind: those that a reader has not called are hidden."


class MegakaryocytesPanel(QWidget):
    """A click on a row, or Enter, goes to the cell."""

    def __init__(self, session: CaseSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = CellPictures(session, self)
        self._listing = Listing(session, self)
        self.rows = MegakaryocyteRows(self._pictures)
        self.words, self.list = QLabel(), QListView()
        self.words.setObjectName("quiet")
        self.words.setFont(font(SMALL))
        self.words.setWordWrap(True)
        self.list.setObjectName("rows")
        self.list.setFont(font(SMALL))
        self.list.setModel(self.rows)
        self.list.setIconSize(QSize(SHOWN, SHOWN))
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.list.setHorizontalScrollBarPolicy(never)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setLayoutMode(QListView.LayoutMode.Batched)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName("Megakaryocytes")
        column = QVBoxLayout(self)
        column.setContentsMargins(RELATED + STEP, 0, RELATED, RELATED)
        column.setSpacing(STEP)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self._listing.changed.connect(self._refresh)
        session.changed.connect(self._on_changed)
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.OPENING:
            self._pictures.hold(self._session.opening)
        if changes & (Changes.CASE | Changes.COLOURS):
            self._pictures.forget()
            self.list.viewport().update()
        self._listing.follow(changes)
        if changes & Changes.READING:
            self._refresh()
        if changes & Changes.SELECTION:
            self._mark_selected()

    @Slot()
    def _refresh(self) -> None:
        found, blind = self._listing.cells, self._session.reading.blind
        if blind:
            found = tuple(one for one in found if one.confirmed)
        counted = self._session.in_count([one.cell for one in found]).tolist()
        if self.rows.show_cells(tuple(compress(found, counted))):
            self._mark_selected()
        said = summary(self.rows.cells, left_out=counted.count(False))
        self.words.setText(BLIND if blind else said)

    def _mark_selected(self) -> None:
        chosen = self._session.selected
        row = self.rows.row_of(None if chosen is None else chosen.id)
        index = self.rows.index(row) if row >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        self._session.select_cell(int(index.data(CELL)), reveal=True)
