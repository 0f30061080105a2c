"""The legend: a click shows or hides a class, a double-click shows it alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.layer_painting import draw_text
from marrowscope.gui.legend.model import LegendEntry, alone, entries, toggled
from marrowscope.gui.legend.painting import (
    ROW,
    LegendLook,
    count_width,
    draw_entry,
    entry_width,
)
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import SMALL, Appearance

NARROWEST = 200.0
EMPTY_TEXT = "Classes appear when a smear is read."
BLIND_TEXT = "Suggestions are hidden: cells are read blind."


class Legend(QWidget):
    """One row per class in the order of the lineages; arrows and Space work too."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.entries: tuple[LegendEntry, ...] = ()
        self._empty = EMPTY_TEXT
        self._hovered = self._focused = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")
        self.setToolTip("Click to show or hide a class, double-click to see it alone")
        appearance.changed.connect(self.update)
        session.changed.connect(self._on_changed)
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        cells = Changes.CASE | Changes.CELLS | Changes.COUNTS
        wanted = cells | Changes.VISIBILITY | Changes.MODEL | Changes.READING
        if changes & wanted:
            self._refresh()

    def _refresh(self) -> None:
        session = self._session
        fresh = entries(session.vocabulary, session.tally, session.hidden_classes)
        if session.reading.blind:
            fresh = ()  # boxes of one class alone would say which these are
        self._empty = BLIND_TEXT if session.reading.blind else EMPTY_TEXT
        if fresh != self.entries:
            self.entries = fresh
            self.updateGeometry()
            self.update()

    def toggle(self, class_id: str) -> None:
        """Show or hide one class."""
        self._session.set_hidden_classes(
            toggled(self._session.hidden_classes, class_id)
        )

    def show_alone(self, class_id: str) -> None:
        """Hide every other class; a second time show all again."""
        self._session.set_hidden_classes(alone(self.entries, class_id))

    def sizeHint(self) -> QSize:
        width = max(map(entry_width, self.entries), default=NARROWEST)
        return QSize(int(max(width, NARROWEST)), int(ROW * max(len(self.entries), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def row_rect(self, index: int) -> QRectF:
        """Where an entry is drawn, in widget pixels."""
        return QRectF(0, index * ROW, self.width(), ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        look = LegendLook(theme, self._appearance.cells, count_width(self.entries))
        if not self.entries:
            area = QRectF(12, 0, self.width() - 24, ROW)
            draw_text(painter, area, self._empty, size=SMALL, colour=theme.quiet)
        for index, entry in enumerate(self.entries):
            area = self.row_rect(index)
            hovered = index == self._hovered
            draw_entry(painter, area, entry, look=look, hovered=hovered)
        if self.hasFocus() and 0 <= self._focused < len(self.entries):
            painter.setPen(theme.accent)
            painter.drawRoundedRect(
                self.row_rect(self._focused).adjusted(1, 1, -1, -1), 3, 3
            )
        painter.end()

    def _index_at(self, point: QPointF) -> int:
        index = int(point.y() // ROW)
        return index if 0 <= index < len(self.entries) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._index_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.toggle(self.entries[index].class_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index < 0:
            return
        # The first click of the two has toggled the entry: take that back first.
        class_id = self.entries[index].class_id
        self.toggle(class_id)
        self.show_alone(class_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self.entries:
            moved = self._focused + steps[Qt.Key(event.key())]
            self._focused = min(max(moved, 0), len(self.entries) - 1)
            self.update()
        elif event.key() == Qt.Key.Key_Space and 0 <= self._focused < len(self.entries):
            self.toggle(self.entries[self._focused].class_id)
        else:
            super().keyPressEvent(event)
