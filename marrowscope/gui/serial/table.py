"""The table of differences: every line then and now, and what may be said of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from marrowscope.domain.serial import Change
from marrowscope.gui.theme import BASE, SMALL, Theme, font
from marrowscope.report.serial import SerialPart, SerialRow

HEADS = (
    *("Line", "Then", "interval", "cells", "Now", "interval", "cells"),
    *("Change, points", "By counting error", "p, and for all lines"),
)
_NUMBERS, _QUIET = range(1, 8), (2, 3, 5, 6, 9)
_NAME, _VERDICT = 0, 8
_ROW = int(Qt.ItemDataRole.UserRole)


class SerialTable(QTreeWidget):
    """`shown` carries the line in hand."""

    shown = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Differences")
        self.setHeaderLabels(list(HEADS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAllColumnsShowFocus(True)
        self.header().setFont(font(SMALL))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(_VERDICT, QHeaderView.ResizeMode.Stretch)
        head, right = self.headerItem(), Qt.AlignmentFlag.AlignRight
        for column in _NUMBERS:
            head.setTextAlignment(column, right | Qt.AlignmentFlag.AlignVCenter)
        self.currentItemChanged.connect(self._on_current)

    def fill(self, part: SerialPart) -> None:
        """Show these lines, the first of them in hand."""
        self.clear()
        items = [self._item(row) for row in part.rows]
        self.addTopLevelItems(items)
        self.setCurrentItem(items[0])

    def _item(self, row: SerialRow) -> QTreeWidgetItem:
        both = [(s.percent, s.interval, s.counts) for s in (row.then, row.now)]
        texts = [row.name, *both[0], *both[1], row.points, row.verdict]
        item = QTreeWidgetItem([*texts, row.chance])
        item.setData(_NAME, _ROW, row)
        item.setToolTip(_NAME, row.of)
        for column in _NUMBERS:
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            item.setTextAlignment(column, side)
        for column in _QUIET:
            item.setForeground(column, self._theme.quiet)
        if row.change is Change.BEYOND:
            item.setFont(_VERDICT, font(BASE, bold=True))
        elif row.change is not Change.WITHIN:
            item.setForeground(_VERDICT, self._theme.quiet)
        return item

    @Slot(object)
    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.shown.emit(item.data(_NAME, _ROW))
