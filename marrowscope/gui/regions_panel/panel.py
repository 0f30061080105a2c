"""The regions of the slide shown, in a list that follows the session."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTreeView,
    QWidget,
)

from marrowscope.gui.case_state import Changes
from marrowscope.gui.regions_panel.model import (
    AREA,
    CELLS,
    NAME,
    RegionModel,
    RegionRow,
    region_row,
)
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import SMALL, font

NO_REGIONS = (
    "All of the smear is counted. To count a part alone, draw it with D (rectangle), "
    "P (polygon) or W (by hand)."
)
FIGURES = 64  # pixels of a column of numbers
FOLLOWED = Changes.CASE | Changes.SLIDE | Changes.REGIONS | Changes.COUNTS
LEAST_HEIGHT = 84


class RegionsPanel(QWidget):
    """Names can be written over, ticks set; a click takes a region in hand."""

    def __init__(self, session: CaseSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._showing = False
        self.model = RegionModel(session.change_region, self)
        self.list = _RegionList(session)
        self.list.setModel(self.model)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (AREA, CELLS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, FIGURES)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.empty = QLabel(NO_REGIONS)
        self.empty.setObjectName("quiet")
        self.empty.setFont(font(SMALL))
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(12, 4, 12, 8)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.list)
        self.setMinimumHeight(LEAST_HEIGHT)
        session.changed.connect(self._on_changed)
        self._refresh()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & FOLLOWED:
            self._refresh()

    def _refresh(self) -> None:
        rows = self._rows()
        self._showing = True
        self.model.show_rows(rows)
        self._pages.setCurrentWidget(self.list if rows else self.empty)
        self._show_chosen()
        self._showing = False

    def _rows(self) -> tuple[RegionRow, ...]:
        session, shown = self._session, self._session.slide
        if shown is None:
            return ()
        cells = session.counts.extent.cells if session.counts else {}
        mpp = shown.mpp or shown.read_mpp or shown.working_mpp
        return tuple(
            region_row(region, mpp=mpp, cells=cells.get(region.id))
            for region in session.regions
            if region.slide == shown.number
        )

    def _show_chosen(self) -> None:
        chosen = self._session.region
        ids = [row.region.id for row in self.model.rows]
        if chosen is None or chosen.id not in ids:
            self.list.clearSelection()
            return
        index = self.model.index(ids.index(chosen.id), NAME)
        if self.list.currentIndex() != index or not self.list.selectedIndexes():
            self.list.setCurrentIndex(index)

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, now: QItemSelection, before: QItemSelection) -> None:
        rows = [index.row() for index in now.indexes()]
        if rows and not self._showing:
            self._session.select_region(self.model.rows[rows[0]].region.id)


class _RegionList(QTreeView):
    """Delete removes the region in hand."""

    def __init__(self, session: CaseSession) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("Regions")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAllColumnsShowFocus(True)
        self.header().setFont(font(SMALL))
        self.viewport().setAutoFillBackground(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._session.remove_region()
        elif event.key() == Qt.Key.Key_Escape:
            self._session.select_region(None)
            event.ignore()
        else:
            super().keyPressEvent(event)
