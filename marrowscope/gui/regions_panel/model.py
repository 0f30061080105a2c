"""Regions as rows of a table: a tick counts them, no tick leaves them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from marrowscope.domain.regions import Region, RegionKind
from marrowscope.gui.extent_words import area_text

NAME, AREA, CELLS = range(3)
HEADERS = ("Counted", "mm²", "Cells")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region with its figures in words; empty where nothing is known yet."""

    region: Region
    area: str
    cells: str

    @property
    def hint(self) -> str:
        """What a tooltip says of it."""
        word = "Counted" if self.region.included else "Left out of the count"
        size = f"{self.area} mm²" if self.area else "no scale"
        cells = f", {self.cells} cells" if self.cells else ""
        return f"{self.region.name}\n{word}: {size}{cells}"


def region_row(region: Region, *, mpp: float | None, cells: int | None) -> RegionRow:
    """`mpp`: microns per level-0 pixel; `cells` is None before anything was read."""
    area = "" if mpp is None else area_text(region.area_mm2(mpp))
    return RegionRow(region, area, "" if cells is None else f"{cells:,}")


class RegionModel(QAbstractTableModel):
    """`changed` is told of a region with another name or kind."""

    def __init__(
        self, changed: Callable[[Region], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        self.rows: tuple[RegionRow, ...] = ()

    def show_rows(self, rows: tuple[RegionRow, ...]) -> None:
        """Show these; a name that is being written is kept while the rows are alike."""
        alike = [r.region.id for r in rows] == [r.region.id for r in self.rows]
        if alike:
            self.rows = rows
            last = self.index(len(rows) - 1, CELLS)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return HEADERS[section]
        return _RIGHT if role == Role.TextAlignmentRole and section else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return (row.region.name, row.area, row.cells)[column]
        if role == Role.EditRole and column == NAME:
            return row.region.name
        if role == Role.CheckStateRole and column == NAME:
            ticked = row.region.included
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Role.TextAlignmentRole and column != NAME:
            return _RIGHT
        return row.hint if role == Role.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        region = self.rows[index.row()].region
        if role == Role.CheckStateRole:
            ticked = Qt.CheckState(value) is Qt.CheckState.Checked
            kind = RegionKind.INCLUDE if ticked else RegionKind.EXCLUDE
            self._changed(replace(region, kind=kind))
            return True
        name = str(value).strip()
        if role != Role.EditRole or not name:
            return False
        self._changed(replace(region, name=name))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        always = flag.ItemIsEnabled | flag.ItemIsSelectable
        if index.column() != NAME:
            return always
        return always | flag.ItemIsEditable | flag.ItemIsUserCheckable
