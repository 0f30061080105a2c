"""The list of headings beside the wall: a click scrolls there, a drop calls cells."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from marrowscope.gui.gallery.arranging import Group
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.headings import BAR, washed
from marrowscope.gui.layer_painting import draw_text, on_panel, text_width
from marrowscope.gui.theme import RELATED, SMALL, Appearance

ROW, WIDTH, MARGIN = 22, 188, 12  # pixels


class GroupIndex(QWidget):
    """A row for each group. `chosen` carries its number.

    Where there are more than fit, the wheel scrolls and the group in sight is kept
    among those shown.
    """

    chosen = Signal(int)

    def __init__(
        self, desk: GalleryDesk, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._appearance = desk, appearance
        self._first = 0
        self._current = self._hovered = -1
        self.target: int | None = None
        self.setFixedWidth(WIDTH)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Classes of the gallery")
        desk.arranged.connect(self._on_arranged)
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 8 * ROW)

    def show_current(self, group: int) -> None:
        """This group is in sight on the wall."""
        if group != self._current:
            self._current = group
            self._scroll_to(group)
            self.update()

    def show_target(self, group: int | None) -> None:
        """Cells are held over this group."""
        if group != self.target:
            self.target = group
            self.update()

    def group_at(self, point: QPoint) -> int | None:
        """The group whose row lies at a point of the list."""
        number = self._first + point.y() // ROW
        inside = self.rect().contains(point) and number < len(self._groups)
        return number if inside else None

    @property
    def _groups(self) -> tuple[Group, ...]:
        return self._desk.wall.groups

    @property
    def _most(self) -> int:
        return max(1, self.height() // ROW)

    def _scroll_to(self, group: int) -> None:
        low, high = group - self._most + 1, group
        self._first = min(max(self._first, low, 0), max(high, 0))

    @Slot()
    def _on_arranged(self) -> None:
        self._first = min(self._first, max(0, len(self._groups) - self._most))
        self.update()

    # Events ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.group_at(event.position().toPoint())
        if number is not None and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.group_at(event.position().toPoint())
        self._hovered = -1 if number is None else number
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = -1 if event.angleDelta().y() > 0 else 1
        most = max(0, len(self._groups) - self._most)
        self._first = min(max(self._first + step, 0), most)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.theme.panel)
        for row, group in enumerate(self._groups[self._first :]):
            if row * ROW > self.height():
                break
            area = QRectF(0, row * ROW, self.width(), ROW)
            self._paint_row(painter, area, self._first + row, group)
        painter.end()

    def _paint_row(
        self, painter: QPainter, area: QRectF, number: int, group: Group
    ) -> None:
        theme = self._appearance.theme
        inner = area.adjusted(4, 0, -4, 0)
        if number == self.target:
            painter.fillRect(inner, washed(theme.accent))
        elif number == self._current:
            painter.fillRect(inner, theme.raised)
        elif number == self._hovered:
            painter.fillRect(inner, theme.hover)
        mark = self._appearance.cells.of(group.lineage)
        colour = theme.faint if group.lineage == "none" else mark.colour
        bar = QRectF(MARGIN, area.top() + 5, BAR, ROW - 10)
        painter.fillRect(bar, on_panel(colour, theme))
        count = f"{group.count:,}"
        used = text_width(count, SMALL)
        left = MARGIN + BAR + RELATED
        room = QRectF(left, area.top(), self.width() - left - MARGIN, ROW)
        draw_text(painter, room, count, size=SMALL, colour=theme.quiet, right=True)
        room.setWidth(room.width() - used - RELATED)
        folded = group.id in self._desk.folded
        name = theme.quiet if folded else theme.text
        draw_text(painter, room, group.name, size=SMALL, colour=name)
