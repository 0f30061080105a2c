"""A comparison to be read: both marrows, doubts, the table, cells side by side."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from marrowscope.domain.serial import Comparison
from marrowscope.gui.serial.cells import SerialCells
from marrowscope.gui.serial.table import SerialTable
from marrowscope.gui.theme import RELATED, SMALL, STEP, Theme, font
from marrowscope.report.serial import METHOD, SerialRow
from marrowscope.workflow.earlier_cases import Pictures, SideBySide
from marrowscope.workflow.serial import told

NOTHING: Pictures = {}


class SerialPage(QWidget):
    """`comparison`: the one that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.comparison: Comparison | None = None
        self._then: Mapping = NOTHING
        self._now: Mapping = NOTHING
        self.marrows, self.doubts, self.none = _words(), _words(), _words(small=True)
        self.doubts.setObjectName("calm")
        self.table, self.cells = SerialTable(theme), SerialCells()
        method = _words(small=True)
        method.setText(METHOD)
        for label in (self.none, method):
            label.setObjectName("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(RELATED)
        column.addWidget(self.marrows)
        column.addWidget(self.doubts)
        column.addWidget(self.table, 1)
        column.addWidget(self.cells)
        notes = QVBoxLayout()
        notes.setSpacing(STEP)
        notes.addWidget(self.none)
        notes.addWidget(method)
        column.addLayout(notes)
        self.table.shown.connect(self._on_line)

    def tell(self, found: SideBySide) -> None:
        """A comparison just made, or the one that stands in the report."""
        then, now = found.then, found.now
        self.comparison, self._then, self._now = found.comparison, then, now
        part = told(found.comparison)
        self.marrows.setText(f"Then: {part.then}\nNow: {part.now}")
        self.doubts.setText("\n".join(part.doubts))
        self.doubts.setVisible(bool(part.doubts))
        self.none.setText(part.none)
        self.cells.setVisible(any(then.values()) or any(now.values()))
        self.table.fill(part)

    @Slot(object)
    def _on_line(self, row: SerialRow) -> None:
        then, now = (some.get(row.id, ()) for some in (self._then, self._now))
        self.cells.show_cells(row.name, then, now)


def _words(*, small: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    if small:
        label.setFont(font(SMALL))
    return label
