"""Megakaryocytes as rows: what they are said to be, and how they were found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from marrowscope.domain.megakaryocytes import Megakaryocyte

CELL = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex
NOTHING_YET = "Megakaryocytes appear when a smear is read."


class MegakaryocyteRows(QAbstractListModel):
    """One row a cell; under `CELL` its id."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: tuple[Megakaryocyte, ...] = ()

    def show_cells(self, cells: tuple[Megakaryocyte, ...]) -> None:
        """These are all there are; nothing changes when they are the same."""
        if cells != self.cells:
            self.beginResetModel()
            self.cells = cells
            self.endResetModel()

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
        return one.cell if role == CELL else None


def row_text(one: Megakaryocyte, number: int) -> str:
    """Such as "3  dysplastic, suggested · found at low power"."""
    found = "found at low power" if one.sought else "met in a field"
    return f"{number}  {_said(one)} · {found}"


def _said(one: Megakaryocyte) -> str:
    if one.dysplastic is None:
        return "confirmed, dysplasia not judged"
    said = "dysplastic" if one.dysplastic else "not dysplastic"
    return f"{said}, {'confirmed' if one.confirmed else 'suggested'}"


def summary(cells: Sequence[Megakaryocyte]) -> str:
    """How many there are; suggested and confirmed ones are never one number."""
    if not cells:
        return NOTHING_YET
    confirmed = sum(one.confirmed for one in cells)
    parts = [f"{len(cells) - confirmed:,} suggested", f"{confirmed:,} confirmed"]
    return f"{', '.join(parts)}. Not part of the differential."
