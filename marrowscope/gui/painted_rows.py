"""Rows of a list that a function draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from marrowscope.gui.theme import Appearance, Theme


@dataclass(frozen=True, slots=True)
class PaintedRow:
    """One row in sight: where it lies, what it shows, and how it stands."""

    area: QRectF
    index: QModelIndex | QPersistentModelIndex
    selected: bool
    hovered: bool


class PaintedRows(QStyledItemDelegate):
    """Every row has the same size and is drawn with smooth edges."""

    def __init__(
        self,
        draw: Callable[[QPainter, PaintedRow, Theme], None],
        *,
        size: QSize,
        appearance: Appearance,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._draw, self._size, self._appearance = draw, size, appearance

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return self._size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        row = PaintedRow(
            QRectF(option.rect),  # type: ignore[attr-defined]
            index,
            selected=bool(state & QStyle.StateFlag.State_Selected),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter, row, self._appearance.theme)
        painter.restore()
