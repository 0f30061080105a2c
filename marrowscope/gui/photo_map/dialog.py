"""The map of the photos in a window of its own, and what is to be said of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.case_state import Changes, Phase
from marrowscope.gui.jobs import Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.photo_map.chart import PhotoChart
from marrowscope.gui.photo_map.sheet import PhotoSheet, sheet_of
from marrowscope.gui.photo_map.words import Row, heading, rows, summary
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import BASE, GROUP, RELATED, SMALL, Appearance, font

PHOTOS = int(Qt.ItemDataRole.UserRole)
ASIDE = 248  # pixels of the column of words
NOT_YET = "Photos are compared with one another when they are read."
TOO_FEW = "A map takes two photos of one smear, or more."
SHOWN = "Blue: the photo you are looking at. Click another to look at it."
SHOWN_AND_TWINS = (
    "Blue: the photo you are looking at. Amber: another photo shows nearly the same "
    "place. Click a photo to look at it."
)


class PhotoMapDialog(QDialog):
    """Non-modal, beside the smear; follows the session."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._phase = session.run.phase
        self.setWindowTitle("Photo map")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(960, 560)
        self.chart = PhotoChart(session, appearance)
        self.heading, self.words, self.key = QLabel(), QLabel(), QLabel()
        self.list = QListWidget()
        self._looking = LatestJob(session.runner, Lane.ASIDE, sheet_of, self)
        self._place()
        self.chart.chosen.connect(session.show_slide)
        self.list.itemClicked.connect(self._on_row)
        self.list.itemActivated.connect(self._on_row)
        self._looking.answered.connect(self._show)
        session.changed.connect(self._on_changed)
        self._show(None)
        self._look()

    def _place(self) -> None:
        self.list.setObjectName("rows")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFont(font(SMALL))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.list.setHorizontalScrollBarPolicy(never)
        self.list.setAccessibleName("Photos of one place")
        self.heading.setFont(font(BASE, bold=True))
        for label in (self.words, self.key):
            label.setObjectName("quiet")
            label.setFont(font(SMALL))
        for label in (self.heading, self.words, self.key):
            label.setWordWrap(True)
        aside = QWidget()
        aside.setFixedWidth(ASIDE)
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addSpacing(RELATED)
        column.addWidget(self.list, 1)
        column.addStretch()
        column.addWidget(self.key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.chart, 1)
        row.addWidget(aside)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._show(None)
        began = self._phase is not (phase := self._session.run.phase)
        self._phase = phase
        read = began and phase in (Phase.READING, Phase.FINISHED, Phase.STOPPED)
        if read or change & (Changes.CASE | Changes.NOTICES):
            self._look()

    def _look(self) -> None:
        case = self._session.opened_case
        if case is not None:
            self._looking.ask(case)

    @Slot(object)
    def _show(self, sheet: PhotoSheet | None) -> None:
        self.chart.show_sheet(sheet)
        self.list.clear()
        for row in rows(sheet) if sheet else ():
            self.list.addItem(_item(row))
        self.list.setVisible(self.list.count() > 0)
        self.heading.setText(heading(sheet) if sheet else "")
        self.heading.setVisible(sheet is not None)
        self.words.setText(summary(sheet) if sheet else self._why_not())
        twins = sheet is not None and bool(sheet.said.near_duplicates)
        self.key.setText(SHOWN_AND_TWINS if twins else SHOWN)
        self.key.setVisible(sheet is not None)

    def _why_not(self) -> str:
        return NOT_YET if len(self._session.slides) > 1 else TOO_FEW

    @Slot(QListWidgetItem)
    def _on_row(self, item: QListWidgetItem) -> None:
        """Look at the first photo of a row, and at the next with every click."""
        photos: tuple[int, ...] = tuple(item.data(PHOTOS) or ())
        if not photos:
            return
        shown = self._session.slide.number if self._session.slide else None
        here = photos.index(shown) if shown in photos else -1
        self._session.show_slide(photos[(here + 1) % len(photos)])


def _item(row: Row) -> QListWidgetItem:
    item = QListWidgetItem(row.text)
    item.setToolTip("\n".join(part for part in (row.text, row.hint) if part))
    item.setData(PHOTOS, list(row.photos))
    if not row.photos:
        item.setFont(font(SMALL, bold=True))
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item
