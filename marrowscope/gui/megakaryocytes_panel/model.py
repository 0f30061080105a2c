"""Megakaryocytes as rows: what they are said to be, and how they were found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor

from marrowscope.domain.megakaryocytes import Megakaryocyte
from marrowscope.gui.megakaryocytes_panel.pictures import CellPictures

CELL = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex
NO_PICTURE = QColor(128, 128, 128, 48)  # a pale square, until the cell is cut out
# As small as lymphocytes: of 90 drawn ones the search found none.
LIMITS = (
    "Low power finds no micromegakaryocytes: they are met only in fields that are read."
)
NOTHING_YET = "Megakaryocytes appear when a smear is read."


class MegakaryocyteRows(QAbstractListModel):
    """One row a cell, with its picture; under `CELL` its id."""

    def __init__(self, pictures: CellPictures) -> None:
        super().__init__()
        self.cells: tuple[Megakaryocyte, ...] = ()
        self._pictures = pictures
        pictures.came.connect(self._on_pictures)

    def show_cells(self, cells: tuple[Megakaryocyte, ...]) -> bool:
        """These are all there are; False: nothing changes, they are the same."""
        if cells == self.cells:
            return False
        self.beginResetModel()
        self.cells = cells
        self.endResetModel()
        return True

    def row_of(self, cell: int | None) -> int:
        """The row of a cell, -1 when it is not on the list."""
        rows = (row for row, one in enumerate(self.cells) if one.cell == cell)
        return next(rows, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own)
        return 0 if parent.isValid() else len(self.cells)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.cells[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row_text(one, index.row() + 1)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pictures.of(one) or NO_PICTURE
        return one.cell if role == CELL else None

    @Slot(object)
    def _on_pictures(self, cells: Sequence[int]) -> None:
        for cell in cells:
            index = self.index(self.row_of(cell))
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])


def row_text(one: Megakaryocyte, number: int) -> str:
    """Two lines, such as "3  dysplastic, suggested" and "found at low power"."""
    found = "found at low power" if one.sought else "met in a field"
    return f"{number}  {_said(one)}\n{found}"


def _said(one: Megakaryocyte) -> str:
    if one.dysplastic is None:
        return "confirmed, dysplasia not judged"
    said = "dysplastic" if one.dysplastic else "not dysplastic"
    said = "micromegakaryocyte" if one.micro else said
    return f"{said}, {'confirmed' if one.confirmed else 'suggested'}"


def summary(cells: Sequence[Megakaryocyte], *, left_out: int) -> str:
    """How many there are; suggested and confirmed ones are never one number.

    `left_out`: cells that regions leave out of the list.
    """
    if not cells and not left_out:
        return NOTHING_YET
    confirmed = sum(one.confirmed for one in cells)
    parts = [f"{len(cells) - confirmed:,} suggested", f"{confirmed:,} confirmed"]
    rest = f" {left_out:,} more where regions leave cells out." if left_out else ""
    return f"{', '.join(parts)}. Not part of the differential.{rest} {LIMITS}"
