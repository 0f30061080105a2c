"""One layer of the differential as a table: name, percent, count, interval."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from marrowscope.gui.differential_panel.model import LayerTable
from marrowscope.gui.differential_panel.row_painting import Columns, Look, draw_line
from marrowscope.gui.differential_panel.table_layout import (
    Printed,
    PrintedLine,
    printed_lines,
    spoken,
)
from marrowscope.gui.theme import Appearance


class LayerTableView(QWidget):
    """Paints one LayerTable; a click on an inseparable row prints its lines."""

    def __init__(
        self, appearance: Appearance, *, solid: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._solid = solid
        self._table: LayerTable | None = None
        self._lines: list[PrintedLine] = []
        self._columns = Columns(0, 0, 0)
        self._opened: frozenset[int] = frozenset()
        self._hovered = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        """What is printed now, top to bottom."""
        return tuple(self._lines)

    def show_table(self, table: LayerTable) -> None:
        """Paint this table from now on; opened rows stay open."""
        if table == self._table:
            return
        self._table = table
        self._columns = Columns.of(table, solid=self._solid)
        self.setAccessibleName(table.heading)
        self.setAccessibleDescription(spoken(table))
        self._lay_out()

    def open_row(self, index: int) -> None:
        """Print the lines of an inseparable row one by one, or hide them again."""
        self._opened ^= {index}
        self._lay_out()

    def _lay_out(self) -> None:
        self._lines = printed_lines(self._table, self._opened) if self._table else []
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, self._lines[-1].bottom if self._lines else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = Look(
            self._appearance.theme,
            self._appearance.cells,
            self._solid,
            self._columns,
        )
        for line in self._lines:
            area = QRectF(0, line.top, self.width(), line.kind.height)
            if not area.intersects(QRectF(event.rect())):
                continue
            hovered = bool(line.row and line.row.parts and line.index == self._hovered)
            draw_line(
                painter, area, line, look=look, opened=line.index in self._opened,
                hovered=hovered,
            )  # fmt: skip
        painter.end()

    def _line_at(self, point: QPoint) -> PrintedLine | None:
        return next((x for x in self._lines if x.top <= point.y() < x.bottom), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint())
        opens = line is not None and line.row is not None and bool(line.row.parts)
        hovered = line.index if line and opens else -1
        if hovered != self._hovered:
            self._hovered = hovered
            hand = Qt.CursorShape.PointingHandCursor
            self.setCursor(hand if opens else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and line and line.row and line.row.parts:
            self.open_row(line.index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Copy table", self.copy)
        menu.exec(event.globalPos())

    def copy(self) -> None:
        """Put the table on the clipboard, columns parted by tabs."""
        if self._table:
            QGuiApplication.clipboard().setText(spoken(self._table))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self._line_at(event.pos())
            text = line.text if line and line.kind is not Printed.HEADING else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
