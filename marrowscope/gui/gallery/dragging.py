"""Carrying selected cells to another heading: what hangs at the cursor meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QLabel

from marrowscope.gui.gallery.arranging import Group
from marrowscope.gui.gallery.calling import GalleryCalls
from marrowscope.gui.gallery.index import GroupIndex
from marrowscope.gui.gallery.pointing import WallPointing
from marrowscope.gui.gallery.wall import Wall
from marrowscope.workflow.step_names import cells_said

BESIDE = QPoint(14, 18)  # pixels from the cursor


class CellDrag(QObject):
    """Headings of the wall and rows of the index take cells; others say nothing."""

    def __init__(
        self,
        wall: Wall,
        index: GroupIndex,
        pointing: WallPointing,
        calls: GalleryCalls,
    ) -> None:
        super().__init__(wall)
        self._wall, self._index, self._calls = wall, index, calls
        self._label = QLabel(wall.window())
        self._label.setObjectName("card")
        self._label.hide()
        pointing.dragged.connect(self._on_dragged)
        pointing.dropped.connect(self._on_dropped)
        pointing.given_up.connect(self._end)

    def _over(self, screen: QPoint) -> int | None:
        """The group that would take the cells; None for none."""
        number = self._index.group_at(self._index.mapFromGlobal(screen))
        if number is None or not self._index.isVisible():
            number = self._wall.heading_under(screen)
        return number if number is not None and self._group(number).lines else None

    def _group(self, number: int) -> Group:
        return self._wall.desk.wall.groups[number]

    @Slot(QPoint)
    def _on_dragged(self, screen: QPoint) -> None:
        number = self._over(screen)
        self._wall.target = number
        self._index.show_target(number)
        self._wall.refresh()
        some = cells_said(len(self._wall.desk.session.selection))
        name = "" if number is None else f" to {self._group(number).name}"
        self._label.setText(f"{some}{name}")
        self._label.adjustSize()
        if self._label.parentWidget() is not self._wall.window():
            self._label.setParent(self._wall.window())
        place = self._wall.window().mapFromGlobal(screen) + BESIDE
        most = (
            self._wall.window().rect().bottomRight() - self._label.rect().bottomRight()
        )
        self._label.move(min(place.x(), most.x()), min(place.y(), most.y()))
        self._label.show()
        self._label.raise_()

    @Slot(QPoint)
    def _on_dropped(self, screen: QPoint) -> None:
        number = self._over(screen)
        self._end()
        if number is not None:
            self._calls.call(self._group(number).lines)

    @Slot()
    def _end(self) -> None:
        self._label.hide()
        self._wall.target = None
        self._index.show_target(None)
        self._wall.refresh()
